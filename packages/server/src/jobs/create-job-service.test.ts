import type { Role } from "@entrepot/db/stores"
import { image } from "@entrepot/testing"
import { expect, test } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import { impatient, soon, testActor, testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import type { JobService } from "./job-service.ts"
import { followed, reached, registry, request, smallImage, smallImages, statesOf } from "./jobs.fixture.ts"

const app = image({ seed: "job", layers: [{ sizeBytes: 200_000 }, { sizeBytes: 30_000 }] })
const forever = Number.POSITIVE_INFINITY

test("a job copies an image, and whoever follows it sees every event once", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  const target = await registry()
  const runtime = await testRuntime()
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const job = await jobs.start(actor, { image: `${source.host}/team/app:1`, target: { address: `${target.host}/proxy` } })
  expect(job).toMatchObject({ state: "queued", target: `${target.host}/proxy/127.0.0.1_${source.port}/team/app:1` })
  const stored = (await followed(runtime, actor, job.id)).filter(({ sequence }) => sequence !== undefined)
  expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1))
  expect(statesOf(stored)).toEqual(["queued", "running", "succeeded"])
  expect(stored.map(({ event }) => event.type)).toContain("plan")
  expect(await jobs.get(actor, job.id)).toMatchObject({ state: "succeeded", digest: app.descriptor.digest, attempts: 1 })
  expect(target.holds(`proxy/127.0.0.1_${source.port}/team/app:1`, app)).toBe(true)
  const again = await jobs.start(actor, { image: `${source.host}/team/app:1`, target: { address: `${target.host}/proxy` } })
  expect(await jobs.ended(actor, again.id, soon())).toMatchObject({ state: "succeeded", unchanged: true })
})

test("a batch is one job with children and a summary, and one that fails does not stop the others", async () => {
  const source = await registry({ images: smallImages(3) })
  const target = await registry()
  const runtime = await testRuntime()
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const images = [0, 1, 2, 9].map((i) => `${source.host}/team/app-${i}:1`)
  const batch = await jobs.startBatch(actor, {
    images: [...images, ...images],
    target: { address: target.host },
    naming: "basename",
  })
  expect(batch).toMatchObject({ kind: "batch", source: `${source.host}/team/app-0:1 + 3` })
  expect(await jobs.ended(actor, batch.id, soon())).toMatchObject({ state: "failed" })
  expect(await jobs.summary(actor, batch.id)).toEqual({
    queued: 0,
    waiting: 0,
    running: 0,
    succeeded: 3,
    failed: 1,
    cancelled: 0,
  })
  const { jobs: children } = await jobs.list(actor, { parentId: batch.id, limit: 10 })
  expect(children.map(({ state, failure }) => failure?.code ?? state).sort()).toEqual([
    "not_found",
    "succeeded",
    "succeeded",
    "succeeded",
  ])
  source.add("team/app-9:1", smallImage("late"))
  expect(await jobs.retry(actor, batch.id)).toMatchObject({ state: "queued" })
  expect(await jobs.ended(actor, batch.id, soon())).toMatchObject({ state: "succeeded" })
  expect(await jobs.summary(actor, batch.id)).toMatchObject({ succeeded: 4, failed: 0 })
})

test("children of one batch share their connections", async () => {
  const source = await registry({ images: smallImages(4) })
  const target = await registry()
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 1 }))
  const actor = await testActor(runtime)
  const images = [0, 1, 2, 3].map((i) => `${source.host}/team/app-${i}:1`)
  const batch = await runtime.services.jobs.startBatch(actor, { images, target: { address: target.host }, naming: "basename" })
  expect(await runtime.services.jobs.ended(actor, batch.id, soon())).toMatchObject({ state: "succeeded" })
  const first = source.requests.slice(
    0,
    source.requests.findIndex(({ repository }) => repository === "team/app-1"),
  )
  expect(source.connections).toBe(new Set(first.map(({ clientPort }) => clientPort)).size)
})

test("a batch in which two images would become one is refused before anything is stored", async () => {
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  const images = ["quay.io/one/app:1", "ghcr.io/two/app:1"]
  const refused = runtime.services.jobs.startBatch(actor, {
    images,
    target: { address: "harbor.example.com" },
    naming: "basename",
  })
  await expect(refused).rejects.toMatchObject({
    code: "naming_collision",
    message: "quay.io/one/app:1 and ghcr.io/two/app:1 would both become harbor.example.com/proxy/app:1",
  })
  expect((await runtime.services.jobs.list(actor, { limit: 10, everywhere: true })).jobs).toEqual([])
})

