import { expect, test } from "vitest"
import { soon, testActor, testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import { followed, reached, registry, request, smallImage, statesOf } from "./jobs.fixture.ts"

const forever = Number.POSITIVE_INFINITY

test("fault 24: a job whose host asks for a long pause waits until then, its place is free for others meanwhile, and it goes on by itself", async () => {
  const limited = await registry({ images: { "team/app:1": smallImage("limited") } })
  const free = await registry({ images: { "team/app:1": smallImage("free") } })
  const target = await registry()
  const rule = limited.fail("HEAD manifest", { as: "status", status: 429, headers: { "retry-after": "2" }, times: forever })
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 1 }), { patienceMs: 200 })
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const job = await jobs.start(actor, request(limited, target, "team/app:1"))
  const waiting = await reached(runtime, job.id, "waiting")
  expect(waiting.waitReason).toBe("rate_limit")
  expect(waiting.waitUntil ?? 0).toBeGreaterThan(Date.now() + 500)
  expect(waiting.waitUntil ?? 0).toBeLessThanOrEqual(Date.now() + 2000)
  const other = await jobs.start(
    actor,
    request(free, target, "team/app:1", { targetImage: "free/app:1", target: { address: target.host } }),
  )
  expect(await jobs.ended(actor, other.id, soon())).toMatchObject({ state: "succeeded" })
  expect((await jobs.get(actor, job.id)).state).toBe("waiting")
  rule.remove()
  const events = await followed(runtime, actor, job.id)
  expect(statesOf(events)).toEqual(["queued", "running", "waiting", "queued", "running", "succeeded"])
  expect(Date.now()).toBeGreaterThanOrEqual(waiting.waitUntil ?? 0)
  expect(events.flatMap(({ event }) => (event.type === "log" ? [event.message] : []))).toEqual([
    expect.stringMatching(/^127\.0\.0\.1:\d+ (limits the rate of requests|asks us to wait .*)$/),
  ])
})

test("fault 24: a waiting job that is retried asks no host that wants to be left alone, and can be cancelled", async () => {
  const limited = await registry({ images: { "team/app:1": smallImage("limited") } })
  const target = await registry()
  limited.fail("HEAD manifest", { as: "status", status: 429, headers: { "retry-after": "600" }, times: forever })
  const runtime = await testRuntime(undefined, { patienceMs: 200 })
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const job = await jobs.start(actor, request(limited, target, "team/app:1"))
  const { waitUntil } = await reached(runtime, job.id, "waiting")
  const asked = limited.requests.length
  await jobs.retry(actor, job.id)
  await expect.poll(async () => (await jobs.get(actor, job.id)).attempts).toBe(2)
  const again = await reached(runtime, job.id, "waiting")
  expect(Math.abs((again.waitUntil ?? 0) - (waitUntil ?? 0))).toBeLessThan(10_000)
  expect(limited.requests.length).toBe(asked)
  expect(await jobs.cancel(actor, job.id)).toMatchObject({ state: "cancelled", waitReason: null, waitUntil: null })
})
