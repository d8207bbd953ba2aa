import { expect, test } from "vitest"
import { reached, registry, request, smallImages } from "../jobs/jobs.fixture.ts"
import { soon, testActor, testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import type { Log, Runtime } from "../runtime/runtime.ts"
import type { SettingsChanges } from "./settings-service.ts"

const forever = Number.POSITIVE_INFINITY
const key = "settings"

/** A runtime whose jobs are all under way until their source is told to go on. */
async function busyRuntime(jobs: Parameters<typeof testConfiguration>[1] = {}) {
  const source = await registry({ images: smallImages(4) })
  const target = await registry()
  const stall = source.fail("GET blob", { as: "drip", bytesPerSecond: 100, times: forever })
  const runtime = await testRuntime(testConfiguration(await testDirectory(), jobs))
  const admin = await testActor(runtime, "admin")
  const start = (app: number) => runtime.services.jobs.start(admin, request(source, target, `team/app-${app}:1`))
  return { runtime, admin, start, goOn: () => stall.remove() }
}

async function statesIn({ database }: Runtime, ids: readonly number[]) {
  return Promise.all(ids.map(async (id) => (await database.jobs.get(id))?.state))
}

test("what is configured is in force until something is saved, and again when that is forgotten", async () => {
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 3, perOwner: 2, limitRate: 5000 }))
  const admin = await testActor(runtime, "admin")
  const { settings } = runtime.services
  const configured = {
    jobConcurrency: { value: 3, configured: 3, saved: false },
    jobsPerOwner: { value: 2, configured: 2, saved: false },
    limitRate: { value: 5000, configured: 5000, saved: false },
    keepDays: { value: null, configured: null, saved: false },
  }
  expect(await settings.get(admin)).toEqual(configured)
  const changed = {
    jobConcurrency: { value: 8, configured: 3, saved: true },
    jobsPerOwner: { value: null, configured: 2, saved: true },
    limitRate: { value: 5000, configured: 5000, saved: true },
    keepDays: { value: 30, configured: null, saved: true },
  }
  expect(await settings.update(admin, { jobConcurrency: 8, jobsPerOwner: null, limitRate: 5000, keepDays: 30 })).toEqual(changed)
  expect(await settings.update(admin, {})).toEqual(changed)
  expect(await settings.update(admin, { jobConcurrency: "configured", jobsPerOwner: "configured" })).toEqual({
    ...changed,
    jobConcurrency: configured.jobConcurrency,
    jobsPerOwner: configured.jobsPerOwner,
  })
  expect(await settings.update(admin, { limitRate: "configured", keepDays: "configured" })).toEqual(configured)
})

test("a change stands in the audit log, and one that was refused does not", async () => {
  const runtime = await testRuntime()
  const admin = await testActor(runtime, "admin")
  await runtime.services.settings.update(admin, { jobConcurrency: 8, limitRate: null, keepDays: "configured" })
  await expect(runtime.services.settings.update(admin, { jobConcurrency: 100 })).rejects.toThrow()
  await runtime.services.settings.update(admin, {})
  const [entry, ...rest] = await runtime.database.audit.list({ limit: 10 })
  expect(rest).toEqual([])
  expect(entry).toMatchObject({
    actorName: "admin",
    action: "settings.update",
    subject: "jobConcurrency=8 limitRate=unlimited keepDays=configured",
    outcome: "ok",
  })
})

test.each([
  [{ jobConcurrency: 0 }, "jobConcurrency is out of bounds"],
  [{ jobConcurrency: 65 }, "jobConcurrency is out of bounds"],
  [{ jobConcurrency: 1.5 }, "jobConcurrency is out of bounds"],
  [{ jobConcurrency: null }, "jobConcurrency is out of bounds"],
  [{ jobsPerOwner: 0 }, "jobsPerOwner is out of bounds"],
  [{ limitRate: 1023 }, "limitRate is out of bounds"],
  [{ limitRate: Number.NaN }, "limitRate is out of bounds"],
  [{ limitRate: Number.POSITIVE_INFINITY }, "limitRate is out of bounds"],
  [{ keepDays: 0 }, "keepDays is out of bounds"],
  [{ keepDays: 36_501 }, "keepDays is out of bounds"],
  [{ keepDays: "never" }, "keepDays is out of bounds"],
  [{ jobConcurrency: 2, constructor: 1 }, "there is no such setting"],
])("%j is refused as a whole: %s", async (changes, message) => {
  const runtime = await testRuntime()
  const admin = await testActor(runtime, "admin")
  const before = await runtime.services.settings.get(admin)
  await expect(runtime.services.settings.update(admin, changes as SettingsChanges)).rejects.toMatchObject({
    code: "invalid",
    message,
  })
  expect(await runtime.services.settings.get(admin)).toEqual(before)
})

test("S13: they are administrators' alone", async () => {
  const runtime = await testRuntime()
  for (const actor of [await testActor(runtime, "operator"), await testActor(runtime, "viewer")]) {
    await expect(runtime.services.settings.get(actor)).rejects.toMatchObject({ code: "forbidden" })
    await expect(runtime.services.settings.update(actor, { keepDays: 1 })).rejects.toMatchObject({ code: "forbidden" })
  }
  expect(await runtime.database.config.get(key)).toBeUndefined()
})

