import { createServer } from "node:net"
import { expect, test } from "vitest"
import type { Clock } from "../content/clock.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { createHttp } from "./create-http.ts"
import { staticCredentials } from "./credentials/static-credentials.ts"
import type { HttpRequest } from "./http.ts"
import { type LoopbackServer, loopbackServer } from "./layers/loopback-server.fixture.ts"

const quick = { retry: { minMs: 1, maxMs: 2 } }

function manifest(url: URL, method: "GET" | "HEAD" = "HEAD"): HttpRequest {
  return { method, url: new URL("v2/app/manifests/latest", url), origin: "configured", scopes: ["repository:app:pull"] }
}

/** A registry whose token server lives at /token on the same port. */
async function tokenRegistry(): Promise<LoopbackServer> {
  const registry: LoopbackServer = await loopbackServer((asked, response) => {
    if (asked.path.startsWith("/token")) return response.end(JSON.stringify({ token: "good", expires_in: 300 }))
    if (asked.headers.authorization === "Bearer good") return response.end()
    const challenge = `Bearer realm="${registry.url}/token",service="the registry",scope="repository:app:pull"`
    return response.writeHead(401, { "www-authenticate": challenge }).end()
  })
  return registry
}

test("the first request costs a challenge and a token, the second costs one request", async () => {
  await using registry = await tokenRegistry()
  const http = createHttp(quick)
  const url = await http.baseUrl(registry.host)
  expect((await http.send(manifest(url))).status).toBe(200)
  expect((await http.send(manifest(url))).status).toBe(200)
  expect(registry.asked.map((asked) => `${asked.method} ${asked.path}`)).toEqual([
    "HEAD /v2/app/manifests/latest",
    "GET /token?service=the+registry&scope=repository%3Aapp%3Apull",
    "HEAD /v2/app/manifests/latest",
    "HEAD /v2/app/manifests/latest",
  ])
  await http.close()
})

test("after the first challenge of a host another repository's token is fetched without a 401", async () => {
  await using registry = await tokenRegistry()
  const http = createHttp(quick)
  const url = await http.baseUrl(registry.host)
  await http.send(manifest(url))
  const before = registry.asked.length
  await http.send({ ...manifest(url), scopes: ["repository:other:pull"] })
  expect(registry.asked.slice(before).map((asked) => `${asked.method} ${asked.path}`)).toEqual([
    "GET /token?service=the+registry&scope=repository%3Aother%3Apull",
    "HEAD /v2/app/manifests/latest",
  ])
  await http.close()
})

test("credentials go to the token server as Basic, and never with an anonymous first request", async () => {
  await using registry = await tokenRegistry()
  const http = createHttp({ ...quick, credentials: staticCredentials({ [registry.host]: { username: "ada", password: "p:w" } }) })
  await http.send(manifest(await http.baseUrl(registry.host)))
  expect(registry.asked.map((asked) => asked.headers.authorization)).toEqual([
    undefined,
    `Basic ${Buffer.from("ada:p:w").toString("base64")}`,
    "Bearer good",
  ])
  await http.close()
})

test("a burst of 500, 502, 503 and 504 ends well (fault 26)", async () => {
  const statuses = [500, 502, 503, 504, 200]
  await using registry = await loopbackServer((_, response) => response.writeHead(statuses.shift() ?? 200).end("fine"))
  const http = createHttp(quick)
  const response = await http.send(manifest(await http.baseUrl(registry.host), "GET"))
  expect((await response.body.bytes(100)).toString()).toBe("fine")
  expect(registry.asked.length).toBe(5)
  await http.close()
})

async function failureOf(work: Promise<unknown>): Promise<TransferError> {
  try {
    await work
  } catch (error) {
    if (error instanceof TransferError) return error
    throw error
  }
  throw new Error("did not fail")
}

