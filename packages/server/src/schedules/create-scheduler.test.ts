import { describe, expect, test } from "vitest"
import { createRuntime } from "../runtime/create-runtime.ts"
import { impatient, silentLog, testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import { person } from "../targets/targets.fixture.ts"
import { createScheduleService } from "./create-schedule-service.ts"
import { createScheduler, type Scheduler } from "./create-scheduler.ts"
import type { ScheduleInput } from "./schedule-service.ts"

const minute = 60_000
const hour = 60 * minute
/** Far ahead, so that the scheduler of the runtime, which goes by the clock of the system, finds nothing due. */
const noon = Date.parse("2126-11-21T12:00:00Z")
/** Refuses connections. */
const nowhere = "127.0.0.1:1"
const admin = person(1, "admin")
const hourly: ScheduleInput = { name: "hourly", cron: "0 * * * *", request: { image: `${nowhere}/team/app:1` } }

/** A runtime that runs nothing by itself, a scheduler over it, and a clock that stands. */
async function scheduling() {
  const clock = { now: noon + minute }
  const configuration = testConfiguration(await testDirectory(), { defaultTarget: { address: `${nowhere}/mirror` } })
  const runtime = await testRuntime(configuration)
  const lines: string[] = []
  const write = (fields: object, message: string) => {
    lines.push(`${JSON.stringify(fields)} ${message}`)
  }
  const log = { debug: write, info: write, warn: write, error: write }
  const { database, services } = runtime
  const another = (ahead = 0): Scheduler =>
    createScheduler({ stores: database, jobs: services.jobs, log, now: () => clock.now + ahead })
  const schedules = createScheduleService({ stores: database, jobs: services.jobs, log, now: () => clock.now })
  const jobs = async () => (await services.jobs.list(admin, { limit: 99 })).jobs
  return { clock, runtime, configuration, scheduler: another(), another, schedules, jobs, lines }
}

describe("a tick", () => {
  test("becomes one job when it has come, and the next tick another", async () => {
    const { clock, scheduler, schedules, jobs } = await scheduling()
    const { id } = await schedules.create(admin, hourly)
    expect(await scheduler.pass()).toEqual([])
    clock.now = noon + hour - 1
    expect(await scheduler.pass()).toEqual([])
    clock.now = noon + hour
    const [job] = await scheduler.pass()
    expect(job).toMatchObject({ ownerId: 1, source: `${nowhere}/team/app:1`, target: `${nowhere}/mirror/127.0.0.1_1/team/app:1` })
    expect(await scheduler.pass()).toEqual([])
    expect(await schedules.get(admin, id)).toMatchObject({ lastAt: noon + hour, nextAt: noon + 2 * hour })
    clock.now = noon + 2 * hour + 5000
    expect(await scheduler.pass()).toHaveLength(1)
    expect(await jobs()).toHaveLength(2)
  })

  test("fault 38: of two schedulers on one database one makes the job", async () => {
    const { clock, schedules, another, jobs } = await scheduling()
    for (let n = 0; n < 5; n++) await schedules.create(admin, { ...hourly, name: `s${n}` })
    const all = Array.from({ length: 4 }, () => another())
    for (const tick of [1, 2, 3]) {
      clock.now = noon + tick * hour
      const made = (await Promise.all(all.map((scheduler) => scheduler.pass()))).flat()
      expect(made).toHaveLength(5)
      expect(await jobs()).toHaveLength(5 * tick)
    }
  })

  test("fault 38: also where each has connections of its own", async () => {
    const { clock, schedules, another, jobs, configuration } = await scheduling()
    await schedules.create(admin, hourly)
    const other = await createRuntime(
      { ...configuration, listen: { host: "127.0.0.1", port: 8081 } },
      { log: silentLog, ...impatient },
    )
    try {
      const theirs = createScheduler({
        stores: other.database,
        jobs: other.services.jobs,
        log: silentLog,
        now: () => clock.now,
      })
      for (let tick = 1; tick <= 10; tick++) {
        clock.now = noon + tick * hour
        const made = await Promise.all([another().pass(), theirs.pass(), another().pass(), theirs.pass()])
        expect(made.flat(), `tick ${tick}`).toHaveLength(1)
      }
      expect(await jobs()).toHaveLength(10)
    } finally {
      await other.close()
    }
  })

  test("fault 40: is made once by machines whose clocks differ by a minute", async () => {
    const { clock, schedules, another, jobs } = await scheduling()
    await schedules.create(admin, hourly)
    const [early, right, late] = [another(minute), another(), another(-minute)]
    for (clock.now = noon + 2 * minute; clock.now < noon + 3 * hour - 2 * minute; clock.now += 30_000) {
      for (const scheduler of [early, right, late]) await scheduler.pass()
    }
    expect(await jobs()).toHaveLength(2)
  })

  test("that was missed is made up for within an hour, the newest only", async () => {
    const { clock, schedules, scheduler, jobs } = await scheduling()
    await schedules.create(admin, { ...hourly, cron: "*/10 * * * *" })
    const { id } = await schedules.create(admin, { ...hourly, name: "daily", cron: "0 13 * * *" })
    clock.now = noon + 3 * hour + minute
    expect(await scheduler.pass()).toHaveLength(1)
    expect(await scheduler.pass()).toEqual([])
    expect(await schedules.get(admin, id)).toMatchObject({ lastAt: null, nextAt: noon + 25 * hour })
    expect(await jobs()).toHaveLength(1)
    expect((await schedules.list(admin)).map(({ lastAt }) => lastAt)).toEqual([noon + 3 * hour, null])
  })

  test("from before the schedule was made, changed or enabled is not its own", async () => {
    const { clock, schedules, scheduler } = await scheduling()
    const { id } = await schedules.create(admin, { ...hourly, enabled: false })
    clock.now = noon + hour + minute
    expect(await scheduler.pass()).toEqual([])
    expect((await schedules.get(admin, id)).nextAt).toBeNull()
    await schedules.update(admin, id, { enabled: true })
    expect(await scheduler.pass()).toEqual([])
    await schedules.update(admin, id, { cron: "1 13 * * *" })
    expect(await scheduler.pass()).toEqual([])
    clock.now = noon + 25 * hour + minute
    expect(await scheduler.pass()).toHaveLength(1)
  })

  test("whose owner may start no jobs any more makes none, and that is said once", async () => {
    const { clock, runtime, schedules, scheduler, jobs } = await scheduling()
    const { users } = runtime.database
    const ann = await users.create({ name: "ann", role: "operator", passwordHash: null }, 0)
    await schedules.create(person(ann.id, "operator"), hourly)
    await users.update(ann.id, { role: "viewer" }, 1)
    clock.now = noon + hour
    for (let n = 0; n < 3; n++) expect(await scheduler.pass()).toEqual([])
    await users.update(ann.id, { role: "operator", disabled: true }, 2)
    clock.now = noon + 2 * hour
    expect(await scheduler.pass()).toEqual([])
    const audit = (await runtime.database.audit.list({ limit: 9 })).filter(({ outcome }) => outcome === "refused")
    expect(audit.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      "schedule.run hourly (1): the account that made the schedule hourly has ended",
      "schedule.run hourly (1): ann, who made the schedule hourly, may start no jobs any more",
    ])
    await users.update(ann.id, { disabled: false }, 3)
    expect(await scheduler.pass()).toHaveLength(1)
    expect(await jobs()).toHaveLength(1)
  })

  test("of a schedule whose target went out of reach leaves the others alone", async () => {
    const { clock, runtime, schedules, scheduler } = await scheduling()
    const ann = await runtime.database.users.create({ name: "ann", role: "operator", passwordHash: null }, 0)
    const { targets } = runtime.services
    const target = await targets.create(admin, { name: "t", address: nowhere, shared: true })
    await schedules.create(person(ann.id, "operator"), { ...hourly, targetId: target.id })
    await schedules.create(admin, { ...hourly, name: "other" })
    await targets.update(admin, target.id, target.version, { shared: false })
    clock.now = noon + hour
    const made = await scheduler.pass()
    expect(made.map(({ ownerId }) => ownerId)).toEqual([1])
  })
})

test("looks by itself until it is stopped, and a database that fails does not end it", async () => {
  const { clock, runtime, schedules, lines } = await scheduling()
  await schedules.create(admin, hourly)
  let failing = true
  const stores = {
    ...runtime.database,
    schedules: new Proxy(runtime.database.schedules, {
      get: (store, name: "list") => {
        if (name === "list" && failing) throw new Error("disk full")
        return store[name].bind(store)
      },
    }),
  }
  const write = (_fields: object, message: string) => {
    lines.push(message)
  }
  const scheduler = createScheduler({
    stores,
    jobs: runtime.services.jobs,
    log: { ...silentLog, error: write },
    now: () => clock.now,
    everyMs: 5,
  })
  clock.now = noon + hour
  scheduler.start()
  await expect.poll(() => lines.includes("schedules could not be looked at")).toBe(true)
  failing = false
  await expect.poll(async () => (await runtime.services.jobs.list(admin, { limit: 9 })).jobs.length).toBe(1)
  await scheduler.stop()
  clock.now = noon + 2 * hour
  const made = await scheduler.pass()
  expect(made).toHaveLength(1)
})
