import { image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { soon } from "../runtime/runtime.fixture.ts"
import { newToken, type Session, type TestApi, testApi } from "./api.fixture.ts"
import { type Example, examples } from "./rest/examples.ts"

/** A source and a target that speak plain HTTP, known to the configuration; a project that goes to the target. */
async function seedApi() {
  const nginx = image({ seed: "nginx", layers: [{ sizeBytes: 4096 }] })
  const hub = await testRegistry({ images: { "library/nginx:1.27": nginx } })
  const harbor = await testRegistry({ auth: { basic: { admin: "Harbor-secret-1" } } })
  onTestFinished(async () => {
    await Promise.all([hub.close(), harbor.close()])
  })
  const hosts = { [hub.host]: { plainHttp: true }, [harbor.host]: { plainHttp: true } }
  const api = await testApi({ configuration: { hosts } })
  const as = await api.admin()
  const admin = await api.actorOf(as)
  const { services } = api.runtime
  const login = { username: "admin", password: "Harbor-secret-1" }
  const target = await services.targets.create(admin, { name: "harbor", address: harbor.host, plainHttp: true, ...login })
  await services.projects.create(admin, { name: "team", path: "team", targetId: target.id })
  return { api, as, hub, harbor, nginx }
}

test("seeds 0 and 1: every example is answered as it stands, field by field", async () => {
  const { api, as, hub, harbor, nginx } = await seedApi()
  const names: Record<string, string> = { hub: hub.host, harbor: harbor.host, token: newToken }
  for (const example of examples) {
    const filled = fill(example, names)
    if (example.request.includes("/{id}")) await endOf(api, as, Number(names.id))
    const { status, json } = await api.ask(filled.request, {
      as,
      ...(filled.body === undefined ? {} : { body: filled.body }),
    })
    expect([example.title, status, json]).toEqual([example.title, example.status, expected(filled)])
    if (json.id !== undefined) names.id = String(json.id)
  }
  expect(harbor.holds("proxy/nginx:1.27", nginx)).toBe(true)
  expect(harbor.holds("team/web/nginx:stable", nginx)).toBe(true)
})

test("seed 0: sentences are English where Accept-Language prefers it", async () => {
  const { api, as, hub, harbor } = await seedApi()
  const headers = { "accept-language": "en-GB,en;q=0.9,zh;q=0.1" }
  const login = await api.ask("POST /api/auth/login", { body: { token: newToken }, headers })
  expect(login.json).toEqual({ success: true, message: "Logged in" })
  const body = {
    source_image: `${hub.host}/library/nginx:1.27`,
    target_host: harbor.host,
    target_username: "admin",
    target_password: "x",
  }
  const refused = await api.ask("POST /api/proxy/start", { as, body, headers })
  expect(refused.json.message).toBe(
    `Mirroring failed: The target registry refused the login; check user and password (${harbor.host}, HTTP 401)`,
  )
})

test("seed 0: a client that leaves does not cancel what it asked for", async () => {
  const { api, as, hub, harbor, nginx } = await seedApi()
  hub.fail("GET blob", { as: "stall", forMs: 300 })
  const leaving = new AbortController()
  const left = fetch(`${api.origin}/api/proxy/start`, {
    method: "POST",
    signal: leaving.signal,
    headers: { "content-type": "application/json", cookie: as, origin: api.origin },
    body: JSON.stringify({
      source_image: `${hub.host}/library/nginx:1.27`,
      target_host: harbor.host,
      target_username: "admin",
      target_password: "Harbor-secret-1",
    }),
  }).catch((error: Error) => error.name)
  await expect.poll(() => hub.count("GET blob")).toBeGreaterThan(0)
  leaving.abort()
  expect(await left).toBe("AbortError")
  await expect
    .poll(async () => (await api.ask("GET /api/history", { as })).json.data[0]?.status, { timeout: 10_000 })
    .toBe("success")
  expect(harbor.repositories().some((name) => harbor.holds(`${name}:1.27`, nginx))).toBe(true)
  expect(api.errors).toEqual([])
})

test("seed 0: the history goes on from page to page", async () => {
  const { api, as, hub, harbor } = await seedApi()
  const start = (n: number) =>
    api.ask("POST /api/proxy/start", {
      as,
      body: {
        source_image: `${hub.host}/library/nginx:1.27`,
        target_host: harbor.host,
        target_username: "admin",
        target_password: "Harbor-secret-1",
        target_image: `${harbor.host}/proxy/nginx:${n}`,
      },
    })
  for (const n of [1, 2, 3]) expect((await start(n)).status).toBe(200)
  const first = await api.ask("GET /api/history?limit=2", { as })
  expect(first.json.data.map(tagOf)).toEqual(["3", "2"])
  const second = await api.ask(`GET /api/history?limit=2&cursor=${first.json.next_cursor}`, { as })
  expect([second.json.data.map(tagOf), second.json.next_cursor]).toEqual([["1"], null])
  const batch = { source_images: [`${hub.host}/library/nginx:none`], target_host: harbor.host }
  const { job } = (await api.ask("POST /api/jobs", { as, body: batch })).json
  await api.runtime.services.jobs.ended(await api.actorOf(as), job.id, soon())
  const newest = (await api.ask("GET /api/history?limit=1", { as })).json
  expect(newest.data.map(({ status, id }: { status: string; id: number }) => [status, id])).toEqual([["failed", job.id + 1]])
  const next = await api.ask(`GET /api/history?limit=1&cursor=${newest.next_cursor}`, { as })
  expect(next.json.data.map(tagOf)).toEqual(["3"])
  expect((await api.ask("GET /api/history?status=failed", { as })).json.data).toHaveLength(1)
  expect((await api.ask("GET /api/history?limit=0", { as })).status).toBe(400)
  expect((await api.ask("GET /api/history?limit=201", { as })).status).toBe(400)
  expect((await api.ask("GET /api/history?status=queued", { as })).status).toBe(400)
})

function tagOf(entry: { readonly target_image: string }): string {
  return entry.target_image.split(":").at(-1) ?? ""
}

async function endOf(api: TestApi, as: Session, id: number): Promise<void> {
  const actor = await api.actorOf(as)
  await api.runtime.services.jobs.ended(actor, id, AbortSignal.timeout(10_000))
}

function fill(example: Example, names: Readonly<Record<string, string>>): Example {
  const text = JSON.stringify(example).replace(/\{(hub|harbor|token|id)\}/g, (_, name: string) => names[name] ?? "")
  return JSON.parse(text)
}

/** The example's answer, with the kind of value where the value itself varies. */
function expected({ answer, varies = [] }: Example): unknown {
  const copy = structuredClone(answer)
  for (const path of varies) {
    const parts = path.split(".")
    const last = parts.pop() ?? ""
    const holder = parts.reduce<Record<string, unknown>>(
      (at, part) => at[part] as Record<string, unknown>,
      copy as Record<string, unknown>,
    )
    holder[last] = kindOf(holder[last])
  }
  return copy
}

function kindOf(value: unknown): unknown {
  if (value === null) return expect.toSatisfy((seen) => seen === null || typeof seen === "number")
  if (typeof value === "number") return expect.any(Number)
  if (typeof value === "string" && /^\d{4}-/.test(value)) return expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  return expect.any(String)
}
