import type { IncomingHttpHeaders } from "node:http"
import type { Database, NewJob } from "@entrepot/db/stores"
import { expect, test } from "vitest"
import { person } from "../targets/targets.fixture.ts"
import { pausesMs } from "./retry-plan.ts"
import { openTestWebhooks, type Reply, receiver } from "./webhooks.fixture.ts"

const admin = person(1, "admin")
const events = ["job.succeeded", "job.failed"] as const
const minute = 60_000
/** On a busy machine too. */
const soon = { timeout: 10_000, interval: 5 }
/** As long as none of the plan's pauses, so that a claim is not taken for one. */
const leaseMs = 31_000

const newJob = (source: string): NewJob => ({
  ...{ ownerId: 1, source, target: `127.0.0.1:9/mirror/${source}`, sourceHost: "docker.io", targetHost: "127.0.0.1:9" },
  ...{ request: { source: "", target: "", engine: "direct" }, priority: 0 },
})

/** The oldest job in the queue ends. */
async function endJob({ jobs }: Pick<Database, "jobs">, at: number, state: "succeeded" | "failed" = "succeeded") {
  const lease = await jobs.claim({ runnerId: "one", now: at })
  if (!lease) throw new Error("there is no job")
  await jobs.finish(lease, { at, state, events: [] })
}

const idOf = (body: string): number => JSON.parse(body).data.job_id

test("the end of a job is told at once", async () => {
  await using ours = await receiver()
  await using test = await openTestWebhooks({ publicUrl: "https://entrepot.example.com" })
  await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, secret: "secret", events })
  const [job] = await test.stores.jobs.create([newJob("nginx:1")], test.clock.now)
  await endJob(test.stores, test.clock.now)
  await ours.arrived(1)
  const [{ headers, body } = { headers: {} as IncomingHttpHeaders, body: "" }] = ours.received
  expect(headers["content-type"]).toBe("application/json; charset=utf-8")
  expect(headers["webhook-signature"]).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/)
  expect(JSON.parse(body)).toMatchObject({
    type: "job.succeeded",
    data: { job_id: job?.id, source: "nginx:1", url: `https://entrepot.example.com/jobs/${job?.id}` },
  })
})

test("a batch speaks once for all its jobs", async () => {
  await using ours = await receiver()
  await using test = await openTestWebhooks()
  await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, events })
  const children = ["a:1", "b:1", "c:1"].map(newJob)
  await test.stores.jobs.createBatch({ ownerId: 1, priority: 0, title: "three", children }, test.clock.now)
  for (const state of ["succeeded", "failed", "succeeded"] as const) await endJob(test.stores, test.clock.now, state)
  await test.stores.jobs.create([newJob("last:1")], test.clock.now)
  await endJob(test.stores, test.clock.now)
  await ours.arrived(2)
  const told = ours.received.map(({ body }) => JSON.parse(body))
  expect(told.map(({ type, data }) => [type, data.source, data.jobs])).toEqual([
    ["job.failed", "three", { succeeded: 2, failed: 1, cancelled: 0 }],
    ["job.succeeded", "last:1", null],
  ])
})

test("a message is tried again after the plan's pauses, with the same id, until it is taken", async () => {
  await using ours = await receiver({ status: 500 }, { status: 429 }, { status: 503 }, {})
  await using test = await openTestWebhooks({ leaseMs })
  const { id } = await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, events })
  const first = await test.service.test(admin, id)
  expect(first).toMatchObject({ state: "pending", attempts: 1, status: 500, error: "status: the receiver answered HTTP 500" })
  const store = test.stores.webhooks
  for (const [attempt, pauseMs] of pausesMs.slice(0, 3).entries()) {
    await expect.poll(() => store.nextDue(), soon).toBe(test.clock.now + pauseMs)
    test.clock.now += pauseMs
    test.another({ leaseMs })
    await ours.arrived(attempt + 2)
  }
  await expect
    .poll(() => store.delivery(first.id), soon)
    .toMatchObject({ state: "delivered", attempts: 4, status: 200, error: null })
  expect(new Set(ours.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1)
  expect(new Set(ours.received.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(4)
})

test("after the last try a message has failed, and is sent again by hand", async () => {
  await using ours = await receiver({ status: 500 })
  await using test = await openTestWebhooks({ leaseMs })
  const { id } = await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, events })
  const { id: delivery } = await test.service.test(admin, id)
  for (const pauseMs of pausesMs) {
    const sent = ours.received.length
    await expect.poll(() => test.stores.webhooks.nextDue(), soon).toBe(test.clock.now + pauseMs)
    test.clock.now += pauseMs
    test.another({ leaseMs })
    await ours.arrived(sent + 1)
  }
  await expect
    .poll(() => test.stores.webhooks.delivery(delivery), soon)
    .toMatchObject({ state: "failed", attempts: 7, nextAt: null })
  expect(await test.service.redeliver(admin, delivery)).toMatchObject({ state: "pending", attempts: 0 })
  await ours.arrived(8)
})

test("what a receiver refuses for good is not sent again, and what waits behind it is", async () => {
  await using ours = await receiver({ status: 400 }, {})
  await using test = await openTestWebhooks()
  const { id } = await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, events })
  expect(await test.service.test(admin, id)).toMatchObject({ state: "failed", attempts: 1, status: 400, nextAt: null })
  expect(await test.service.test(admin, id)).toMatchObject({ state: "delivered" })
})

