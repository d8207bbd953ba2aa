import type { StoredEvent } from "@entrepot/db/stores"
import { image } from "@entrepot/testing"
import { expect, test } from "vitest"
import type { Actor } from "../../accounts/actor.ts"
import { soon, testActor, testConfiguration, testDirectory, testRuntime } from "../../runtime/runtime.fixture.ts"
import type { Runtime } from "../../runtime/runtime.ts"
import type { FollowedEvent, QueueEvent } from "../job-service.ts"
import { followed, reached, registry, request, smallImage, smallImages, statesOf } from "../jobs.fixture.ts"

const forever = Number.POSITIVE_INFINITY

/** A job that nobody claims: the test itself writes its events. */
async function ownJob(runtime: Runtime, actor: Actor) {
  const { jobs } = runtime.database
  const place = { source: "docker://127.0.0.1:9/app:1", target: "docker://127.0.0.1:9/copy:1" }
  const newJob = { ...place, ownerId: actor.userId, sourceHost: "127.0.0.1:9", targetHost: "127.0.0.1:9", priority: 0 }
  const lease = await jobs.createRunning({ ...newJob, request: { ...place, engine: "direct" } }, "test", Date.now())
  const log = (message: string) => ({ type: "log", level: "info", message }) as const
  return {
    id: lease.jobId,
    log: (...messages: readonly string[]) => jobs.record(lease, { at: Date.now(), events: messages.map(log) }),
    finish: () => jobs.finish(lease, { at: Date.now(), events: [], state: "succeeded" }),
  }
}

const sequencesOf = (events: readonly FollowedEvent[]) => events.flatMap(({ sequence }) => sequence ?? [])
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

test("fault 49: a follower that comes back goes on after the last event that it saw, whether the job runs or has ended", async () => {
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  const job = await ownJob(runtime, actor)
  await job.log("one", "two", "three")
  const first: FollowedEvent[] = []
  for await (const event of runtime.services.jobs.follow(actor, job.id, { signal: soon() })) {
    first.push(event)
    if (first.length === 2) break
  }
  expect(sequencesOf(first)).toEqual([1, 2])
  const rest = followed(runtime, actor, job.id, 2)
  await job.log("four")
  await job.finish()
  expect(sequencesOf(await rest)).toEqual([3, 4, 5, 6])
  expect(sequencesOf(await followed(runtime, actor, job.id, 4))).toEqual([5, 6])
  expect(await followed(runtime, actor, job.id, 6)).toEqual([])
})

test("however followers come in while events are written, each sees every one once and in order", async () => {
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  const job = await ownJob(runtime, actor)
  const followers: Promise<FollowedEvent[]>[] = []
  for (let i = 0; i < 30; i++) {
    followers.push(followed(runtime, actor, job.id, i % 3))
    await job.log(`a ${i}`, `b ${i}`)
  }
  await job.finish()
  const seen = await Promise.all(followers)
  for (const [i, events] of seen.entries()) expect(sequencesOf(events)).toEqual(upTo(62, (i % 3) + 1))
})

test("a slow follower of thousands of events loses none, and keeps nobody waiting", async () => {
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  const job = await ownJob(runtime, actor)
  let proceed = () => {}
  const held = new Promise<void>((resolve) => {
    proceed = resolve
  })
  const slow = (async () => {
    const seen: FollowedEvent[] = []
    for await (const event of runtime.services.jobs.follow(actor, job.id, { signal: soon() })) {
      seen.push(event)
      await held
    }
    return seen
  })()
  const fast = followed(runtime, actor, job.id)
  for (let i = 0; i < 25; i++) await job.log(...Array.from({ length: 200 }, (_, k) => `${i} ${k}`))
  await job.finish()
  expect(sequencesOf(await fast)).toEqual(upTo(5002))
  proceed()
  expect(sequencesOf(await slow)).toEqual(upTo(5002))
})

test("500 followers of one job cost one read for each flush, and hear of it at once", async () => {
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  const job = await ownJob(runtime, actor)
  const late: number[] = []
  let arrived = 0
  const followers = Array.from({ length: 500 }, async () => {
    for await (const { at, sequence } of runtime.services.jobs.follow(actor, job.id, { after: 1, signal: soon() })) {
      if (sequence === undefined) continue
      late.push(Date.now() - at)
      arrived++
    }
  })
  await expect.poll(() => readsOf(runtime)).toBe(0)
  const flushes = 20
  for (let i = 1; i <= flushes; i++) {
    await job.log(`flush ${i}`)
    await expect.poll(() => arrived, { interval: 1 }).toBe(500 * i)
  }
  await job.finish()
  await Promise.all(followers)
  expect(readsOf(runtime)).toBeLessThanOrEqual(flushes + 1)
  expect(late.length).toBe(500 * flushes + 500)
  // The median, since the machine of a test has other things to do; `pnpm bench app` measures the rest.
  expect(late.sort((a, b) => a - b)[late.length >> 1]).toBeLessThan(100)
})

/** Reads of a job's events since it was asked first. */
const counters = new WeakMap<Runtime, { reads: number }>()
function readsOf(runtime: Runtime): number {
  const known = counters.get(runtime)
  if (known) return known.reads
  const counter = { reads: 0 }
  counters.set(runtime, counter)
  const { jobs } = runtime.database
  const events = jobs.events.bind(jobs)
  jobs.events = (...given: Parameters<typeof events>): Promise<readonly StoredEvent[]> => {
    counter.reads++
    return events(...given)
  }
  return counter.reads
}

