import { expect, test } from "vitest"
import { createHttp } from "./create-http.ts"
import { staticCredentials } from "./credentials/static-credentials.ts"
import type { HttpRequest } from "./http.ts"
import { type LoopbackServer, loopbackServer } from "./layers/loopback-server.ts"

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
