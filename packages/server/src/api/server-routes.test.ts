import { expect, test } from "vitest"
import { newToken, sessionOf, testApi } from "./api.fixture.ts"

test("the server says that it lives, and that it takes work until it drains", async () => {
  const api = await testApi()
  const ask = async (path: string) => {
    const { status, json } = await api.ask(`GET ${path}`)
    return [status, json]
  }
  expect(await ask("/healthz")).toEqual([200, { status: "ok" }])
  expect(await ask("/readyz")).toEqual([200, { status: "ok" }])
  await api.runtime.drain(0)
  expect(await ask("/healthz")).toEqual([200, { status: "ok" }])
  expect(await ask("/readyz")).toEqual([503, { status: "unavailable" }])
})

test("HEAD is GET without its body", async () => {
  const api = await testApi()
  const answer = await api.ask("HEAD /healthz")
  expect([answer.status, answer.text, answer.headers["content-length"]]).toEqual([200, "", "15"])
})

test("over TLS, as a trusted proxy or the public address says, the cookie is the stricter one", async () => {
  const cookieOf = async (configuration: object, headers: Record<string, string>) => {
    const api = await testApi({ configuration })
    const answer = await api.ask("POST /api/auth/login", { body: { token: "docker-transformer" }, headers })
    return answer.headers["set-cookie"]?.[0]?.replace(/=[\w-]+;/, "=…;")
  }
  const strict = "__Host-entrepot=…; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure"
  const plain = "entrepot_session=…; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict"
  const forwarded = { "x-forwarded-proto": "https" }
  expect(await cookieOf({ publicUrl: "https://mirror.example.com" }, {})).toBe(strict)
  expect(await cookieOf({ trustedProxies: ["127.0.0.1"] }, forwarded)).toBe(strict)
  expect(await cookieOf({}, forwarded)).toBe(plain)
})

test("links name the server as its clients see it", async () => {
  const api = await testApi({ configuration: { publicUrl: "http://mirror.example.com:8080" } })
  const as = await api.admin()
  const { json } = await api.ask("POST /api/jobs", {
    as,
    body: { source_image: "127.0.0.1:9/a:1", target_host: "127.0.0.1:9", target_image: "b:1" },
  })
  expect(json.job.links.self).toBe(`http://mirror.example.com:8080/api/jobs/${json.job.id}`)
})

test("a wrong bearer is told so, even beside a right cookie", async () => {
  const api = await testApi()
  const as = await api.admin()
  const answer = await api.ask("GET /api/auth/me", { as, bearer: "ept_0123456789abcdef_wrong" })
  expect([answer.status, answer.headers["www-authenticate"]]).toEqual([401, 'Bearer realm="entrepot"'])
})

test("S16: guesses at the token end in 429 with a time to wait", async () => {
  const api = await testApi()
  await api.admin()
  const statuses: number[] = []
  for (let i = 0; i < 40; i++) statuses.push((await api.ask("POST /api/auth/login", { body: { token: `guess-${i}` } })).status)
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10)
  expect(statuses.at(-1)).toBe(429)
  const refused = await api.ask("POST /api/auth/login", { body: { token: newToken } })
  expect([refused.status, Number(refused.headers["retry-after"]) > 0]).toEqual([429, true])
})

test("who asked is known to the log once it was looked up", async () => {
  const api = await testApi()
  const names: (string | undefined)[] = []
  api.server.on("request", (request, response) => response.once("close", () => names.push(api.listener.whoIs(request))))
  const session = sessionOf(await api.ask("POST /api/auth/login", { body: { token: "docker-transformer" } }))
  await api.ask("GET /api/auth/me", { as: session })
  await expect.poll(() => names).toEqual([undefined, "admin"])
})