/** A server that speaks whatever bytes it likes, one answer a connection. */
async function rawServer(...answers: string[]): Promise<AsyncDisposable & { host: string }> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined)
    socket.once("data", () => socket.end(answers.shift() ?? "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    host: `127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

test("nobody listens: six tries, then network; other hosts are not affected (fault 1)", async () => {
  const gone = await loopbackServer((_, response) => response.end())
  await gone[Symbol.asyncDispose]()
  await using registry = await loopbackServer((_, response) => response.end())
  const http = createHttp(quick)
  const dead = failureOf(http.send(manifest(await http.baseUrl(gone.host))))
  expect((await http.send(manifest(await http.baseUrl(registry.host)))).status).toBe(200)
  expect(await dead).toMatchObject({
    code: "network",
    message: `connection refused by ${gone.host}`,
    host: gone.host,
    attempts: 6,
    hint: "check the address, the network, and whether a proxy is needed",
  })
  await http.close()
})

test.each([
  ["ENOTFOUND", 2],
  ["EAI_AGAIN", 6],
])("a name that fails to resolve with %s is looked up %i times (fault 2)", async (code, times) => {
  let lookups = 0
  const lookup = async () => {
    lookups += 1
    throw Object.assign(new Error(code), { code })
  }
  const http = createHttp({ ...quick, lookup })
  expect(await failureOf(http.send(manifest(await http.baseUrl("registry.example.com"))))).toMatchObject({
    code: "network",
    attempts: times,
  })
  expect(lookups).toBe(times)
  await http.close()
})

test("a 429 with bare line feeds is an answer that broke, and is asked for again (fault 25, docker/hub-feedback#1907)", async () => {
  await using registry = await rawServer("HTTP/1.1 429 Too Many Requests\nretry-after: 1\n\nslow down", "HTTP/1.1 429 Too\nMany")
  const http = createHttp({ ...quick, hosts: { [registry.host]: { plainHttp: true } } })
  expect((await http.send(manifest(await http.baseUrl(registry.host)))).status).toBe(200)
  await http.close()
})

test("a 429 of the token endpoint shuts the gate of its host for everybody (fault 24)", async () => {
  let refusals = 1
  const registry: LoopbackServer = await loopbackServer((asked, response) => {
    if (asked.path.startsWith("/token"))
      return refusals-- > 0 ? response.writeHead(429, { "retry-after": "40" }).end() : response.end('{"token":"good"}')
    if (asked.headers.authorization === "Bearer good") return response.end()
    return response.writeHead(401, { "www-authenticate": `Bearer realm="${registry.url}/token"` }).end()
  })
  await using _ = registry
  let now = 0
  const slept: number[] = []
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms)
      now += ms
    },
  }
  const notices: string[] = []
  const http = createHttp({ ...quick, clock, random: () => 0, onNotice: (notice) => notices.push(notice.message) })
  expect((await http.send(manifest(await http.baseUrl(registry.host)))).status).toBe(200)
  expect(slept.filter((ms) => ms > 0)).toEqual([40_000])
  expect(notices).toEqual([`${registry.host} asks us to wait 40 s`])
  await http.close()
})

test("a token endpoint that asks for more than 15 minutes ends the request, and says until when (fault 24)", async () => {
  const registry: LoopbackServer = await loopbackServer((asked, response) => {
    if (asked.path.startsWith("/token")) return response.writeHead(429, { "retry-after": "1800" }).end()
    return response.writeHead(401, { "www-authenticate": `Bearer realm="${registry.url}/token"` }).end()
  })
  await using _ = registry
  const http = createHttp(quick)
  const url = await http.baseUrl(registry.host)
  const failure = await failureOf(http.send(manifest(url)))
  expect(failure).toMatchObject({ code: "rate_limited", host: registry.host })
  expect(failure.retryAfterMs).toBeGreaterThan(1_700_000)
  expect(registry.asked.filter((asked) => asked.path.startsWith("/token")).length).toBe(1)
  await http.close()
})

test("a redirect to a second host that asks for a login: no Authorization is seen there (S2)", async () => {
  await using second = await loopbackServer((_, response) => {
    response.writeHead(401, { "www-authenticate": `Bearer realm="http://${second.host}/token",service="evil"` }).end()
  })
  await using registry = await loopbackServer((asked, response) => {
    if (!asked.headers.authorization) return response.writeHead(401, { "www-authenticate": "Basic" }).end()
    return response.writeHead(302, { location: `http://${second.host}/blob?sig=1` }).end()
  })
  const credentials = async () => staticCredentials({ x: { username: "ada", password: "canary" } })("x")
  const http = createHttp({ ...quick, credentials, hosts: { [second.host]: {} } })
  const response = await http.send(manifest(await http.baseUrl(registry.host), "GET"))
  expect(response.status).toBe(401)
  expect(second.asked.map((asked) => [asked.path, asked.headers.authorization])).toEqual([["/blob?sig=1", undefined]])
  await http.close()
})

