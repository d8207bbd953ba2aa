import { request } from "node:http"
import { connect } from "node:net"
import { expect, test } from "vitest"
import { type Asking, type TestApi, testApi } from "./api.fixture.ts"

/** Everything that a browser could be made to send from elsewhere. */
const foreign = [
  { origin: "http://evil.example" },
  { origin: "null" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { referer: "http://evil.example/" },
] as const

const body = { image: "nginx" }

test("a body that is nested without end is refused like any other that cannot be understood", async () => {
  const api = await testApi()
  const as = await api.admin()
  const nested = "[".repeat(100_000) + "]".repeat(100_000)
  for (const line of ["POST /api/image/parse", "POST /api/trpc/image.parse", "POST /api/trpc/image.parse?batch=1"]) {
    expect([line, await sendText(api, line, as, `{"0":${nested}}`)]).toEqual([line, 400])
  }
  const brackets = JSON.stringify(`${"[{".repeat(100)}"${"[{".repeat(100)}\\`)
  expect(await sendText(api, "POST /api/trpc/image.parse", as, `{"image":"nginx","note":${brackets}}`)).toBe(200)
  expect(api.errors).toEqual([])
})

test("S17: a request with a cookie that another site's page sends is refused; ours and a program's are not", async () => {
  const api = await testApi()
  const cookie = await api.admin()
  const lines = [
    ["POST /api/image/parse", body],
    ["POST /api/trpc/image.parse", body],
    ["DELETE /api/jobs/1", undefined],
    ["GET /api/jobs/1/events", undefined],
  ] as const
  for (const [line, sent] of lines) {
    for (const headers of foreign) {
      const answer = await api.ask(line, { headers: { cookie, ...headers }, ...(sent === undefined ? {} : { body: sent }) })
      const code = answer.json.error.data?.code ?? answer.json.error.code
      expect([line, headers, answer.status, code.toLowerCase()]).toEqual([line, headers, 403, "foreign_origin"])
    }
    for (const headers of [{ origin: api.origin }, { "sec-fetch-site": "same-origin" }, { referer: `${api.origin}/jobs` }, {}]) {
      const answer = await api.ask(line, { headers: { cookie, ...headers }, ...(sent === undefined ? {} : { body: sent }) })
      expect([line, headers, answer.status]).toEqual([line, headers, sent === undefined ? 404 : 200])
    }
  }
})

test("S17: a subscription by cookie from another site's page is refused", async () => {
  const api = await testApi()
  const cookie = await api.admin()
  const { text } = await api.ask("GET /api/trpc/jobs.followQueue?input=%7B%7D", {
    headers: { cookie, origin: "http://evil.example" },
  })
  expect(text).toContain("event: serialized-error")
  expect(text).toContain('"code":"foreign_origin"')
  // Forbidden, not an error of ours: a client would come back for ever.
  expect(text).toContain('"code":-32003')
})

test("S17: nobody logs in from another site's page; programs need no Origin", async () => {
  const api = await testApi()
  const login = (headers: Record<string, string>) =>
    api.ask("POST /api/auth/login", { body: { token: "docker-transformer" }, headers })
  for (const headers of foreign) expect((await login(headers)).status).toBe(403)
  expect((await login({})).status).toBe(200)
})

test("S17: a page whose own name was led to us (DNS rebinding) cannot log in with the default token", async () => {
  const api = await testApi()
  const { port } = new URL(api.origin)
  const host = `evil.example:${port}`
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(`${api.origin}/api/auth/login`, {
      method: "POST",
      headers: { host, origin: `http://${host}`, "content-type": "application/json" },
    })
    sent.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject)
    sent.end(JSON.stringify({ token: "docker-transformer" }))
  })
  expect(status).toBe(403)
})

test("S17: a key needs no Origin, wherever it is used", async () => {
  const api = await testApi()
  const admin = await api.actorOf(await api.admin())
  const { secret } = await api.runtime.services.accounts.createKey(admin, { name: "ci", scopes: ["jobs:write"], expiresAt: null })
  for (const headers of [{}, ...foreign]) {
    expect((await api.ask("POST /api/image/parse", { bearer: secret, body, headers })).status).toBe(200)
  }
})

test("S17: there are no CORS headers, and preflight requests are refused", async () => {
  const api = await testApi()
  const headers = { origin: "http://evil.example", "access-control-request-method": "POST" }
  for (const line of ["OPTIONS /api/history", "OPTIONS /api/trpc/jobs.list", "GET /healthz", "GET /api/openapi.json"]) {
    const answer = await api.ask(line, { headers })
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([])
    expect(answer.status).toBe(line.startsWith("OPTIONS") ? 405 : 200)
  }
})

test("S17: a body is JSON or nothing, whole and at most a mebibyte long", async () => {
  const api = await testApi()
  const as = await api.admin()
  const send = async (text: string, headers: Record<string, string>) => {
    const response = await fetch(`${api.origin}/api/image/parse`, {
      method: "POST",
      body: text,
      headers: { cookie: as, origin: api.origin, ...headers },
    })
    const answer = (await response.json()) as { readonly error?: { readonly code: string } }
    return [response.status, answer.error?.code]
  }
  const json = { "content-type": "application/json" }
  const text = JSON.stringify(body)
  expect(await send(text, json)).toEqual([200, undefined])
  expect(await send(text, { "content-type": "APPLICATION/JSON; charset=utf-8" })).toEqual([200, undefined])
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json+x", ""]) {
    expect(await send(text, { "content-type": type })).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"])
  }
  expect(await send(text, { ...json, "content-encoding": "gzip" })).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"])
  expect(await send("{", json)).toEqual([400, "INVALID"])
  expect(await send('{"image":1}', json)).toEqual([400, "INVALID"])
  expect(await send(`{"image":"${"a".repeat(1024 * 1024)}"}`, json)).toEqual([413, "BODY_TOO_LARGE"])
  const padded = `{"image":"nginx","more":"${" ".repeat(1024 * 1024 - 27)}"}`
  expect(padded.length).toBe(1024 * 1024)
  expect(await send(padded, json)).toEqual([200, undefined])
})