const refusals: readonly [string, Parameters<JobService["start"]>[1], object][] = [
  ["a name in capitals", { image: "Nginx", target: { address: "harbor.example.com" } }, { code: "reference_invalid" }],
  [
    "a project of this server that is not there",
    { image: "nginx", targetImage: "127.0.0.1:8080/team/nginx" },
    { code: "not_found", message: "this server has no project team" },
  ],
  [
    "a Docker daemon for this server's own registry",
    { image: "nginx", engine: "docker" },
    { code: "usage", message: "the Docker engine pushes to other registries, not into this server's own" },
  ],
  [
    "half a login",
    { image: "nginx", target: { address: "harbor.example.com", username: "me" } },
    { code: "usage", message: "a login needs both a user and a password" },
  ],
  [
    "a target image elsewhere",
    { image: "nginx", target: { address: "harbor.example.com" }, targetImage: "quay.io/team/nginx" },
    { code: "usage", message: "the target image is at quay.io, and the target is harbor.example.com" },
  ],
  [
    "S3: this server as the source",
    { image: "localhost:8080/team/app", target: { address: "harbor.example.com" } },
    { code: "address_blocked", message: "localhost:8080 is this server itself" },
  ],
  [
    "a place before others",
    { image: "nginx", target: { address: "harbor.example.com" }, priority: 1 },
    { code: "forbidden", message: "only administrators may put a job before others" },
  ],
  ["a saved target that is not there", { image: "nginx", target: { targetId: 7 } }, { code: "not_found" }],
]
test.each(refusals)("refused before anything is stored: %s", async (_, asked, error) => {
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  await expect(runtime.services.jobs.start(actor, asked)).rejects.toMatchObject(error)
  expect((await runtime.services.jobs.list(actor, { limit: 10 })).jobs).toEqual([])
})

test("S3: a name that the resolver leads back to this server is not dialled", async () => {
  const runtime = await testRuntime(undefined, {
    http: { ...impatient.http, lookup: async () => [{ address: "127.0.0.1", family: 4 }] },
  })
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const job = await jobs.start(actor, { image: "outside.example.com:8080/app", target: { address: "127.0.0.1:9" } })
  const ended = await jobs.ended(actor, job.id, soon())
  expect(ended).toMatchObject({ state: "failed", failure: { code: "address_blocked", side: "source" } })
})

test("S13: a foreign job is not found by an operator, and changed by nobody who only looks", async () => {
  const source = await registry({ images: { "team/app:1": smallImage("s13") } })
  const target = await registry()
  const runtime = await testRuntime()
  const { jobs } = runtime.services
  const owner = await testActor(runtime, "operator", "owner")
  const job = await jobs.start(owner, request(source, target, "team/app:1"))
  await jobs.ended(owner, job.id, soon())
  const asks: Record<string, (actor: Actor) => Promise<unknown>> = {
    get: (actor) => jobs.get(actor, job.id),
    summary: (actor) => jobs.summary(actor, job.id),
    events: (actor) => jobs.events(actor, job.id, 0, 10),
    follow: async (actor) => {
      for await (const _ of jobs.follow(actor, job.id, { signal: soon() }));
    },
    ended: (actor) => jobs.ended(actor, job.id, soon()),
    cancel: (actor) => jobs.cancel(actor, job.id),
    retry: (actor) => jobs.retry(actor, job.id),
    remove: (actor) => jobs.remove(actor, job.id),
  }
  const answers = async (actor: Actor) => {
    const given: Record<string, string> = {}
    for (const [name, ask] of Object.entries(asks)) {
      given[name] = await ask(actor).then(
        () => "ok",
        (error: { code: string }) => error.code,
      )
    }
    return given
  }
  const hidden = Object.fromEntries(Object.keys(asks).map((name) => [name, "not_found"]))
  expect(await answers(await testActor(runtime, "operator", "stranger"))).toEqual(hidden)
  const looking = { get: "ok", summary: "ok", events: "ok", follow: "ok", ended: "ok" }
  const viewer = await testActor(runtime, "viewer")
  expect(await answers(viewer)).toEqual({ ...looking, cancel: "forbidden", retry: "forbidden", remove: "forbidden" })
  await expect(jobs.start(viewer, request(source, target, "team/app:1"))).rejects.toMatchObject({ code: "forbidden" })
  await expect(jobs.plan(viewer, request(source, target, "team/app:1"), soon())).rejects.toMatchObject({ code: "forbidden" })
  const ticket: Actor = { ...owner, via: "ticket", jobId: job.id }
  expect(await answers(ticket)).toEqual({ ...looking, cancel: "forbidden", retry: "forbidden", remove: "forbidden" })
  expect(await answers({ ...ticket, jobId: job.id + 1 })).toEqual(hidden)
  const lists = async (role: Role, name: string) =>
    (await jobs.list(await testActor(runtime, role, name), { limit: 10 })).jobs.length
  expect([await lists("operator", "stranger"), await lists("operator", "owner"), await lists("viewer", "viewer")]).toEqual([
    0, 1, 1,
  ])
  await expect(jobs.list(ticket, { limit: 10 })).rejects.toMatchObject({ code: "forbidden" })
  await expect(jobs.list({ ...owner, mustChange: true }, { limit: 10 })).rejects.toMatchObject({ code: "token_change_required" })
  expect(await answers({ ...owner, via: "key", scopes: ["pull"] })).toMatchObject({ get: "ok", cancel: "conflict", retry: "ok" })
})

