import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { image } from "@entrepot/testing"
import { expect, test } from "vitest"
import { soon, testActor, testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import type { Log } from "../runtime/runtime.ts"
import { followed, reached, registry, request, smallImage, statesOf } from "./jobs.fixture.ts"

const password = "canary-Pa55/word+1"
const app = image({ seed: "credentials", layers: [{ sizeBytes: 90_000 }, { sizeBytes: 80_000 }] })

function logTo(lines: string[]): Log {
  const write = (fields: object, message: string) => lines.push(JSON.stringify(fields) + message)
  return { debug: write, info: write, warn: write, error: write }
}

test("a login that the target refuses fails the job with seed 0's sentence, and a retry with another one goes on", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  const target = await registry({ auth: { basic: { robot: password } } })
  const runtime = await testRuntime()
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const typed = (secret: string) => ({ target: { address: target.host, username: "robot", password: secret } })
  const job = await jobs.start(actor, request(source, target, "team/app:1", typed("canary-wrong")))
  expect(await jobs.ended(actor, job.id, soon())).toMatchObject({
    state: "failed",
    failure: { code: "unauthorized", side: "target", host: target.host },
    credentialSides: ["target"],
  })
  await jobs.retry(actor, job.id)
  expect(await jobs.ended(actor, job.id, soon())).toMatchObject({ state: "failed", attempts: 2 })
  await jobs.retry(actor, job.id, { target: { username: "robot", password } })
  expect(await jobs.ended(actor, job.id, soon())).toMatchObject({ state: "succeeded", attempts: 3 })
  await jobs.retry(actor, job.id)
  expect(await jobs.ended(actor, job.id, soon())).toMatchObject({ state: "waiting", waitReason: "credentials" })
})

test("fault 33: after a restart a job with a login of its own waits for it, goes on when it is given, and sends nothing again", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  const target = await registry({ auth: { basic: { robot: password } } })
  const [, slow = ""] = [...app.blobs.keys()].slice(1)
  source.fail("GET blob", { as: "stall", reference: slow, times: Number.POSITIVE_INFINITY })
  const configuration = testConfiguration(await testDirectory())
  const before = await testRuntime(configuration)
  const actor = await testActor(before)
  const login = { username: "robot", password }
  const job = await before.services.jobs.start(
    actor,
    request(source, target, "team/app:1", { target: { address: target.host, ...login } }),
  )
  await expect.poll(() => target.matching("* upload").filter(({ status }) => status === 201).length).toBe(2)
  await before.drain(0)
  await before.close()
  source.heal()

  const after = await testRuntime(configuration)
  expect(await reached(after, job.id, "waiting")).toMatchObject({ waitReason: "credentials", stage: "copy" })
  await after.services.jobs.retry(actor, job.id)
  expect(await after.services.jobs.ended(actor, job.id, soon())).toMatchObject({ state: "waiting", waitReason: "credentials" })
  await after.services.jobs.retry(actor, job.id, { target: login })
  const events = await followed(after, actor, job.id)
  expect(await after.services.jobs.get(actor, job.id)).toMatchObject({
    state: "succeeded",
    totals: { blobsSent: 1, blobsSkipped: 2 },
  })
  expect(statesOf(events).slice(-2)).toEqual(["running", "succeeded"])
  expect(target.matching("* upload").filter(({ status }) => status === 201).length).toBe(3)
})

test("a retry that comes too late changes nothing of the login that the job goes on with", async () => {
  const source = await registry({ images: { "team/app:1": smallImage("late retry") } })
  const target = await registry({ auth: { basic: { robot: password } } })
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 1 }))
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  source.fail("HEAD manifest", { as: "stall", forMs: 300 })
  const typed = { target: { address: target.host, username: "robot", password } }
  const busy = await jobs.start(actor, request(source, target, "team/app:1", typed))
  const queued = await jobs.start(actor, request(source, target, "team/app:1", typed))
  const store = runtime.database.jobs
  const retry = store.retry.bind(store)
  store.retry = async (...given) => {
    await reached(runtime, queued.id, "running")
    return retry(...given)
  }
  const late = jobs.retry(actor, queued.id, { target: { username: "robot", password: "canary-wrong" } })
  await expect(late).rejects.toMatchObject({ code: "conflict" })
  expect(await jobs.ended(actor, queued.id, soon())).toMatchObject({ state: "succeeded" })
  await jobs.ended(actor, busy.id, soon())
})

test("S19: the password of a one-off job is in no row, event, log line or file of the database", async () => {
  const source = await registry({ images: { "team/app:1": smallImage("s19") }, auth: { token: { puller: "canary-source-pw" } } })
  const target = await registry({ auth: { basic: { robot: password } } })
  const lines: string[] = []
  const directory = await testDirectory()
  const runtime = await testRuntime(testConfiguration(directory), { log: logTo(lines) })
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const asked = request(source, target, "team/app:1", {
    target: { address: target.host, username: "robot", password },
    sourceLogin: { username: "puller", password: "canary-source-pw" },
  })
  const job = await jobs.start(actor, asked)
  const events = await followed(runtime, actor, job.id)
  expect(await jobs.get(actor, job.id)).toMatchObject({ state: "succeeded" })
  const wrong = await jobs.start(actor, {
    ...asked,
    target: { address: target.host, username: "robot", password: "canary-mistyped" },
  })
  events.push(...(await followed(runtime, actor, wrong.id)))
  const batch = await jobs.startBatch(actor, { ...asked, images: [asked.image] })
  await jobs.ended(actor, batch.id, soon())
  expect(lines.join("\n")).toContain('"state":"succeeded"')
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => readFile(join(parentPath, name))),
  )
  const everything = Buffer.concat([...files, Buffer.from(JSON.stringify(events)), Buffer.from(lines.join("\n"))])
  expect(everything.includes(source.host)).toBe(true)
  for (const secret of [password, "canary-source-pw", "canary-mistyped", encodeURIComponent(password)]) {
    expect(everything.includes(secret)).toBe(false)
    expect(everything.includes(Buffer.from(`robot:${secret}`).toString("base64"))).toBe(false)
  }
  expect(everything.includes("canary")).toBe(false)
})