test("more jobs run as soon as more may, and those that run go on when fewer may", async () => {
  const { runtime, admin, start, goOn } = await busyRuntime({ concurrency: 1 })
  const [first, second, third] = [await start(0), await start(1), await start(2)]
  const ids = [first.id, second.id, third.id]
  await reached(runtime, first.id, "running")
  expect(await statesIn(runtime, ids)).toEqual(["running", "queued", "queued"])
  await runtime.services.settings.update(admin, { jobConcurrency: 2 })
  await reached(runtime, second.id, "running")
  await runtime.services.settings.update(admin, { jobConcurrency: 1 })
  expect(await statesIn(runtime, ids)).toEqual(["running", "running", "queued"])
  await runtime.services.jobs.cancel(admin, first.id)
  await reached(runtime, first.id, "cancelled")
  expect(await statesIn(runtime, ids)).toEqual(["cancelled", "running", "queued"])
  goOn()
  for (const id of [second.id, third.id]) await runtime.services.jobs.ended(admin, id, soon())
})

test("more jobs of one owner run as soon as more may", async () => {
  const { runtime, admin, start } = await busyRuntime({ concurrency: 4, perOwner: 1 })
  const [first, second] = [await start(0), await start(1)]
  await reached(runtime, first.id, "running")
  expect(await statesIn(runtime, [second.id])).toEqual(["queued"])
  await runtime.services.settings.update(admin, { jobsPerOwner: null })
  await reached(runtime, second.id, "running")
})

test("a running job goes on at the new rate", async () => {
  const source = await registry({ images: smallImages(1) })
  const target = await registry()
  // At this rate the image would take more than the test may.
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { limitRate: 1024 }))
  const admin = await testActor(runtime, "admin")
  const job = await runtime.services.jobs.start(admin, request(source, target, "team/app-0:1"))
  await expect.poll(() => source.count("GET blob"), { timeout: 10_000 }).toBeGreaterThan(0)
  await runtime.services.settings.update(admin, { limitRate: null })
  expect(await runtime.services.jobs.ended(admin, job.id, soon())).toMatchObject({ state: "succeeded" })
})

test("old jobs are forgotten once it is said how old is too old", async () => {
  const source = await registry({ images: smallImages(1) })
  const target = await registry()
  let ahead = 0
  const runtime = await testRuntime(undefined, { now: () => Date.now() + ahead, heartbeatMs: 20 })
  const admin = await testActor(runtime, "admin")
  const job = await runtime.services.jobs.start(admin, request(source, target, "team/app-0:1"))
  await runtime.services.jobs.ended(admin, job.id, soon())
  ahead = 3 * 86_400_000
  await runtime.services.settings.update(admin, { keepDays: 2 })
  await expect.poll(() => runtime.database.jobs.get(job.id), { timeout: 10_000 }).toBeUndefined()
})

test("what is saved holds after a restart", async () => {
  const configuration = testConfiguration(await testDirectory(), { concurrency: 2 })
  const before = await testRuntime(configuration)
  await before.services.settings.update(await testActor(before, "admin"), { jobConcurrency: 5, limitRate: 2048 })
  await before.close()
  const after = await testRuntime(configuration)
  expect(await after.services.settings.get(await testActor(after, "admin"))).toMatchObject({
    jobConcurrency: { value: 5, configured: 2, saved: true },
    limitRate: { value: 2048, configured: null, saved: true },
    keepDays: { value: null, saved: false },
  })
})

test.each(["{", "null", "[]", '"8"', '{"jobConcurrency":0}', '{"jobConcurrency":"8"}', '{"keepDays":0}', '{"limitRate":1}'])(
  "saved as %s, which nobody could have, it is said and passed over, and can be saved anew",
  async (text) => {
    const warnings: string[] = []
    const log: Log = { debug() {}, info() {}, error() {}, warn: (_, message) => warnings.push(message) }
    const configuration = testConfiguration(await testDirectory(), { concurrency: 2 })
    const before = await testRuntime(configuration)
    await before.database.config.set(key, text, 0)
    await before.close()
    const runtime = await testRuntime(configuration, { log })
    const admin = await testActor(runtime, "admin")
    const { settings } = runtime.services
    expect(await settings.get(admin)).toMatchObject({ jobConcurrency: { value: 2, saved: false }, keepDays: { value: null } })
    expect(warnings).toEqual(["the saved settings cannot be read: what is configured holds"])
    await settings.update(admin, { jobConcurrency: 7 })
    expect(await runtime.database.config.get(key)).toBe('{"jobConcurrency":7}')
  },
)

test("a process takes over what another one saves, and both keep what the other changed", async () => {
  const configuration = testConfiguration(await testDirectory(), { concurrency: 1 })
  const source = await registry({ images: smallImages(2) })
  const target = await registry()
  source.fail("GET blob", { as: "drip", bytesPerSecond: 100, times: forever })
  const worker = await testRuntime(configuration)
  const admin = await testActor(worker, "admin")
  const start = (app: number) => worker.services.jobs.start(admin, request(source, target, `team/app-${app}:1`))
  const [first, second] = [await start(0), await start(1)]
  await reached(worker, first.id, "running")
  const other = await testRuntime({ ...configuration, jobs: { ...configuration.jobs, concurrency: 1 } })
  // Both places of the two processes are for the worker's: the other one has a single one, and takes the second job.
  await reached(other, second.id, "running")
  const third = await worker.services.jobs.start(
    admin,
    request(source, target, "team/app-0:1", { targetImage: `${target.host}/x:1` }),
  )
  await Promise.all([
    other.services.settings.update(admin, { keepDays: 9 }),
    worker.services.settings.update(admin, { limitRate: 4096 }),
    other.services.settings.update(admin, { jobsPerOwner: 60 }),
  ])
  expect(JSON.parse((await worker.database.config.get(key)) ?? "")).toEqual({ keepDays: 9, limitRate: 4096, jobsPerOwner: 60 })
  await other.drain(0)
  await other.services.settings.update(admin, { jobConcurrency: 4 })
  await reached(worker, third.id, "running")
})
