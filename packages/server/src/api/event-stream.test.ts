import { once } from "node:events"
import type { IncomingMessage } from "node:http"
import type { JobEvent } from "@entrepot/db/stores"
import { expect, test } from "vitest"
import { type TestApi, type TestApiOptions, testApi } from "./api.fixture.ts"
import { furnish } from "./rights-trials.fixture.ts"
import { readEvents, streamRequest } from "./try-right.fixture.ts"

interface Stream {
  readonly response: IncomingMessage
  /** What has arrived. */
  readonly text: string
  until(count: number): Promise<ReturnType<typeof readEvents>>
  readonly closed: Promise<unknown>
  leave(): void
}

async function openStream(api: TestApi, path: string, asking: Parameters<typeof streamRequest>[2]): Promise<Stream> {
  const request = streamRequest(api, path, asking).end()
  const [response] = (await once(request, "response")) as [IncomingMessage]
  let text = ""
  response.on("data", (chunk: Buffer) => {
    text += chunk.toString()
  })
  response.on("error", () => undefined)
  return {
    response,
    get text() {
      return text
    },
    until: async (count) => {
      while (readEvents(text).length < count) await once(response, "data")
      return readEvents(text)
    },
    closed: new Promise((resolve) => response.once("close", resolve)),
    leave: () => request.destroy(),
  }
}

const log = (message: string): JobEvent => ({ type: "log", level: "info", message })

/** A running job, and how it goes on. */
async function runningJob(options?: TestApiOptions) {
  const api = await testApi(options)
  const as = await api.admin()
  const { userId } = await api.actorOf(as)
  const { job } = await furnish(api.runtime, userId)
  const lease = { jobId: job, fence: 1 }
  const { jobs } = api.runtime.database
  return {
    api,
    as,
    job,
    tell: (...events: JobEvent[]) => jobs.record(lease, { at: Date.now(), events }),
    finish: () => jobs.finish(lease, { at: Date.now(), state: "succeeded", events: [] }),
  }
}

test("a job's events come as server-sent events, each once, and end with the job", async () => {
  const { api, as, job, tell, finish } = await runningJob()
  expect(await tell(log("one"))).toBe(true)
  const stream = await openStream(api, `/api/jobs/${job}/events`, { as })
  expect(stream.response.headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
  })
  await stream.until(2)
  await tell(log("two"))
  await stream.until(3)
  await finish()
  await stream.closed
  const events = readEvents(stream.text)
  expect(events.map(({ id, event }) => [id, event])).toEqual([
    ["1", "state"],
    ["2", "log"],
    ["3", "log"],
    ["4", "state"],
    [undefined, "end"],
  ])
  expect(JSON.parse(events[2]?.data ?? "")).toEqual({ at: expect.any(Number), type: "log", level: "info", message: "two" })
})

test("fault 49: a client that comes back with Last-Event-ID, or asks after an event, gets the rest and nothing twice", async () => {
  const { api, as, job, tell, finish } = await runningJob()
  await tell(log("one"), log("two"), log("three"))
  const first = await openStream(api, `/api/jobs/${job}/events`, { as })
  await first.until(3)
  first.leave()
  await finish()
  const ids = async (path: string, headers: Record<string, string> = {}) => {
    const stream = await openStream(api, path, { as, headers })
    await stream.closed
    return readEvents(stream.text).map(({ id, event }) => id ?? event)
  }
  expect(await ids(`/api/jobs/${job}/events`, { "last-event-id": "3" })).toEqual(["4", "5", "end"])
  expect(await ids(`/api/jobs/${job}/events?after=4`)).toEqual(["5", "end"])
  expect(await ids(`/api/jobs/${job}/events?after=1`, { "last-event-id": "5" })).toEqual(["end"])
  const wrong = await api.ask(`GET /api/jobs/${job}/events?after=first`, { as })
  expect([wrong.status, wrong.json.error.detail]).toEqual([400, "an event's identifier is a number"])
})

test("fault 49: a subscription of tRPC goes on after the event that its client had last", async () => {
  const { api, as, job, tell, finish } = await runningJob()
  await tell(log("one"), log("two"))
  await finish()
  const input = encodeURIComponent(JSON.stringify({ id: job }))
  const ids = async (more: string) => {
    const stream = await openStream(api, `/api/trpc/jobs.follow?input=${input}${more}`, { as })
    await stream.closed
    return readEvents(stream.text).map(({ id, event }) => id ?? event)
  }
  expect(await ids("")).toEqual(["connected", "1", "2", "3", "4", "return"])
  expect(await ids("&lastEventId=2")).toEqual(["connected", "3", "4", "return"])
})

test("S19: a key in an address is not taken", async () => {
  const { api, as, job } = await runningJob()
  const actor = await api.actorOf(as)
  const { secret } = await api.runtime.services.accounts.createKey(actor, { name: "ci", scopes: ["admin"], expiresAt: null })
  expect((await api.ask(`GET /api/jobs/${job}?ticket=${secret}`)).status).toBe(401)
})

test("S22: a login has so many streams and no more, of either kind, and a stream that ends makes room", async () => {
  const { api, as, job } = await runningJob({ configuration: { streams: { perCredential: 2, total: 3 } } })
  const first = await openStream(api, `/api/jobs/${job}/events`, { as })
  const input = encodeURIComponent(JSON.stringify({ id: job }))
  const second = await openStream(api, `/api/trpc/jobs.follow?input=${input}`, { as })
  await second.until(2)
  const third = await api.ask(`GET /api/jobs/${job}/events`, { as })
  expect([third.status, third.headers["retry-after"], third.json.error.code]).toEqual([429, "5", "TOO_MANY"])
  expect(third.json.message).toBe("请求过于频繁，请稍后再试")

  const other = await api.user("viewer")
  const fourth = await openStream(api, `/api/jobs/${job}/events`, { as: other })
  await fourth.until(1)
  const fifth = await api.ask(`GET /api/jobs/${job}/events`, { as: other })
  expect([fifth.status, fifth.json.error.detail]).toEqual([429, "all streams of the server are taken"])

  first.leave()
  await expect.poll(async () => (await openStream(api, `/api/jobs/${job}/events`, { as: other })).response.statusCode).toBe(200)
})

