import { expect, test } from "vitest"
import { TransferError } from "../../errors/transfer-error.ts"
import { bufferBody, type HttpRequest, type Send } from "../http.ts"
import { NotSent } from "./connection-errors.ts"
import { loopbackSend } from "./loopback-send.fixture.ts"
import { type LoopbackServer, loopbackServer } from "./loopback-server.fixture.ts"
import type { HttpNotice } from "./notice.ts"
import { type RetryOptions, retry } from "./retry.ts"

const quick: RetryOptions = { minMs: 1, maxMs: 2 }
const get: HttpRequest = {
  method: "GET",
  url: new URL("https://registry.example.com/v2/app/manifests/1?sig=canary"),
  origin: "configured",
  side: "source",
}

type Answer = number | { status: number; headers: Record<string, string> }

/** Answers in turn, then 200. */
function answering(...answers: Answer[]): Promise<LoopbackServer> {
  return loopbackServer((_, response) => {
    const answer = answers.shift() ?? 200
    if (answer === 0) return response.socket?.destroy()
    if (typeof answer === "number") return response.writeHead(answer).end()
    return response.writeHead(answer.status, answer.headers).end()
  })
}

/** A connection that fails with the operating system's `code`. */
function failing(code: string, counter: { tries: number }): Send {
  return async (request) => {
    counter.tries += 1
    const cause = Object.assign(new Error(code), { code })
    throw new TransferError("network", `${code} ${request.url.host}`, { host: request.url.host, cause })
  }
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

test.each([408, 429, 500, 502, 503, 504])("%i is tried again", async (status) => {
  await using server = await answering(status, status)
  expect((await retry(quick)(loopbackSend(server))(get)).status).toBe(200)
  expect(server.asked.length).toBe(3)
})

test.each([200, 206, 307, 400, 401, 403, 404, 405, 416])("%i goes up as an answer", async (status) => {
  await using server = await answering(status, status)
  expect((await retry(quick)(loopbackSend(server))(get)).status).toBe(status)
  expect(server.asked.length).toBe(1)
})

test("a connection that breaks is tried again", async () => {
  await using server = await answering(0, 0)
  expect((await retry(quick)(loopbackSend(server))(get)).status).toBe(200)
})

test("after six tries it fails, and says where, how often, and what to do (fault 26)", async () => {
  await using server = await answering(...Array.from({ length: 9 }, () => 503))
  expect(await failureOf(retry(quick)(loopbackSend(server))(get))).toMatchObject({
    code: "server_error",
    message: "registry.example.com answered 503 to GET /v2/app/manifests/1",
    host: "registry.example.com",
    side: "source",
    status: 503,
    attempts: 6,
    hint: "the registry has trouble of its own; try again later",
  })
  expect(server.asked.length).toBe(6)
})

test("refused connections are tried six times (fault 1)", async () => {
  const counter = { tries: 0 }
  expect(await failureOf(retry(quick)(failing("ECONNREFUSED", counter))(get))).toMatchObject({
    code: "network",
    message: "ECONNREFUSED registry.example.com",
    attempts: 6,
    hint: "check the address, the network, and whether a proxy is needed",
  })
  expect(counter.tries).toBe(6)
})

test("a name that does not exist is tried twice, a resolver in trouble six times (fault 2)", async () => {
  for (const [code, tries] of [
    ["ENOTFOUND", 2],
    ["EAI_AGAIN", 6],
  ] as const) {
    const counter = { tries: 0 }
    expect((await failureOf(retry(quick)(failing(code, counter))(get))).attempts).toBe(tries)
    expect(counter.tries).toBe(tries)
  }
})

test("a certificate that is not trusted fails at once (fault 3)", async () => {
  let tries = 0
  const send: Send = async () => {
    tries += 1
    throw new TransferError("tls", "the certificate of registry.example.com has expired")
  }
  expect(await failureOf(retry(quick)(send)(get))).toMatchObject({ code: "tls", attempts: 1, host: "registry.example.com" })
  expect(tries).toBe(1)
})

test("429 after all tries says how long to wait (fault 24)", async () => {
  await using server = await answering(...Array.from({ length: 9 }, () => ({ status: 429, headers: { "retry-after": "7" } })))
  expect(await failureOf(retry({ ...quick, attempts: 2 })(loopbackSend(server))(get))).toMatchObject({
    code: "rate_limited",
    message: "registry.example.com limits the rate of requests",
    status: 429,
    retryAfterMs: 7000,
    attempts: 2,
    hint: "wait, or log in: signed-in users often have a higher limit",
  })
})

test("a wait of more than 15 minutes is not waited for (fault 24)", async () => {
  await using server = await answering({ status: 429, headers: { "retry-after": "901" } })
  expect(await failureOf(retry(quick)(loopbackSend(server))(get))).toMatchObject({ retryAfterMs: 901_000, attempts: 1 })
})

test("POST and PATCH are sent again only when nothing can have been done", async () => {
  const retried: Answer[] = [429, { status: 503, headers: { "retry-after": "0" } }]
  const once: Answer[] = [500, 502, 503, 504, 408, 0]
  for (const method of ["POST", "PATCH"] as const) {
    for (const answer of retried) {
      await using server = await answering(answer)
      expect((await retry(quick)(loopbackSend(server))({ ...get, method })).status).toBe(200)
    }
    for (const answer of once) {
      await using server = await answering(answer)
      expect((await failureOf(retry(quick)(loopbackSend(server))({ ...get, method }))).attempts).toBe(1)
    }
    const counter = { tries: 0 }
    await failureOf(retry(quick)(failing("ECONNREFUSED", counter))({ ...get, method }))
    expect(counter.tries).toBe(6)
  }
})

test("a POST whose token could not be fetched was never sent, and is tried again", async () => {
  let tries = 0
  const send: Send = async () => {
    tries += 1
    throw new TransferError("server_error", "the token server answered 503", { cause: new NotSent() })
  }
  await failureOf(retry(quick)(send)({ ...get, method: "POST" }))
  expect(tries).toBe(6)
})

test("a request that its sender resumes by itself gets one try, and the same errors", async () => {
  await using server = await answering(503)
  const failure = await failureOf(retry(quick)(loopbackSend(server))({ ...get, method: "PUT", retry: false }))
  expect(failure).toMatchObject({ code: "server_error", status: 503, attempts: 1 })
})

test("a body in memory is sent again, one that can be read once is not", async () => {
  await using server = await answering(503, 200, 503)
  const send = retry(quick)(loopbackSend(server))
  const body = bufferBody(Buffer.from("manifest"))
  expect((await send({ ...get, method: "PUT", body })).status).toBe(200)
  expect(server.asked.map((asked) => asked.body)).toEqual(["manifest", "manifest"])
  let opened = 0
  const stream = () => {
    if (++opened > 1) throw new Error("already read")
    return body.open()
  }
  const failure = await failureOf(send({ ...get, method: "PUT", body: { length: 8, open: stream } }))
  expect(failure).toMatchObject({ code: "server_error", status: 503, attempts: 1 })
})

test("the waits are random below a ceiling that doubles up to a limit, and a person is told", async () => {
  const waits: number[] = []
  const notices: HttpNotice[] = []
  const clock = { now: () => 0, sleep: async (ms: number) => void waits.push(ms) }
  await using server = await answering(...Array.from({ length: 9 }, () => 500))
  const options = {
    attempts: 7,
    minMs: 500,
    maxMs: 3000,
    clock,
    random: () => 0.5,
    onNotice: (notice: HttpNotice) => notices.push(notice),
  }
  await failureOf(retry(options)(loopbackSend(server))(get))
  expect(waits).toEqual([250, 500, 1000, 1500, 1500, 1500])
  expect(notices[0]).toEqual({
    kind: "retrying",
    host: "registry.example.com",
    message: "registry.example.com answered 500 to GET /v2/app/manifests/1: trying again in 0.3 s (2 of 7)",
    forMs: 250,
  })
})

test("what a server does not implement is not asked for again", async () => {
  await using server = await answering(501)
  expect(await failureOf(retry(quick)(loopbackSend(server))(get))).toMatchObject({
    code: "server_error",
    status: 501,
    attempts: 1,
  })
})

test("where the server names a time, the wait of our own stays short", async () => {
  const waits: number[] = []
  const clock = { now: () => 0, sleep: async (ms: number) => void waits.push(ms) }
  const named = { status: 503, headers: { "retry-after": "20" } }
  await using server = await answering(named, named, named, 429, 500)
  await retry({ clock, random: () => 0.5 })(loopbackSend(server))(get)
  expect(waits).toEqual([250, 250, 250, 250, 4000])
})

test("closing ends the waiting", async () => {
  const closing = new AbortController()
  await using server = await answering(500)
  const options = { minMs: 60_000, random: () => 0.9, closing: closing.signal }
  const work = failureOf(retry(options)(loopbackSend(server))(get))
  await expect.poll(() => server.asked.length).toBe(1)
  closing.abort()
  expect((await work).code).toBe("cancelled")
})

test("an abort ends the waiting", async () => {
  const leaving = new AbortController()
  await using server = await answering(500)
  const work = failureOf(retry({ minMs: 60_000, random: () => 0.9 })(loopbackSend(server))({ ...get, signal: leaving.signal }))
  await expect.poll(() => server.asked.length).toBe(1)
  leaving.abort()
  expect((await work).code).toBe("cancelled")
})

test("errors say nothing of a URL's query (S19)", async () => {
  await using server = await answering(500, 500)
  const failure = await failureOf(retry({ ...quick, attempts: 2 })(loopbackSend(server))(get))
  expect(JSON.stringify([failure, failure.message, failure.stack])).not.toContain("canary")
})
