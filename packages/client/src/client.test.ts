import { createServer } from "node:http"
import { startApplication } from "@entrepot/server/application-fixture"
import { faultProxy, image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { createEntrepotClient, type EntrepotClient, EntrepotError } from "./index.ts"

const small = image({ seed: "small" })

async function setUp() {
  const application = await startApplication()
  onTestFinished(() => application[Symbol.asyncDispose]())
  const source = await testRegistry({ images: { "team/app:1": small } })
  onTestFinished(() => source[Symbol.asyncDispose]())
  const target = await testRegistry()
  onTestFinished(() => target[Symbol.asyncDispose]())
  return { application, source, target }
}

function clientFor(options: Parameters<typeof createEntrepotClient>[0]): EntrepotClient {
  const client = createEntrepotClient(options)
  onTestFinished(() => client.close())
  return client
}

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const event of events) all.push(event)
  return all
}

/** What a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<EntrepotError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(EntrepotError)
  return error as EntrepotError
}

test("a job is started, followed to its end, and found in the history", async () => {
  const { application, source, target } = await setUp()
  const client = clientFor(application)
  const request = { image: `${source.host}/team/app:1`, target: { address: `${target.host}/p` }, naming: "basename" }
  const job = await client.jobs.start.mutate(request)
  const told: string[] = []
  const sequences: number[] = []
  for await (const { sequence, event } of client.jobs.follow(job.id)) {
    if (sequence !== undefined) sequences.push(sequence)
    told.push(
      event.type === "state" || event.type === "outcome"
        ? `${event.type} ${"state" in event ? event.state : event.outcome}`
        : event.type,
    )
  }
  expect(sequences).toEqual(sequences.map((_, i) => i + 1))
  expect(told.slice(-2)).toEqual(["outcome succeeded", "state succeeded"])
  expect(target.holds("p/app:1", small)).toBe(true)
  const { jobs } = await client.jobs.list.query({ search: "team/app" })
  expect(jobs.map(({ id, state }) => [id, state])).toEqual([[job.id, "succeeded"]])
  const replayed = await collect(client.jobs.follow(job.id, { after: sequences.length - 1 }))
  expect(replayed.map(({ sequence }) => sequence)).toEqual([sequences.length])
})

test("fault 49: a stream that breaks off goes on behind the last event, and its reader is told", async () => {
  const { application, source, target } = await setUp()
  source.fail("GET blob", { as: "stall", times: 1 })
  const proxy = await faultProxy(application.server.port)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const client = clientFor({ url: `http://127.0.0.1:${proxy.port}`, token: application.token })
  const direct = clientFor(application)
  const job = await direct.jobs.start.mutate({ image: `${source.host}/team/app:1`, target: { address: target.host } })
  const connection: string[] = []
  const sequences: number[] = []
  let broken = false
  for await (const { sequence, event } of client.jobs.follow(job.id, { onConnection: (state) => connection.push(state) })) {
    if (sequence !== undefined) sequences.push(sequence)
    if (!broken && event.type === "stage" && event.stage === "copy") {
      broken = true
      proxy.resetAll()
      void direct.jobs.cancel.mutate({ id: job.id })
    }
  }
  expect(connection).toEqual(["broken", "restored"])
  expect(sequences).toEqual(sequences.map((_, i) => i + 1))
  expect((await client.jobs.get.query({ id: job.id })).state).toBe("cancelled")
})

test("errors say what, on whose side, and what to do", async () => {
  const { application } = await setUp()
  const client = clientFor(application)
  const badName = await refusal(client.jobs.start.mutate({ image: "Nginx", target: { address: "harbor.example.com" } }))
  expect(badName).toMatchObject({
    name: "EntrepotError",
    code: "reference_invalid",
    sentence: { en: "This is not an image name", zh: "镜像名称格式不正确" },
    hint: 'did you mean "nginx"?',
    httpStatus: 400,
  })
  const missing = await refusal(client.jobs.get.query({ id: 99 }))
  expect(missing).toMatchObject({ code: "not_found", httpStatus: 404, sentence: { en: "There is no such thing" } })
  const stranger = clientFor({ url: application.url, token: "ept_nobody_0000" })
  expect(await refusal(stranger.jobs.get.query({ id: 1 }))).toMatchObject({ code: "unauthenticated", httpStatus: 401 })
})

test("a refused stream fails with the reason, and an application that is not there with unreachable", async () => {
  const { application } = await setUp()
  const stranger = clientFor({ url: application.url, token: "ept_nobody_0000" })
  expect(await refusal(collect(stranger.jobs.follow(1)))).toMatchObject({ code: "unauthenticated", httpStatus: 401 })
  const client = clientFor(application)
  expect(await refusal(collect(client.jobs.follow(99)))).toMatchObject({ code: "not_found" })
  const nobody = clientFor({ url: "http://127.0.0.1:1", token: "x" })
  const unreachable = await refusal(nobody.jobs.get.query({ id: 1 }))
  expect(unreachable).toMatchObject({
    code: "unreachable",
    httpStatus: undefined,
    sentence: { zh: "无法连接服务端，请检查地址和网络" },
  })
  expect(await refusal(collect(nobody.jobs.follow(1, { patienceMs: 20 })))).toMatchObject({ code: "unreachable" })
})

test("an answer that is not the application's is told as such", async () => {
  const server = createServer((_, response) => response.writeHead(404).end("<h1>nginx</h1>")).listen(0, "127.0.0.1")
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once("listening", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const client = clientFor({ url: `http://127.0.0.1:${port}`, token: "x" })
  expect(await refusal(client.jobs.get.query({ id: 1 }))).toMatchObject({
    code: "internal",
    sentence: { en: "The server gave an answer that cannot be understood" },
  })
})

test("a signal ends a stream without an error, and closing the client ends everything", async () => {
  const { application } = await setUp()
  const client = clientFor(application)
  const stop = new AbortController()
  const queue = client.jobs.followQueue({ signal: stop.signal, onConnection: () => {} })
  const first = queue.next()
  stop.abort()
  expect(await first).toEqual({ done: true, value: undefined })
  client.close()
  expect(await refusal(client.jobs.get.query({ id: 1 }))).toMatchObject({ code: "unreachable" })
})

test("S22: the sixth stream of a login is refused at once and in words; calls and the other five go on, and one that ends makes room", {
  timeout: 60_000,
}, async () => {
  const { application, source, target } = await setUp()
  const request = { image: `${source.host}/team/app:1`, target: { address: target.host } }
  const stop = new AbortController()
  const tabs = Array.from({ length: 5 }, (_, index) => {
    const client = clientFor(application)
    return client.jobs.followQueue(index === 0 ? { signal: stop.signal } : {})
  })
  const asked: string[] = []
  const sixth = clientFor({
    ...application,
    fetch: (url, init) => {
      asked.push(new URL(String(url)).pathname)
      return fetch(url, init)
    },
  })
  const { id } = await sixth.jobs.start.mutate(request)
  for (const tab of tabs) expect((await tab.next()).value).toMatchObject({ type: "job", job: { id } })
  asked.length = 0
  expect(await refusal(collect(sixth.jobs.followQueue()))).toMatchObject({
    code: "too_many",
    httpStatus: 429,
    sentence: { zh: "请求过于频繁，请稍后再试" },
  })
  expect(await refusal(collect(sixth.jobs.follow(id)))).toMatchObject({ code: "too_many", httpStatus: 429 })
  expect(asked).toEqual(["/api/trpc/jobs.followQueue", "/api/trpc/jobs.follow"])

  const other = await sixth.jobs.start.mutate(request)
  for (const tab of tabs.slice(1)) {
    for await (const event of tab) if (event.type === "job" && event.job.id === other.id) break
  }
  stop.abort()
  await expect
    .poll(async () => {
      const place = clientFor(application).jobs.followQueue()
      const { done } = await place.next().catch(() => ({ done: true }))
      await place.return()
      return done
    })
    .toBe(false)
})