test("counters are told while bytes flow, in this process and in another one of the same database, and are not stored", async () => {
  const app = image({ seed: "slow", layers: [{ sizeBytes: 600_000 }] })
  const source = await registry({ images: { "team/app:1": app } })
  const target = await registry()
  source.fail("GET blob", { as: "drip", bytesPerSecond: 200_000, times: forever })
  const configuration = testConfiguration(await testDirectory())
  const here = await testRuntime(configuration)
  const there = await testRuntime(testConfiguration(configuration.dataDirectory, { concurrency: 0 }))
  const actor = await testActor(here)
  const job = await here.services.jobs.start(actor, request(source, target, "team/app:1"))
  const [near, far] = await Promise.all([followed(here, actor, job.id), followed(there, actor, job.id)])
  expect(statesOf(far)).toEqual(["queued", "running", "succeeded"])
  for (const [events, atLeast] of [
    [near, 4],
    [far, 1],
  ] as const) {
    expect(sequencesOf(events)).toEqual(upTo(sequencesOf(near).length))
    const copying = events.flatMap(({ event, sequence }) =>
      event.type === "blob" && event.state === "copying" ? [[event.offset, sequence]] : [],
    )
    expect(copying.length).toBeGreaterThanOrEqual(atLeast)
    expect(copying.every(([, sequence]) => sequence === undefined)).toBe(true)
    const offsets = copying.map(([offset = 0]) => offset)
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b))
  }
  const stored = await here.services.jobs.events(actor, job.id, 0, 500)
  expect(stored.filter(({ event }) => event.type === "blob" && event.state === "copying")).toEqual([])
})

test("a follower stays through a retry, and leaves when its signal is aborted or the job is removed", async () => {
  const source = await registry({ images: {} })
  const target = await registry()
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  const { jobs } = runtime.services
  const job = await jobs.start(actor, request(source, target, "team/app:1"))
  await jobs.ended(actor, job.id, soon())
  source.add("team/app:1", smallImage("late"))
  await jobs.retry(actor, job.id)
  expect(statesOf(await followed(runtime, actor, job.id))).toEqual([
    "queued",
    "running",
    "failed",
    "queued",
    "running",
    "succeeded",
  ])

  const own = await ownJob(runtime, actor)
  const stop = new AbortController()
  const aborted = (async () => {
    for await (const _ of jobs.follow(actor, own.id, { signal: stop.signal }));
    return "left"
  })()
  await own.log("one")
  stop.abort()
  expect(await aborted).toBe("left")
  await expect(jobs.ended(actor, own.id, AbortSignal.timeout(20))).rejects.toMatchObject({ name: "TimeoutError" })
})

test("the queue is shown as it is, then every change of it; each person sees their own part, and goes on where they left", async () => {
  const source = await registry({ images: smallImages(3) })
  const target = await registry()
  const runtime = await testRuntime()
  const { jobs } = runtime.services
  const [mine, theirs, admin] = [
    await testActor(runtime, "operator", "mine"),
    await testActor(runtime, "operator", "theirs"),
    await testActor(runtime, "admin", "boss"),
  ]
  const old = await jobs.start(mine, request(source, target, "team/app-0:1"))
  const before = await reached(runtime, old.id, "succeeded")
  const stop = new AbortController()
  const watch = async (actor: Actor, seen: QueueEvent[], after?: number) => {
    const options = after === undefined ? { signal: stop.signal } : { after, signal: stop.signal }
    for await (const event of jobs.followQueue(actor, options)) seen.push(event)
  }
  const [my, their, all, later]: [QueueEvent[], QueueEvent[], QueueEvent[], QueueEvent[]] = [[], [], [], []]
  const watching = [watch(mine, my), watch(theirs, their), watch(admin, all), watch(admin, later, before.revision)]
  const own = await jobs.start(mine, request(source, target, "team/app-1:1"))
  const other = await jobs.start(theirs, request(source, target, "team/app-2:1"))
  await reached(runtime, own.id, "succeeded")
  await reached(runtime, other.id, "succeeded")
  await jobs.remove(mine, old.id)
  const latest = (events: readonly QueueEvent[]) =>
    Object.fromEntries(
      events.map((event) => (event.type === "job" ? [event.job.id, event.job.state] : [event.jobId, event.type])),
    )
  const everything = { [old.id]: "removed", [own.id]: "succeeded", [other.id]: "succeeded" }
  await expect.poll(() => [latest(all), latest(later)]).toEqual([everything, everything])
  await expect.poll(() => latest(my)).toEqual({ [old.id]: "removed", [own.id]: "succeeded" })
  await expect.poll(() => latest(their)).toEqual({ [other.id]: "succeeded" })
  stop.abort()
  await Promise.all(watching)
  for (const events of [my, their, all, later]) {
    const revisions = events.map(({ revision }) => revision)
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
  }
})

test("whoever saw more of the queue than there is, before a backup came back, is shown it as it is", async () => {
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  const job = await ownJob(runtime, actor)
  for await (const event of runtime.services.jobs.followQueue(actor, { after: 1_000_000, signal: soon() })) {
    expect(event).toMatchObject({ type: "job", job: { id: job.id } })
    return
  }
  expect.unreachable("nothing was told")
})
