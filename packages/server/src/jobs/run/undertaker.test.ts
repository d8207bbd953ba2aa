import { expect, test } from "vitest"
import { silentLog, soon, testActor, testConfiguration, testDirectory, testRuntime } from "../../runtime/runtime.fixture.ts"
import { reached, registry, request, smallImage } from "../jobs.fixture.ts"
import { forgetOldJobs } from "./forget-old-jobs.ts"
import { Undertaker } from "./undertaker.ts"

test("a process elsewhere is gone when nothing was heard of it for a lease by our own clock, whatever its clock says", async () => {
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 0 }))
  const { jobs } = runtime.database
  let now = 0
  const undertaker = new Undertaker({ id: "ours", jobs, leaseMs: 30_000, log: silentLog, now: Date.now, monotonic: () => now })
  const known = async () => (await jobs.runners()).map(({ id }) => id).filter((id) => id.startsWith("elsewhere"))
  await jobs.heartbeat("elsewhere/fast", 1_000_000)
  await jobs.heartbeat("elsewhere/slow", Date.now() + 300_000)
  await undertaker.buryDead()
  now = 29_999
  await jobs.heartbeat("elsewhere/fast", 1_000_001)
  await undertaker.buryDead()
  expect(await known()).toEqual(["elsewhere/fast", "elsewhere/slow"])
  now = 30_000
  await undertaker.buryDead()
  expect(await known()).toEqual(["elsewhere/fast"])
  now = 59_999
  await undertaker.buryDead()
  expect(await known()).toEqual([])
})

test("jobs that ended long ago are forgotten, open ones and newer ones are not", async () => {
  const source = await registry({ images: { "team/app:1": smallImage("old") } })
  const target = await registry()
  const runtime = await testRuntime()
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const old = await jobs.start(actor, request(source, target, "team/app:1"))
  const { endedAt } = await jobs.ended(actor, old.id, soon())
  source.fail("HEAD manifest", { as: "stall", times: Number.POSITIVE_INFINITY })
  const open = await jobs.start(actor, request(source, target, "team/app:1"))
  await reached(runtime, open.id, "running")
  expect(await forgetOldJobs(runtime.database.jobs, endedAt ?? 0, Date.now)).toBe(0)
  expect(await forgetOldJobs(runtime.database.jobs, Date.now() + 1000, Date.now)).toBe(1)
  expect((await jobs.list(actor, { limit: 10 })).jobs.map(({ id }) => id)).toEqual([open.id])
})
