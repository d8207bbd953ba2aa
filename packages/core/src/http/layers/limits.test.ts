import { expect, test } from "vitest"
import type { Clock } from "../../content/clock.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { type HttpRequest, type HttpResponse, type Send, stack } from "../http.ts"
import { HostLimits } from "./limits.ts"
import { loopbackSend } from "./loopback-send.fixture.ts"
import { type Handler, type LoopbackServer, loopbackServer } from "./loopback-server.fixture.ts"
import type { HttpNotice } from "./notice.ts"
import { retry } from "./retry.ts"

const host = "registry.example.com"
const blob: HttpRequest = { method: "GET", url: new URL(`https://${host}/v2/app/blobs/sha256:1`), origin: "configured" }
const manifest: HttpRequest = { ...blob, url: new URL(`https://${host}/v2/app/manifests/1`) }

/** A clock whose sleeps are instant and add up. */
function fastClock(): Clock & { slept: number[] } {
  const slept: number[] = []
  let now = 1000
  return {
    slept,
    now: () => now,
    date: () => Date.UTC(2026, 10, 21),
    sleep: async (ms, signal) => {
      if (signal?.aborted) throw new TransferError("cancelled", "cancelled")
      slept.push(ms)
      now += ms
    },
  }
}

/** Answers with these headers in turn, then 200. */
function limited(...answers: { status?: number; headers?: Record<string, string> }[]): Promise<LoopbackServer> {
  const handler: Handler = (_, response) => {
    const { status = 200, headers = {} } = answers.shift() ?? {}
    response.writeHead(status, headers).end("x")
  }
  return loopbackServer(handler)
}

async function failureOf(work: Promise<unknown>): Promise<TransferError> {
  try {
    await work
  } catch (error) {
    if (error instanceof TransferError) return error
    throw error
  }
  throw new Error("did not fail")
}

/** A transport whose requests wait until the test lets them go, in the order of arrival. */
function slowTransport() {
  const arrived: { request: HttpRequest; answer: (status?: number) => void }[] = []
  const send: Send = (request) =>
    new Promise((resolve) => {
      arrived.push({ request, answer: (status = 200) => resolve(emptyResponse(request, status)) })
    })
  return { arrived, send }
}

