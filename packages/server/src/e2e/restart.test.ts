import { image, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { Caller, claimServer } from "./caller.fixture.ts"
import { readEvents } from "./event-reader.fixture.ts"
import { serverDirectory } from "./server-directory.fixture.ts"
import { buildServerProgram, type ServerProgram, startServerProcess } from "./server-process.fixture.ts"

const app = image({ seed: "restart", layers: Array.from({ length: 12 }, () => ({ sizeBytes: 20_000 })) })

let program: ServerProgram
beforeAll(async () => {
  program = await buildServerProgram()
}, 30_000)
afterAll(() => program[Symbol.asyncDispose]())

async function registries() {
  const source = await testRegistry({ images: { "team/app:1": app } })
  const target = await testRegistry()
  onTestFinished(async () => {
    await source.close()
    await target.close()
  })
  return { source, target }
}

/** A running job, of which three blobs are at the target and the rest are on their way for longer than the test takes. */
async function halfWay(directory: string) {
  const { source, target } = await registries()
  source.fail("GET blob", { as: "drip", bytesPerSecond: 500, skip: 3, times: Number.POSITIVE_INFINITY })
  const server = await startServerProcess({ program, directory, variables: { TEST_GRACE_MS: "200" } })
  onTestFinished(() => server[Symbol.asyncDispose]())
  const admin = await claimServer(server.url, "a token of our own")
  const body = {
    source_image: `${source.host}/team/app:1`,
    target_image: `${target.host}/copies/app:1`,
    target_host: target.host,
    source_plain_http: true,
    target_plain_http: true,
  }
  const started = await admin.ask("POST", "/api/jobs", body)
  expect(started.status).toBe(202)
  const { id } = (started.json() as { job: { id: number } }).job
  const follower = await readEvents(`${server.url}/api/jobs/${id}/events`, admin.headers())
  const done = () => follower.events.filter(({ type, data }) => type === "blob" && data.includes('"state":"done"')).length
  await follower.until(() => done() >= 3)
  return { source, target, server, follower, id, done, cookie: admin.cookie ?? "" }
}

/** Starts the same server again, and follows the job behind `seen` to its end. */
async function goOn(directory: string, { id, cookie }: { readonly id: number; readonly cookie: string }, seen: number) {
  const server = await startServerProcess({ program, directory })
  onTestFinished(() => server[Symbol.asyncDispose]())
  const admin = new Caller(server.url, { cookie })
  const follower = await readEvents(`${server.url}/api/jobs/${id}/events`, admin.headers(), seen)
  await follower.ended
  const job = (await admin.ask("GET", `/api/jobs/${id}`)).json() as { job: { status: string; attempts: number } }
  return { server, follower, job: job.job }
}

const numbers = (events: readonly { readonly id: number | undefined }[]) => events.flatMap(({ id }) => id ?? [])
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

test("fault 50: SIGTERM ends the streams in order and the process with 0; the next one goes on without sending again what was done", {
  timeout: 60_000,
}, async () => {
  const directory = await serverDirectory()
  const before = await halfWay(directory)
  const { source, target, server, follower, done } = before
  const stopped = server.stop("SIGTERM")
  await follower.ended
  expect(await stopped).toEqual({ code: 0, signal: null })
  const seen = numbers(follower.events)
  expect(seen).toEqual(from(1, seen.length))
  const sentBefore = done()
  expect(sentBefore).toBeLessThan(12)

  source.heal()
  target.clearRequests()
  const after = await goOn(directory, before, seen.length)
  expect(after.server.startedInMs).toBeLessThan(5000)
  expect(after.job).toMatchObject({ status: "succeeded", attempts: 2 })
  expect(target.holds("copies/app:1", app)).toBe(true)
  // Twelve layers and the configuration.
  expect(target.count("POST upload")).toBeLessThanOrEqual(13 - sentBefore)
  const rest = numbers(after.follower.events)
  expect(rest).toEqual(from(seen.length + 1, seen.length + rest.length))
  expect(after.follower.events.at(-1)?.type).toBe("end")
})

test("fault 33: after SIGKILL the server is there again within five seconds, and goes on without sending again what was done", {
  timeout: 60_000,
}, async () => {
  const directory = await serverDirectory()
  const before = await halfWay(directory)
  const { source, target, server, follower, done } = before
  await server.stop("SIGKILL")
  await follower.ended.catch(() => undefined)
  const seen = numbers(follower.events)
  const sentBefore = done()

  source.heal()
  target.clearRequests()
  const after = await goOn(directory, before, seen.length)
  expect(after.server.startedInMs).toBeLessThan(5000)
  expect(after.job).toMatchObject({ status: "succeeded", attempts: 2 })
  expect(target.holds("copies/app:1", app)).toBe(true)
  expect(target.count("POST upload")).toBeLessThanOrEqual(13 - sentBefore)
  const rest = numbers(after.follower.events)
  expect(rest).toEqual(from(seen.length + 1, seen.length + rest.length))
})
