import { expect, test } from "vitest"
import { type TestApi, testApi } from "./api.fixture.ts"

const password = "a password of her own"
const basic = (name: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`,
})

/** Somebody with a password, and how they show it. */
async function person(api: TestApi, role: "admin" | "operator" = "admin", name = "ann") {
  const admin = await api.actorOf(await api.admin())
  await api.runtime.services.accounts.createUser(admin, { name, password, role })
  return { headers: basic(name, password) }
}

test("seed 3: an administrator manages sources with name and password", async () => {
  const api = await testApi()
  const as = await person(api)
  const listed = await api.ask("GET /api/registries", as)
  expect(listed.status).toBe(200)
  expect(listed.json.registries.map(({ registry }: { registry: string }) => registry)).toEqual([
    "docker.elastic.co",
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "mcr.microsoft.com",
    "nvcr.io",
    "public.ecr.aws",
    "quay.io",
    "registry.k8s.io",
  ])
  const source = {
    name: "mirror",
    url: "http://127.0.0.1:9/dockerhub",
    priority: 1,
    username: "robot",
    password: "canary password",
  }
  const made = await api.ask("POST /api/registries", { ...as, body: source })
  expect(made.status).toBe(201)
  const { id } = made.json.registry
  expect(made.json).toEqual({
    success: true,
    registry: {
      id,
      name: "mirror",
      url: "http://127.0.0.1:9",
      registry: "docker.io",
      prefix: "dockerhub",
      priority: 1,
      enabled: true,
      virtual_hosts: [],
      tag_ttl: null,
      tls_verify: true,
      username: "robot",
      has_password: true,
      available: true,
      last_error: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    },
  })
  const changed = await api.ask("PUT /api/registries", { ...as, body: { id, enabled: false, tag_ttl: 90, prefix: "" } })
  expect(changed.json.registry).toMatchObject({
    ...{ name: "mirror", enabled: false, tag_ttl: 90, prefix: "", has_password: true, available: false },
  })
  const again = await api.ask("POST /api/registries", { ...as, body: source })
  expect([again.status, again.json.error.code, again.json.error.detail]).toEqual([
    409,
    "CONFLICT",
    "there is an upstream mirror already",
  ])
  expect((await api.ask(`DELETE /api/registries/${id}`, as)).json).toEqual({ success: true })
  expect((await api.ask(`DELETE /api/registries/${id}`, as)).status).toBe(404)
  expect(JSON.stringify([listed.json, made.json, changed.json])).not.toContain("canary")
})

test("seed 3: whitelist, users and logs", async () => {
  const api = await testApi()
  const as = await person(api)
  const rule = await api.ask("POST /api/whitelists", { ...as, body: { prefix: "helloz" } })
  expect([rule.status, rule.json.whitelist.prefix]).toEqual([201, "helloz"])
  expect((await api.ask("GET /api/whitelists", as)).json.whitelists).toEqual([rule.json.whitelist])
  expect((await api.ask(`DELETE /api/whitelists/${rule.json.whitelist.id}`, as)).status).toBe(200)

  const user = await api.ask("POST /api/users", { ...as, body: { username: "puller", password: "docker login password" } })
  expect([user.status, user.json.user.username, user.json.user.enabled]).toEqual([201, "puller", true])
  expect((await api.ask("GET /api/users", as)).json.users).toEqual([user.json.user])
  expect((await api.ask(`DELETE /api/users/${user.json.user.id}`, as)).status).toBe(200)

  await api.runtime.database.accessLog.append([
    {
      at: Date.parse("2026-11-21T12:00:00Z"),
      user: "=cmd()",
      address: "192.0.2.7",
      action: "pull",
      method: "GET",
      repository: "docker.io/library/nginx",
      reference: "latest",
      status: 404,
      bytes: 12,
      durationMs: 3,
      cache: "miss",
      upstream: "registry-1.docker.io",
      userAgent: "docker/29",
    },
  ])
  const entry = {
    id: expect.any(Number),
    time: "2026-11-21T12:00:00Z",
    username: "=cmd()",
    ip: "192.0.2.7",
    action: "pull",
    method: "GET",
    image: "docker.io/library/nginx",
    reference: "latest",
    status: 404,
    bytes: 12,
    duration: 3,
    cache: "miss",
    upstream: "registry-1.docker.io",
    user_agent: "docker/29",
  }
  const found = await api.ask("GET /api/logs?status=4xx&image=docker.io/library/&since=2026-11-21T11:00:00Z", as)
  expect(found.json).toEqual({ success: true, logs: [entry], next_cursor: null, dropped: 0 })
  expect((await api.ask("GET /api/logs?status=200", as)).json.logs).toEqual([])
  const file = await api.ask("GET /api/logs/export", as)
  expect(file.text.split("\r\n")[0]).toBe(
    "\uFEFFid,time,username,ip,action,method,image,reference,status,bytes,duration,cache,upstream,user_agent",
  )
  expect(file.text.split("\r\n")[1]).toContain(",2026-11-21T12:00:00Z,'=cmd(),192.0.2.7,pull,GET,")
  expect(JSON.parse((await api.ask("GET /api/logs/export?format=json", as)).text)).toEqual([entry])
  expect((await api.ask("DELETE /api/logs", as)).json).toEqual({ success: true, removed: 1 })
})

test("a session, a bearer, and a name with a key do as well as a password", async () => {
  const api = await testApi()
  const session = await api.admin()
  const admin = await api.actorOf(session)
  const { accounts } = api.runtime.services
  const keys = await Promise.all(
    (["admin", "jobs:write"] as const).map((scope) =>
      accounts.createKey(admin, { name: scope, scopes: [scope], expiresAt: null }),
    ),
  )
  const [all = "", few = ""] = keys.map(({ secret }) => secret)
  const statusOf = async (asking: Parameters<TestApi["ask"]>[1]) => (await api.ask("GET /api/users", asking)).status
  expect(await statusOf({ as: session })).toBe(200)
  expect(await statusOf({ bearer: all })).toBe(200)
  expect(await statusOf({ headers: basic("admin", all) })).toBe(200)
  expect(await statusOf({ headers: basic("somebody", all) })).toBe(401)
  expect(await statusOf({ headers: basic("admin", few) })).toBe(403)
  expect(await statusOf(await person(api, "operator", "operator"))).toBe(403)
})

test("S15: who has no password yet shows the token, and a known one opens nothing", async () => {
  const api = await testApi()
  const known = await api.ask("GET /api/users", { headers: basic("admin", "docker-transformer") })
  expect([known.status, known.json.error.code]).toEqual([403, "TOKEN_CHANGE_REQUIRED"])
  await api.admin()
  expect((await api.ask("GET /api/users", { headers: basic("admin", "docker-transformer") })).status).toBe(401)
  expect((await api.ask("GET /api/users", { headers: basic("admin", "a-token-of-our-own-0123456789") })).status).toBe(200)
})

test("only seed 3's routes offer and take passwords", async () => {
  const api = await testApi()
  const as = await person(api)
  const nobody = await api.ask("GET /api/registries")
  expect([nobody.status, nobody.headers["www-authenticate"]]).toEqual([
    401,
    'Basic realm="entrepot", charset="UTF-8", Bearer realm="entrepot"',
  ])
  const other = await api.ask("GET /api/jobs", as)
  expect([other.status, other.headers["www-authenticate"]]).toEqual([401, 'Bearer realm="entrepot"'])
  expect((await api.ask("GET /api/registries", as)).headers["www-authenticate"]).toBeUndefined()
})

test("S17: a password that a browser sends for another site's page changes nothing", async () => {
  const api = await testApi()
  const { headers } = await person(api)
  for (const foreign of [{ origin: "https://evil.example.com" }, { "sec-fetch-site": "cross-site" }]) {
    const answer = await api.ask("DELETE /api/logs", { headers: { ...headers, ...foreign } })
    expect([answer.status, answer.json.error.code]).toEqual([403, "FOREIGN_ORIGIN"])
  }
})

test("S16: guesses at a password are slowed down as logins are", async () => {
  const api = await testApi()
  await person(api)
  const statuses: number[] = []
  for (let guess = 0; guess < 7; guess++) {
    statuses.push((await api.ask("GET /api/users", { headers: basic("ann", `guess ${guess}`) })).status)
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
  expect((await api.ask("GET /api/users", { headers: basic("ann", password) })).status).toBe(429)
})