function emptyResponse(request: HttpRequest, status: number): HttpResponse {
  return {
    status,
    url: request.url,
    headers: { get: (name) => (name === "content-length" ? "0" : undefined), all: () => [] },
    body: { async *[Symbol.asyncIterator]() {}, bytes: async () => Buffer.alloc(0), discard: async () => undefined },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test.each([
  ["seconds", { "retry-after": "30" }, 30_000],
  ["a date", { date: "Sat, 21 Nov 2026 08:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 08:02:00 GMT" }, 120_000],
])("after a 429 with Retry-After in %s the whole host waits (fault 24)", async (_, headers, waitMs) => {
  const clock = fastClock()
  const notices: HttpNotice[] = []
  await using server = await limited({ status: 429, headers })
  const limits = new HostLimits({ clock, onNotice: (notice) => notices.push(notice) })
  const send = limits.layer()(loopbackSend(server))
  await (await send(blob)).body.discard()
  expect(limits.state(host)?.waitingForMs).toBe(waitMs)
  await (await send(manifest)).body.discard()
  expect(clock.slept).toEqual([waitMs])
  const text = `${host} asks us to wait ${waitMs === 30_000 ? "30 s" : "2 min"}`
  expect(notices).toEqual([{ kind: "waiting", host, message: text, forMs: waitMs }])
})

test("a 429 without Retry-After makes the host wait longer each time (fault 24)", async () => {
  const clock = fastClock()
  await using server = await limited({ status: 429 }, { status: 429 }, { status: 429 })
  const send = stack(loopbackSend(server), retry({ clock, random: () => 0 }), new HostLimits({ clock, random: () => 1 }).layer())
  expect((await send(blob)).status).toBe(200)
  expect(clock.slept.filter((ms) => ms > 0)).toEqual([1000, 2000, 4000])
})

test("who was waiting for a slot when the gate was shut waits for it to open", async () => {
  const { arrived, send } = slowTransport()
  const clock = fastClock()
  const gate = new HostLimits({ clock, maxConnectionsPerHost: 1, unnamedWaitMs: 3000, random: () => 1 }).layer()(send)
  void gate(blob)
  void gate(blob)
  await settled()
  arrived[0]?.answer(429)
  await expect.poll(() => arrived.length).toBe(2)
  expect(clock.slept).toEqual([3000])
})

test("a success ends the doubling of unnamed waits", async () => {
  const clock = fastClock()
  await using server = await limited({ status: 429 }, { status: 429 }, {}, { status: 429 })
  const send = new HostLimits({ clock, random: () => 1 }).layer()(loopbackSend(server))
  for (let index = 0; index < 5; index++) await (await send(blob)).body.discard()
  expect(clock.slept).toEqual([1000, 2000, 1000])
})

test("other hosts do not wait", async () => {
  const clock = fastClock()
  await using server = await limited({ status: 429, headers: { "retry-after": "30" } })
  const send = new HostLimits({ clock }).layer()(loopbackSend(server))
  await send(blob)
  await send({ ...blob, url: new URL("https://other.example.com/v2/") })
  expect(clock.slept).toEqual([])
})

test("a pause of more than 15 minutes fails at once (fault 24)", async () => {
  const clock = fastClock()
  await using server = await limited({ status: 429, headers: { "retry-after": "3600" } })
  const send = new HostLimits({ clock }).layer()(loopbackSend(server))
  await send(blob)
  expect(await failureOf(send(blob))).toMatchObject({
    code: "rate_limited",
    message: "registry.example.com asks us to wait 60 min",
    host,
    retryAfterMs: 3_600_000,
  })
  expect(server.asked.length).toBe(1)
})

test("a 503 with Retry-After shuts the gate too, one without does not", async () => {
  await using server = await limited({ status: 503 }, { status: 503, headers: { "retry-after": "5" } })
  const limits = new HostLimits()
  const send = limits.layer()(loopbackSend(server))
  await send(blob)
  expect(limits.state(host)?.waitingForMs).toBe(0)
  await send(blob)
  expect(limits.state(host)?.waitingForMs).toBeGreaterThan(4000)
})

test("an abort ends the waiting for a shut gate", async () => {
  await using server = await limited({ status: 429, headers: { "retry-after": "600" } })
  const send = new HostLimits().layer()(loopbackSend(server))
  await send(blob)
  const leaving = new AbortController()
  const work = failureOf(send({ ...blob, signal: leaving.signal }))
  leaving.abort()
  expect((await work).code).toBe("cancelled")
})

test("when no pulls are left, manifests are not fetched; HEAD and blobs go on", async () => {
  const clock = fastClock()
  await using server = await limited({ headers: { "ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600" } })
  const limits = new HostLimits({ clock })
  const send = limits.layer()(loopbackSend(server))
  await (await send(manifest)).body.discard()
  expect(limits.state(host)?.budget).toMatchObject({ limit: 100, remaining: 0, windowSeconds: 21_600 })
  expect(await failureOf(send({ ...manifest, side: "source" }))).toMatchObject({
    code: "rate_limited",
    message: "the pull limit of 100 in 6 h at registry.example.com is used up",
    host,
    side: "source",
    retryAfterMs: 21_600_000,
    hint: "wait, or log in: signed-in users often have a higher limit",
  })
  expect((await send({ ...manifest, method: "HEAD" })).status).toBe(200)
  expect((await send(blob)).status).toBe(200)
  expect((await failureOf(send(manifest))).code).toBe("rate_limited")
  await clock.sleep(60_000)
  expect((await send(manifest)).status).toBe(200)
})

test("a 429 because no pulls are left says so at once, and does not shut the host", async () => {
  const headers = { "ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600" }
  await using server = await limited({ status: 429, headers })
  const limits = new HostLimits()
  const send = stack(loopbackSend(server), retry({ minMs: 1 }), limits.layer())
  expect(await failureOf(send(manifest))).toMatchObject({
    code: "rate_limited",
    message: "the pull limit of 100 in 6 h at registry.example.com is used up",
  })
  expect(limits.state(host)).toMatchObject({ waitingForMs: 0, width: 8 })
  expect((await send(blob)).status).toBe(200)
})

test("a HEAD that sees pulls again opens the way", async () => {
  const zero = { headers: { "ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600" } }
  await using server = await limited(zero, { headers: { "ratelimit-remaining": "3;w=21600" } })
  const send = new HostLimits().layer()(loopbackSend(server))
  await send({ ...manifest, method: "HEAD" })
  await send({ ...manifest, method: "HEAD" })
  expect((await send(manifest)).status).toBe(200)
})

test("a slot is held until the body has been consumed, discarded, left, or has broken", async () => {
  const limits = new HostLimits({ maxConnectionsPerHost: 1 })
  let breaks = false
  await using server = await loopbackServer((_, response) => {
    if (breaks) response.write("part", () => response.socket?.destroy())
    else response.end("part and rest")
  })
  const send = limits.layer()(loopbackSend(server))
  const active = () => limits.state(host)?.active
  const ways: ((response: HttpResponse) => Promise<unknown>)[] = [
    (response) => response.body.bytes(100),
    (response) => response.body.discard(),
    async (response) => {
      for await (const _ of response.body) break
    },
    async (response) => {
      for await (const _ of response.body);
    },
  ]
  for (const consume of ways) {
    const response = await send(blob)
    expect(active()).toBe(1)
    await consume(response)
    expect(active()).toBe(0)
  }
  breaks = true
  const response = await send(blob)
  await expect(response.body.bytes(100)).rejects.toThrow()
  expect(active()).toBe(0)
})

test("a HEAD holds nothing once it is answered", async () => {
  const limits = new HostLimits()
  await using server = await limited()
  await limits.layer()(loopbackSend(server))({ ...blob, method: "HEAD" })
  expect(limits.state(host)).toMatchObject({ active: 0, waiting: 0 })
})

test("slots are given in the order of asking, and who leaves is passed over", async () => {
  const { arrived, send } = slowTransport()
  const gate = new HostLimits({ maxConnectionsPerHost: 1 }).layer()(send)
  const leaving = new AbortController()
  const ask = (name: string, signal?: AbortSignal) => gate({ ...blob, url: new URL(`https://${host}/${name}`), signal })
  const all = [ask("a"), ask("b"), ask("c", leaving.signal), ask("d")]
  const left = failureOf(all[2] ?? Promise.resolve())
  await settled()
  leaving.abort()
  for (let index = 0; index < 3; index++) {
    arrived[index]?.answer()
    await settled()
  }
  expect(arrived.map(({ request }) => request.url.pathname)).toEqual(["/a", "/b", "/d"])
  expect((await left).code).toBe("cancelled")
})

test("reading a host does not keep anyone from writing to it", async () => {
  const { arrived, send } = slowTransport()
  const gate = new HostLimits({ maxConnectionsPerHost: 1 }).layer()(send)
  void gate(blob)
  void gate({ ...blob, method: "PUT" })
  await settled()
  expect(arrived.map(({ request }) => request.method)).toEqual(["GET", "PUT"])
})

test("when nothing moves any more, one more is let in: the two may need each other", async () => {
  await using server = await loopbackServer((asked, response) => {
    if (!asked.path.endsWith("drip")) return response.end("whole")
    const dripping = setInterval(() => response.write("."), 20)
    response.on("close", () => clearInterval(dripping))
  })
  const limits = new HostLimits({ maxConnectionsPerHost: 1, standstillMs: 250 })
  const send = limits.layer()(loopbackSend(server))
  const held = await send({ ...blob, url: new URL(`https://${host}/drip`) })
  const second = send(blob)
  let chunks = 0
  for await (const _ of held.body) {
    expect(server.asked.length).toBe(1)
    if (++chunks === 15) break
  }
  await second
  const third = await send(blob)
  expect(limits.state(host)?.active).toBe(2)
  for (const response of [third, await second]) await response.body.discard()
  expect(limits.state(host)?.active).toBe(0)
})

test("the width grows with every success until the first 429, which halves it once for all that are under way", async () => {
  const { arrived, send } = slowTransport()
  const limits = new HostLimits({ maxConnectionsPerHost: 12, unnamedWaitMs: 0 })
  const gate = limits.layer()(send)
  for (let index = 0; index < 100; index++) void gate(blob)
  await settled()
  expect(arrived.length).toBe(8)
  expect(limits.state(host)).toMatchObject({ width: 8, active: 8, waiting: 92 })
  const answer = async (count: number, status = 200) => {
    for (const one of arrived.splice(0, count)) one.answer(status)
    await settled()
  }
  await answer(3)
  expect(limits.state(host)?.width).toBe(11)
  await answer(5)
  expect(limits.state(host)).toMatchObject({ width: 12, active: 12 })
  await answer(4, 429)
  expect(limits.state(host)?.width).toBe(6)
  await answer(8)
  expect(limits.state(host)).toMatchObject({ width: 7, active: 7 })
  await answer(4)
  expect(limits.state(host)?.width).toBe(7)
  await answer(1)
  expect(limits.state(host)?.width).toBe(8)
})

test("while a host is down only one at a time knocks, and nobody has fewer tries for it", async () => {
  let knocks = 0
  let up = false
  let mostAtOnce = 0
  let atOnce = 0
  const down: Send = async (request) => {
    atOnce += 1
    mostAtOnce = Math.max(mostAtOnce, atOnce)
    await settled()
    atOnce -= 1
    knocks += 1
    if (up) return emptyResponse(request, 200)
    const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED" })
    throw new TransferError("network", `connection refused by ${host}`, { cause })
  }
  const limits = new HostLimits()
  const gate = limits.layer()(down)
  await Promise.all(Array.from({ length: 5 }, () => failureOf(gate(blob))))
  mostAtOnce = 0
  knocks = 0
  const failures = await Promise.all(Array.from({ length: 8 }, () => failureOf(gate(blob))))
  expect(failures.map((failure) => failure.message)).toEqual(Array.from({ length: 8 }, () => `connection refused by ${host}`))
  expect([mostAtOnce, knocks]).toEqual([1, 1])
  up = true
  const answers = await Promise.all(Array.from({ length: 8 }, () => gate(blob)))
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 8 }, () => 200))
})