test("a job is cancelled while it waits in the queue, while it runs, and not after it has ended", async () => {
  const source = await registry({ images: smallImages(2) })
  const target = await registry()
  source.fail("GET blob", { as: "stall", times: forever })
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 1 }))
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const running = await jobs.start(actor, request(source, target, "team/app-0:1"))
  const queued = await jobs.start(actor, request(source, target, "team/app-1:1"))
  await reached(runtime, running.id, "running")
  expect(await jobs.cancel(actor, queued.id)).toMatchObject({ state: "cancelled", attempts: 0 })
  await expect(jobs.remove(actor, running.id)).rejects.toMatchObject({ code: "conflict" })
  await jobs.cancel(actor, running.id)
  expect(await jobs.ended(actor, running.id, soon())).toMatchObject({ state: "cancelled", failure: null })
  expect(target.repositories()).toEqual([])
  await expect(jobs.cancel(actor, running.id)).rejects.toMatchObject({ code: "conflict", message: "the job has ended already" })
  source.heal()
  await jobs.retry(actor, running.id)
  expect(await jobs.ended(actor, running.id, soon())).toMatchObject({ state: "succeeded", attempts: 2 })
  await expect(jobs.retry(actor, running.id)).resolves.toMatchObject({ state: "queued" })
  await jobs.ended(actor, running.id, soon())
  await jobs.remove(actor, running.id)
  await expect(jobs.get(actor, running.id)).rejects.toMatchObject({ code: "not_found" })
})

test("a batch is cancelled with all that is left of it", async () => {
  const source = await registry({ images: smallImages(3) })
  const target = await registry()
  source.fail("GET blob", { as: "stall", times: forever })
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 1 }))
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const images = [0, 1, 2].map((i) => `${source.host}/team/app-${i}:1`)
  const batch = await jobs.startBatch(actor, { images, target: { address: target.host } })
  await reached(runtime, batch.id, "running")
  await jobs.cancel(actor, batch.id)
  expect(await jobs.ended(actor, batch.id, soon())).toMatchObject({ state: "cancelled" })
  expect(await jobs.summary(actor, batch.id)).toMatchObject({ cancelled: 3 })
})

test("jobs are begun in turns of their owners, and within one owner by priority", async () => {
  const source = await registry({ images: smallImages(1) })
  const target = await registry()
  const stalled = source.fail("HEAD manifest", { as: "stall", forMs: 500, times: 1 })
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 1 }))
  const { jobs } = runtime.services
  const [busy, other, admin] = [
    await testActor(runtime, "operator", "busy"),
    await testActor(runtime, "operator", "other"),
    await testActor(runtime, "admin", "boss"),
  ]
  const start = (actor: Actor, tag: string, priority = 0) =>
    jobs.start(actor, { ...request(source, target, "team/app-0:1"), targetImage: `${target.host}/order:${tag}`, priority })
  const first = await start(busy, "busy-0")
  await reached(runtime, first.id, "running")
  const started = [
    await start(busy, "busy-1"),
    await start(busy, "busy-2"),
    await start(other, "other-1", -1),
    await start(other, "other-2"),
  ]
  started.push(await start(admin, "boss-1", 5))
  for (const job of started) await jobs.ended(admin, job.id, soon())
  expect(stalled.strikes).toBe(1)
  expect(target.matching("PUT manifest").map(({ reference }) => reference)).toEqual([
    "busy-0",
    "boss-1",
    "other-2",
    "busy-1",
    "busy-2",
    "other-1",
  ])
})