test("Retry-After is heeded, for the messages behind as well", async () => {
  await using ours = await receiver({ status: 429, headers: { "retry-after": "90" } }, {})
  await using test = await openTestWebhooks()
  const { id } = await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, events })
  expect(await test.service.test(admin, id)).toMatchObject({ nextAt: test.clock.now + 90_000 })
  const { webhooks } = test.stores
  await webhooks.tellOne(id, "test", "{}", test.clock.now)
  expect(await webhooks.nextDue()).toBe(test.clock.now + 90_000)
  test.clock.now += 90_000
  test.another()
  await ours.arrived(3)
})

test("messages arrive in order, one at a time, over a short trouble too; another webhook does not wait for them", async () => {
  let answer: (reply: Reply) => void = () => undefined
  const held = new Promise<Reply>((resolve) => {
    answer = resolve
  })
  await using slow = await receiver(held, {})
  await using quick = await receiver()
  await using test = await openTestWebhooks()
  await test.service.create(admin, { name: "slow", format: "standard", url: slow.origin, events })
  await test.service.create(admin, { name: "quick", format: "standard", url: quick.origin, events })
  const jobs = await test.stores.jobs.create(["a:1", "b:1", "c:1"].map(newJob), test.clock.now)
  for (const _ of jobs) await endJob(test.stores, test.clock.now)
  await quick.arrived(3)
  expect(slow.received).toHaveLength(1)
  answer({ status: 503 })
  await expect.poll(() => test.stores.webhooks.nextDue(), soon).toBe(test.clock.now + 5000)
  expect(slow.received).toHaveLength(1)
  test.clock.now += 5000
  test.another()
  await slow.arrived(4)
  const ids = jobs.map(({ id }) => id)
  expect(quick.received.map(({ body }) => idOf(body))).toEqual(ids)
  expect(slow.received.map(({ body }) => idOf(body))).toEqual([ids[0], ...ids])
})

test("a bot that takes 20 messages a minute is sent one in three seconds", async () => {
  await using bot = await receiver({ body: '{"errcode":0}' })
  await using test = await openTestWebhooks()
  const { id } = await test.service.create(admin, { name: "bot", format: "wecom", url: bot.origin, events })
  expect(await test.service.test(admin, id)).toMatchObject({ state: "delivered" })
  await test.stores.webhooks.tellOne(id, "test", "{}", test.clock.now)
  expect(await test.stores.webhooks.nextDue()).toBe(test.clock.now + 3000)
  test.clock.now += 3000
  test.another()
  await bot.arrived(2)
})

test("what a killed process had in hand is sent by another when its lease has passed", async () => {
  await using ours = await receiver()
  await using test = await openTestWebhooks()
  const { id } = await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, events })
  await test.webhooks.stop(0)
  const { webhooks } = test.stores
  await webhooks.tellOne(id, "test", "{}", test.clock.now)
  // It dies here.
  await webhooks.claim(test.clock.now, 30_000, 4)
  test.another()
  expect(await webhooks.nextDue()).toBe(test.clock.now + 30_000)
  test.clock.now += 30_000
  test.another()
  const newest = async () => (await webhooks.deliveries({ limit: 1 }))[0]
  await expect.poll(newest, soon).toMatchObject({ state: "delivered", attempts: 2 })
  expect(ours.received).toHaveLength(1)
})

test("who stops puts back what has not ended in time", async () => {
  await using ours = await receiver(new Promise<Reply>(() => undefined), {})
  await using test = await openTestWebhooks({ patienceMs: 10 })
  const { id } = await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, events })
  await test.service.test(admin, id)
  await ours.arrived(1)
  await test.webhooks.stop(0)
  expect(await test.stores.webhooks.nextDue()).toBe(test.clock.now)
  test.another()
  await ours.arrived(2)
})

test("nothing is told a webhook that was switched off meanwhile, but a test", async () => {
  await using ours = await receiver({ status: 500 }, {})
  await using test = await openTestWebhooks()
  const { id } = await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, events })
  await test.stores.jobs.create([newJob("a:1")], test.clock.now)
  await endJob(test.stores, test.clock.now)
  await expect.poll(() => test.stores.webhooks.nextDue(), soon).toBe(test.clock.now + 5000)
  await test.service.update(admin, id, { enabled: false })
  test.clock.now += 5000
  test.another()
  const { webhooks } = test.stores
  const error = "disabled: the webhook is switched off"
  await expect.poll(async () => (await webhooks.deliveries({ limit: 1 }))[0], soon).toMatchObject({ state: "failed", error })
  expect(ours.received).toHaveLength(1)
  expect(await test.service.test(admin, id)).toMatchObject({ state: "delivered" })
})

test("deliveries are kept for thirty days", async () => {
  await using ours = await receiver()
  await using test = await openTestWebhooks()
  const { id } = await test.service.create(admin, { name: "ours", format: "standard", url: ours.origin, events })
  const old = await test.service.test(admin, id)
  test.clock.now += 20 * 1440 * minute
  const recent = await test.service.test(admin, id)
  test.clock.now += 11 * 1440 * minute
  test.another()
  await expect.poll(() => test.stores.webhooks.delivery(old.id), soon).toBeUndefined()
  expect(await test.stores.webhooks.delivery(recent.id)).toEqual(recent)
})
