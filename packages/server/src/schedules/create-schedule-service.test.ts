import { describe, expect, test } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import { soon, testActor, testRuntime } from "../runtime/runtime.fixture.ts"
import type { ScheduleInput } from "./schedule-service.ts"

/** Refuses connections. */
const nowhere = "127.0.0.1:1"
const notFound = { code: "not_found", message: "there is no such schedule" }

async function scheduling() {
  const runtime = await testRuntime()
  const admin = await testActor(runtime, "admin")
  const [ann, bob] = [await testActor(runtime, "operator", "ann"), await testActor(runtime, "operator", "bob")]
  const viewer = await testActor(runtime, "viewer")
  const { id: targetId } = await runtime.services.targets.create(ann, { name: "t", address: nowhere })
  const nightly: ScheduleInput = {
    name: "nightly",
    cron: "0 3 * * *",
    timeZone: "Asia/Shanghai",
    request: { image: `${nowhere}/team/app:1`, naming: "basename", platforms: ["linux/amd64"] },
    targetId,
  }
  return { runtime, ...runtime.services, admin, ann, bob, viewer, nightly }
}

test("a schedule is shown with what it asks for and when it comes next", async () => {
  const { schedules, ann, nightly } = await scheduling()
  const view = await schedules.create(ann, nightly)
  expect(view).toMatchObject({ ...nightly, ownerId: ann.userId, enabled: true, lastAt: null })
  expect(new Date(view.nextAt ?? 0).toISOString()).toMatch(/T19:00:00.000Z$/)
  expect((view.nextAt ?? 0) - Date.now()).toBeLessThanOrEqual(24 * 3_600_000)
  expect(await schedules.list(ann)).toEqual([view])
  expect(await schedules.get(ann, view.id)).toEqual(view)
  const paused = await schedules.update(ann, view.id, { enabled: false, name: "paused", timeZone: "UTC" })
  expect(paused).toMatchObject({ name: "paused", enabled: false, nextAt: null, timeZone: "UTC", request: nightly.request })
  await schedules.remove(ann, view.id)
  expect(await schedules.list(ann)).toEqual([])
})

test("S19: a login that somebody puts into the request is not kept", async () => {
  const { schedules, ann, nightly, runtime } = await scheduling()
  const login = { username: "u", password: "canary" }
  const request = { ...nightly.request, sourceLogin: login, target: { address: nowhere, ...login } }
  const { id } = await schedules.create(ann, { ...nightly, request })
  await schedules.update(ann, id, { request })
  expect(JSON.stringify(await runtime.database.schedules.get(id))).not.toContain("canary")
})

test("a run at once is a job of the schedule's owner, whoever asks for it", async () => {
  const { schedules, jobs, ann, admin, nightly, runtime } = await scheduling()
  const { id } = await schedules.create(ann, nightly)
  for (const actor of [ann, admin]) {
    const job = await schedules.runNow(actor, id)
    expect(job).toMatchObject({ ownerId: ann.userId, target: `${nowhere}/proxy/app:1`, targetId: nightly.targetId })
    expect(await jobs.ended(ann, job.id, soon())).toMatchObject({ state: "failed" })
  }
  const audit = await runtime.database.audit.list({ limit: 99 })
  expect(audit.filter(({ action }) => action === "schedule.run").map(({ actorName }) => actorName)).toEqual(["admin", "ann"])
  await runtime.database.users.update(ann.userId, { disabled: true }, 0)
  await expect(schedules.runNow(admin, id)).rejects.toMatchObject({
    code: "forbidden",
    message: "the account that made the schedule nightly has ended",
  })
  // Who is gone cannot keep it running: it can still be switched off.
  expect((await schedules.update(admin, id, { enabled: false })).enabled).toBe(false)
})