test("S22: a stream ends at once when its session is logged out or its key removed", async () => {
  const { api, as, job } = await runningJob()
  const actor = await api.actorOf(as)
  const { key, secret } = await api.runtime.services.accounts.createKey(actor, {
    name: "ci",
    scopes: ["jobs:read"],
    expiresAt: null,
  })
  const byKey = await openStream(api, `/api/jobs/${job}/events`, { bearer: secret })
  await byKey.until(1)
  await api.runtime.services.accounts.removeKey(actor, key.id)
  await byKey.closed
  const bySession = await openStream(api, `/api/jobs/${job}/events`, { as })
  await bySession.until(1)
  await api.ask("POST /api/auth/logout", { as })
  await bySession.closed
  expect(readEvents(bySession.text).at(-1)?.event).toBe("state")
})

test("S22: whether a stream may still be read is asked again and again", async () => {
  const { api, job } = await runningJob({ stream: { recheckMs: 20 } })
  const viewer = await api.user("viewer")
  const { userId } = await api.actorOf(viewer)
  const stream = await openStream(api, `/api/jobs/${job}/events`, { as: viewer })
  await stream.until(1)
  await api.runtime.database.users.update(userId, { disabled: true }, Date.now())
  await stream.closed
})

test("a stream that has nothing to tell sends heartbeats", async () => {
  const { api, as, job } = await runningJob({ stream: { heartbeatMs: 10 } })
  const stream = await openStream(api, `/api/jobs/${job}/events`, { as })
  await expect.poll(() => stream.text.split("\n\n").filter((part) => part === ": ").length).toBeGreaterThan(2)
  stream.leave()
})

test("S22: a client that does not read is cut off, and can come back for what it missed", async () => {
  const { api, as, job, tell, finish } = await runningJob({ stream: { drainMs: 100 } })
  const request = streamRequest(api, `/api/jobs/${job}/events`, { as }).end()
  const [response] = (await once(request, "response")) as [IncomingMessage]
  response.on("error", () => undefined)
  response.pause()
  const connections = () => new Promise<number>((resolve) => api.server.getConnections((_, count) => resolve(count)))
  const long = "x".repeat(60_000)
  for (let i = 0; i < 200; i++) await tell(log(long))
  await expect.poll(connections, { timeout: 10_000 }).toBe(0)
  await finish()
  const again = await openStream(api, `/api/jobs/${job}/events?after=199`, { as })
  await again.closed
  expect(readEvents(again.text).map(({ id, event }) => id ?? event)).toEqual(["200", "201", "202", "end"])
  request.destroy()
})

test("a ticket follows its job and does nothing else", async () => {
  const { api, as, job } = await runningJob()
  const { userId } = await api.actorOf(as)
  const { job: other } = await furnish(api.runtime, userId)
  const { json } = await api.ask("POST /api/trpc/jobs.ticket", { as, body: { id: job } })
  const { ticket } = json.result.data
  const stream = await openStream(api, `/api/jobs/${job}/events?ticket=${ticket}`, {})
  await stream.until(1)
  stream.leave()
  const status = async (line: string) => (await api.ask(line, { bearer: ticket })).status
  expect(await status(`GET /api/jobs/${other}/events`)).toBe(404)
  expect(await status(`GET /api/jobs/${job}`)).toBe(403)
  expect(await status("GET /api/history")).toBe(403)
  expect(await status("GET /api/auth/me")).toBe(403)
})

test("S22: streams on tickets count among those of the session that asked for them", async () => {
  const { api, as, job } = await runningJob({ configuration: { streams: { perCredential: 2, total: 500 } } })
  const viewer = await api.user("viewer")
  const ticket = async (of: string) =>
    (await api.ask("POST /api/trpc/jobs.ticket", { as: of, body: { id: job } })).json.result.data.ticket as string
  const open = async (of: string) => openStream(api, `/api/jobs/${job}/events?ticket=${await ticket(of)}`, {})
  const streams = [await open(as), await open(as), await open(as), await open(viewer)]
  expect(streams.map(({ response }) => response.statusCode)).toEqual([200, 200, 429, 200])
  await api.ask("POST /api/auth/logout", { as })
  await Promise.all([streams[0]?.closed, streams[1]?.closed])
  streams[3]?.leave()
})

test("streams end when the server closes, without saying that the job has ended", async () => {
  const { api, as, job } = await runningJob()
  const stream = await openStream(api, `/api/jobs/${job}/events`, { as })
  const input = encodeURIComponent("{}")
  const queue = await openStream(api, `/api/trpc/jobs.followQueue?input=${input}`, { as })
  const one = encodeURIComponent(JSON.stringify({ id: job }))
  const follower = await openStream(api, `/api/trpc/jobs.follow?input=${one}`, { as })
  await Promise.all([stream.until(1), queue.until(2), follower.until(2)])
  await api.listener.close()
  await Promise.all([stream.closed, queue.closed, follower.closed])
  for (const { text } of [queue, follower]) expect(readEvents(text).map(({ event }) => event)).toEqual(["connected", "message"])
  expect(readEvents(stream.text).map(({ event }) => event)).toEqual(["state"])
})