test("a redirect to a loopback port that nobody configured is not followed (S3)", async () => {
  await using second = await loopbackServer((_, response) => response.end("inside"))
  await using registry = await loopbackServer((_, response) => response.writeHead(302, { location: second.url }).end())
  const http = createHttp(quick)
  expect((await failureOf(http.send(manifest(await http.baseUrl(registry.host), "GET")))).code).toBe("address_blocked")
  expect(second.asked).toEqual([])
  await http.close()
})

test("a token server on another port of the same address gets no password (S1)", async () => {
  await using tokens = await loopbackServer((_, response) => response.end('{"token":"anonymous"}'))
  await using registry = await loopbackServer((asked, response) => {
    if (asked.headers.authorization === "Bearer anonymous") return response.end()
    return response.writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}/token"` }).end()
  })
  const credentials = staticCredentials({ [registry.host]: { username: "ada", password: "canary" } })
  const http = createHttp({ ...quick, credentials, hosts: { [tokens.host]: {} } })
  expect((await http.send(manifest(await http.baseUrl(registry.host)))).status).toBe(200)
  expect(tokens.asked.map((asked) => [asked.method, asked.headers.authorization])).toEqual([["GET", undefined]])
  await http.close()
})

test("an open registry costs one request from the first on", async () => {
  await using registry = await loopbackServer((_, response) => response.end())
  const http = createHttp()
  await http.send(manifest(await http.baseUrl(registry.host)))
  expect(registry.asked.length).toBe(1)
  await http.close()
})

test("closing ends those who wait for a host's pause", async () => {
  await using registry = await loopbackServer((_, response) => response.writeHead(429, { "retry-after": "600" }).end())
  const http = createHttp(quick)
  const waiting = failureOf(http.send(manifest(await http.baseUrl(registry.host))))
  await expect.poll(() => http.limits.state(registry.host)?.waitingForMs ?? 0).toBeGreaterThan(0)
  await http.close()
  expect((await waiting).code).toBe("cancelled")
})

test("base addresses: https, Docker Hub's API host, and what is configured", async () => {
  const http = createHttp({
    hosts: { "plain.example.com:5000": { plainHttp: true }, "harbor.example.com:443": { tlsVerify: false } },
  })
  const bases = ["docker.io", "ghcr.io", "plain.example.com:5000", "harbor.example.com", "[::1]:5000"]
  expect(await Promise.all(bases.map(async (host) => (await http.baseUrl(host)).href))).toEqual([
    "https://registry-1.docker.io/",
    "https://ghcr.io/",
    "http://plain.example.com:5000/",
    "https://harbor.example.com/",
    "http://[::1]:5000/",
  ])
  expect(http.settings("harbor.example.com")).toEqual({ tlsVerify: false })
  for (const host of ["", "a b", "a/b", "ada@b", "a?b", "a:99999"])
    await expect(http.baseUrl(host)).rejects.toThrow(`not a registry host: ${JSON.stringify(host)}`)
  await http.close()
})

test("a transfer's signal that many requests share draws no warning, and leaving gives all slots back", async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on("warning", onWarning)
  await using registry = await loopbackServer((_, response) => response.write("part"))
  const http = createHttp()
  const url = await http.baseUrl(registry.host)
  const leaving = new AbortController()
  const open = Array.from({ length: 30 }, () =>
    http.send({ ...manifest(url, "GET"), signal: leaving.signal }).catch(() => undefined),
  )
  await expect.poll(() => registry.asked.length).toBeGreaterThan(10)
  leaving.abort()
  await Promise.all(open)
  expect(http.limits.state(registry.host)).toMatchObject({ active: 0, waiting: 0 })
  process.off("warning", onWarning)
  expect(warnings).toEqual([])
  await http.close()
})