test("a batch has 1 to 1,000 images", async () => {
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  const refused = (images: readonly string[]) =>
    expect(runtime.services.jobs.startBatch(actor, { images, target: { address: "127.0.0.1:9" } })).rejects.toMatchObject({
      code: "invalid",
      message: `a batch has 1 to 1000 images, not ${images.length}`,
    })
  await refused([])
  await refused(Array.from({ length: 1001 }, (_, i) => `127.0.0.1:9/app:${i}`))
})

test("the configuration's target and login are used for what names none, and only below that target", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  const target = await registry({ auth: { basic: { robot: "canary-default-password" } } })
  const defaultTarget = { address: `${target.host}/proxy`, username: "robot", password: "canary-default-password" }
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { defaultTarget }))
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const below = await jobs.start(actor, { image: `${source.host}/team/app:1`, targetImage: "app:1" })
  expect(await jobs.ended(actor, below.id, soon())).toMatchObject({ state: "succeeded", target: `${target.host}/proxy/app:1` })
  const beside = await jobs.start(actor, { image: `${source.host}/team/app:1`, targetImage: `${target.host}/other/app:1` })
  expect(await jobs.ended(actor, beside.id, soon())).toMatchObject({
    state: "failed",
    failure: { code: "unauthorized", side: "target" },
  })
})

test("a saved target lends its login, its naming rule and its project", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  const target = await registry({ auth: { basic: { robot: "canary-saved-password" } } })
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 1 }))
  const { jobs, targets } = runtime.services
  const actor = await testActor(runtime)
  const saved = await targets.create(actor, {
    name: "harbor",
    address: `${target.host}/mirror`,
    naming: "basename",
    username: "robot",
    password: "canary-saved-password",
  })
  const job = await jobs.start(actor, { image: `${source.host}/team/app:1`, target: { targetId: saved.id } })
  expect(await jobs.ended(actor, job.id, soon())).toMatchObject({ state: "succeeded", target: `${target.host}/mirror/app:1` })
  source.fail("HEAD manifest", { as: "stall", forMs: 200 })
  const busy = await jobs.start(actor, request(source, target, "team/app:1"))
  const queued = await jobs.start(actor, { image: `${source.host}/team/app:1`, target: { targetId: saved.id } })
  await targets.remove(actor, saved.id)
  expect(await jobs.ended(actor, queued.id, soon())).toMatchObject({
    state: "failed",
    failure: { code: "not_found", side: "target", message: "the saved target of this job was removed" },
  })
  expect((await followed(runtime, actor, queued.id)).at(-2)?.event).toMatchObject({ type: "outcome", outcome: "failed" })
  await expect(jobs.retry(actor, job.id)).rejects.toMatchObject({ code: "not_found" })
  await jobs.ended(actor, busy.id, soon())
})

test("S3: a job whose saved target was moved to another registry is not sent there, nor its password to where it was", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  const [first, second] = [await registry({ auth: { basic: { robot: "canary-first" } } }), await registry()]
  const runtime = await testRuntime()
  const { jobs, targets } = runtime.services
  const actor = await testActor(runtime)
  const login = { username: "robot", password: "canary-wrong" }
  const saved = await targets.create(actor, { name: "harbor", address: first.host, ...login })
  const job = await jobs.start(actor, { image: `${source.host}/team/app:1`, target: { targetId: saved.id } })
  expect(await jobs.ended(actor, job.id, soon())).toMatchObject({ state: "failed", failure: { code: "unauthorized" } })
  await targets.update(actor, saved.id, saved.version, { address: second.host, password: "canary-first" })
  const before = [first.requests.length, second.requests.length]
  await jobs.retry(actor, job.id)
  expect(await jobs.ended(actor, job.id, soon())).toMatchObject({
    state: "failed",
    failure: { code: "not_found", side: "target", message: "the saved target of this job is another registry by now" },
  })
  expect([first.requests.length, second.requests.length]).toEqual(before)
})

test("a plan says what would move, and moves nothing", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  const target = await registry()
  const runtime = await testRuntime()
  const actor = await testActor(runtime)
  const plan = await runtime.services.jobs.plan(actor, request(source, target, "team/app:1"), soon())
  expect([plan.unchanged, plan.blobs.length, plan.root.digest]).toEqual([false, 3, app.descriptor.digest])
  expect(target.repositories()).toEqual([])
  expect((await runtime.services.jobs.list(actor, { limit: 10 })).jobs).toEqual([])
})