describe("whose schedules they are", () => {
  test("S13: a foreign schedule is not found, whatever is asked", async () => {
    const { schedules, ann, bob, nightly } = await scheduling()
    const { id } = await schedules.create(ann, nightly)
    for (const foreign of [id, 999]) {
      await expect(schedules.get(bob, foreign)).rejects.toMatchObject(notFound)
      await expect(schedules.update(bob, foreign, { enabled: false })).rejects.toMatchObject(notFound)
      await expect(schedules.remove(bob, foreign)).rejects.toMatchObject(notFound)
      await expect(schedules.runNow(bob, foreign)).rejects.toMatchObject(notFound)
    }
    expect(await schedules.list(bob)).toEqual([])
  })

  test("S13: a foreign target is not found, and an administrator's edit does not lend it", async () => {
    const { schedules, targets, admin, ann, bob, nightly } = await scheduling()
    const foreign = { code: "not_found", message: "there is no such target" }
    await expect(schedules.create(bob, nightly)).rejects.toMatchObject(foreign)
    const own = await targets.create(bob, { name: "own", address: nowhere })
    const { id } = await schedules.create(bob, { ...nightly, targetId: own.id })
    await expect(schedules.update(bob, id, { targetId: nightly.targetId })).rejects.toMatchObject(foreign)
    await expect(schedules.update(admin, id, { targetId: nightly.targetId })).rejects.toMatchObject(foreign)
    expect((await schedules.get(bob, id)).targetId).toBe(own.id)
    expect((await schedules.list(admin)).map(({ ownerId }) => ownerId)).toEqual([bob.userId])
    expect(ann.userId).not.toBe(bob.userId)
  })

  test("viewers see all and change none; a session with the default token sees nothing", async () => {
    const { schedules, admin, ann, viewer, nightly } = await scheduling()
    const { id } = await schedules.create(ann, nightly)
    expect(await schedules.list(viewer)).toHaveLength(1)
    expect((await schedules.get(viewer, id)).name).toBe("nightly")
    const changes = (actor: Actor) => [
      schedules.create(actor, nightly),
      schedules.update(actor, id, { enabled: false }),
      schedules.remove(actor, id),
      schedules.runNow(actor, id),
    ]
    for (const result of await Promise.allSettled(changes(viewer)))
      expect(result).toMatchObject({ reason: { code: "forbidden" } })
    const bare = { ...admin, mustChange: true }
    for (const result of await Promise.allSettled([schedules.list(bare), schedules.get(bare, id), ...changes(bare)])) {
      expect(result).toMatchObject({ reason: { code: "token_change_required" } })
    }
    expect((await schedules.get(ann, id)).enabled).toBe(true)
  })
})

test.each([
  [{ name: "" }, "a schedule has a name of 1 to 100 printable characters"],
  [{ name: "a\nb" }, "a schedule has a name of 1 to 100 printable characters"],
  [
    { cron: "every day" },
    "this is no cron expression: it has five fields, minute, hour, day, month and weekday, as in 0 3 * * *",
  ],
  [{ timeZone: "Mars/Base" }, "this time zone is not known; Asia/Shanghai is one"],
  [{ request: { image: "Nginx" } }, '"Nginx" is not an image name: repository names are lowercase'],
  [{ request: { image: "nginx", priority: 5 } }, "only administrators may put a job before others"],
  [{ request: { image: "nginx", naming: "{x}" } }, "a naming template has no field {x}"],
])("%j is refused, at first and as a change", async (wrong, message) => {
  const { schedules, ann, nightly } = await scheduling()
  await expect(schedules.create(ann, { ...nightly, ...wrong })).rejects.toMatchObject({ message })
  expect(await schedules.list(ann)).toEqual([])
  const { id, cron } = await schedules.create(ann, nightly)
  await expect(schedules.update(ann, id, wrong)).rejects.toMatchObject({ message })
  await expect(schedules.update(ann, id, { ...wrong, enabled: false })).rejects.toMatchObject({ message })
  expect((await schedules.get(ann, id)).cron).toBe(cron)
})