test("S12: no spelling of a path but the right one leads to a route, and none leads past us", async () => {
  const api = await testApi()
  const as = await api.admin()
  const crooked = [
    "//api/history",
    "/api//history",
    "/api/history/",
    "/API/history",
    "/api/History",
    "/api/./history",
    "/x/../api/history",
    "/%61pi/history",
    "/api/%68istory",
    "/api%2fhistory",
    "/api;a/history",
    "/api/history;a",
    "/api/history.rsc",
    "/api/history.json",
    "/api/history%00",
    "/api/jobs/01",
    "/api/jobs/1e0",
    "/api/jobs/%31",
    "/api/jobs/..",
    "/api/jobs/+1",
    "/api",
    "/api/",
    "/api/trpc",
    "/api/trpc/",
    "/api/trpc/jobs.list/",
    "/api/trpc/jobs%2elist",
    "/api/trpc/jobs/list",
    "/api/trpc//jobs.list",
    "/readyz/",
    "/healthz/x",
    "/api/v1/projects/%2e%2e/images/imports",
    "/api/v1/projects/../images/imports",
  ]
  for (const path of crooked) {
    const answer = await api.ask(`GET ${path}`, { as })
    expect([path, answer.status, answer.json?.error?.code]).toEqual([path, 404, "NOT_FOUND"])
  }
  expect((await api.ask("GET /api/trpc/toString", { as })).status).toBe(404)
  expect((await api.ask("GET /api/trpc/__proto__.x", { as })).status).toBe(404)
})

test("S12: headers of frameworks open nothing", async () => {
  const api = await testApi()
  const probes = [
    { "x-middleware-subrequest": "src/middleware:src/middleware:src/middleware:src/middleware:src/middleware" },
    { "x-middleware-prefetch": "1" },
    { rsc: "1", "next-router-prefetch": "1" },
    { "next-action": "0000000000000000000000000000000000000000" },
    { "x-original-url": "/healthz" },
    { "x-rewrite-url": "/healthz" },
    { "x-http-method-override": "GET" },
  ]
  for (const headers of probes) {
    for (const line of ["GET /api/history", "GET /api/trpc/jobs.list", "POST /api/trpc/accounts.users.create"]) {
      expect([headers, line, (await api.ask(line, { headers: (headers as Asking["headers"]) ?? {} })).status]).toEqual([
        headers,
        line,
        401,
      ])
    }
  }
})

test("S12: requests to upgrade are refused, an offer of HTTP/2 is passed over", async () => {
  const api = await testApi()
  const statusLine = (upgrade: string) =>
    speak(
      api,
      `GET /healthz HTTP/1.1\r\nHost: ${api.host}\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\nConnection: close\r\n\r\n`,
    )
  expect(await statusLine("websocket")).toBe("HTTP/1.1 400 Bad Request")
  expect(await statusLine("h2c")).toBe("HTTP/1.1 200 OK")
})

test("an absolute or strange request target is refused and never handed on", async () => {
  const api = await testApi()
  const line = (target: string) => speak(api, `GET ${target} HTTP/1.1\r\nHost: ${api.host}\r\nConnection: close\r\n\r\n`)
  expect(await line(`http://${api.host}/healthz`)).toBe("HTTP/1.1 404 Not Found")
  expect(await line("*")).toBe("HTTP/1.1 404 Not Found")
})

test("every answer of ours carries the headers that keep it to itself", async () => {
  const api = await testApi()
  for (const line of [
    "GET /healthz",
    "GET /api/nothing",
    "GET /api/history",
    "GET /api/trpc/jobs.list",
    "POST /api/trpc/x",
    "PUT /api/jobs",
  ]) {
    expect((await api.ask(line)).headers).toMatchObject({
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    })
  }
  expect((await api.ask("GET /somewhere")).text).toBe("a page")
})

/** Sends these bytes, and returns the first line of the answer. */
function speak(api: TestApi, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(api.port, "127.0.0.1", () => socket.write(bytes))
    let text = ""
    socket.on("data", (chunk) => {
      text += chunk.toString()
    })
    socket.once("error", reject)
    socket.once("close", () => resolve(text.split("\r\n")[0] ?? ""))
  })
}

/** The status that a body gets which is sent as it stands. */
function sendText({ host, port, origin }: TestApi, line: string, cookie: string, text: string): Promise<number | undefined> {
  const [method = "", path = ""] = line.split(" ")
  const headers = { host, origin, cookie, "content-type": "application/json", "content-length": Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    const sent = request({ method, path, host: "127.0.0.1", port, agent: false, headers })
    sent.once("error", reject)
    sent.once("response", (response) => {
      response.once("end", () => resolve(response.statusCode)).resume()
    })
    sent.end(text)
  })
}
