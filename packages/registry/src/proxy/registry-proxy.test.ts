import { createServer } from "node:http"
import { listenOnLoopback, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { app, signal, testProxy, upstreamAt } from "./proxy.fixture.ts"

interface Asked {
  readonly url: string
  readonly token: string | undefined
}

/** A server that answers every request with this, and remembers what it was asked. */
async function answering(
  status: number,
  body: string,
): Promise<{ readonly origin: string; readonly host: string; readonly asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? "", token: request.headers["x-docker-token"]?.toString() })
    response.writeHead(status, { "content-type": "application/json" }).end(body)
  })
  const listening = await listenOnLoopback(server)
  onTestFinished(() => listening.close())
  return { origin: `http://127.0.0.1:${listening.port}`, host: `127.0.0.1:${listening.port}`, asked }
}

const found = { name: "bitnami/redis", description: "Redis", star_count: 7, is_official: false, is_automated: true }
const query = { text: "redis & co", pageSize: 25, page: 2 }

test("a search is passed to the index of the default registry's first upstream that has one", async () => {
  const noise = [{ description: "no name" }, null, 3, { name: "x".repeat(300) }, { name: "bare" }]
  const index = await answering(200, JSON.stringify({ num_results: 91, results: [found, ...noise] }))
  await using mirror = await testRegistry({})
  const { proxy } = await testProxy([upstreamAt(mirror, { id: 1, priority: 1 }), upstreamAt(index, { id: 2, priority: 2 })])
  const bare = { name: "bare", description: "", star_count: 0, is_official: false, is_automated: false }
  expect(await proxy.search(query, signal)).toEqual({ results: [found, bare], total: 91, upstream: index.host })
  expect(index.asked).toEqual([{ url: "/v1/search?q=redis+%26+co&n=25&page=2", token: "true" }])
})

test("where no upstream has an index nothing is found; where one cannot be asked that is said", async () => {
  await using mirror = await testRegistry({})
  const one = await testProxy([upstreamAt(mirror)])
  expect(await one.proxy.search(query, signal)).toEqual({ results: [], total: 0, upstream: "" })
  for (const [status, body, error] of [
    [500, "", { code: "server_error" }],
    [200, "<html>", { code: "protocol" }],
    [200, `{"results":[],"padding":"${"x".repeat(1024 * 1024)}"}`, { code: "too_large" }],
  ] as const) {
    one.use(upstreamAt(await answering(status, body)))
    await expect(one.proxy.search(query, signal)).rejects.toMatchObject(error)
  }
})

test("names of search results are completed as Docker completes them", async () => {
  const hub = { origin: "https://registry-1.docker.io" }
  const { proxy } = await testProxy([upstreamAt(hub, { registry: "docker.io" })], { defaultRegistry: "docker.io" })
  const names = ["nginx", "bitnami/redis"].map((name) => proxy.nameOfResult({ name }).name)
  expect(names).toEqual(["docker.io/library/nginx", "docker.io/bitnami/redis"])
  expect(() => proxy.nameOfResult({ name: "Bad Name" })).toThrow("this is no repository name")
})

test("repositories are listed in the order of their names, with where they came from", async () => {
  const { proxy, database, warehouse } = await testProxy([])
  const project = await database.projects.create({ name: "team", ownerId: 1, targetId: null, path: "team" }, 0)
  await database.warehouse.ensureRepository({ name: "team/app", projectId: project.id, registry: null }, 0)
  for (const [name, registry] of [
    ["ghcr.io/owner/app", "ghcr.io"],
    ["docker.io/library/nginx", "docker.io"],
  ] as const) {
    const { id } = await warehouse.proxiedRepository(name, registry)
    await database.warehouse.setShared(id, true)
  }
  const nginx = { kind: "proxied", name: "docker.io/library/nginx", registry: "docker.io", path: "library/nginx" }
  const owner = { kind: "proxied", name: "ghcr.io/owner/app", registry: "ghcr.io", path: "owner/app" }
  expect(await proxy.repositories({ limit: 2 })).toEqual([nginx, owner])
  expect(await proxy.repositories({ after: "ghcr.io/owner/app", limit: 2 })).toEqual([
    { kind: "hosted", project: "team", name: "team/app" },
  ])
})

test("S6: what a project hosts under a registry's name is not read as the registry's", async () => {
  await using hub = await testRegistry({})
  const { proxy, database } = await testProxy([upstreamAt(hub)])
  const project = await database.projects.create({ name: "hub.test", ownerId: 1, targetId: null, path: "" }, 0)
  await database.warehouse.ensureRepository({ name: app.name, projectId: project.id, registry: null }, 0)
  const refusal = { code: "NAME_UNKNOWN", message: "hub.test/team/app belongs to a project of this registry" }
  const repository = proxy.repository(app)
  await expect(repository.manifest("v1", signal)).rejects.toMatchObject(refusal)
  await expect(repository.blob(`sha256:${"0".repeat(64)}`, signal)).rejects.toMatchObject(refusal)
  expect(repository.recall("v1")).toBeUndefined()
})

test("S3: the check of an upstream says what is wrong, and not a word of what was answered", async () => {
  await using hub = await testRegistry({ auth: { basic: { robot: "right" } } })
  const { proxy } = await testProxy([])
  const yes = { answer: "yes" }
  const plain = { answer: "plain" }
  const unknown = { answer: "unknown" }
  const refused = { answer: "no", code: "unauthorized" }
  expect(await proxy.check(upstreamAt(hub), signal)).toMatchObject({ reachable: yes, tls: plain, credentials: refused })
  const canary = await answering(403, JSON.stringify({ errors: [{ code: "DENIED", message: "canary" }] }))
  const answer = await proxy.check(upstreamAt(canary), signal)
  expect(answer).toMatchObject({ reachable: yes, credentials: { answer: "no", code: "forbidden" } })
  expect(JSON.stringify(answer)).not.toContain("canary")
  await hub.close()
  expect(await proxy.check(upstreamAt(hub), signal)).toMatchObject({
    reachable: { answer: "no", code: "network" },
    credentials: unknown,
  })
})

test("S3: our own sockets are not dialled, although somebody configured them", async () => {
  await using hub = await testRegistry({})
  const { proxy } = await testProxy([upstreamAt(hub)], { http: { denied: [hub.host] } })
  await expect(proxy.repository(app).manifest("v1", signal)).rejects.toMatchObject({
    status: 502,
    message: `${hub.host} cannot be asked, and this is not here yet`,
    cause: { code: "address_blocked" },
  })
  expect(hub.connections).toBe(0)
})

test("S3: what is not configured is not dialled, whatever Host and ns= say", async () => {
  await using hub = await testRegistry({})
  await using stranger = await testRegistry({})
  const { proxy } = await testProxy([upstreamAt(hub, { virtualHosts: ["mirror.example.com"] })])
  const isProject = () => false
  for (const host of [stranger.host, "169.254.169.254", "localhost"]) {
    expect(() => proxy.resolve("team/app", { host: "127.0.0.1:8080", ns: host, isProject })).toThrow("no upstream is configured")
    expect(() => proxy.resolve(`${host}/team/app`, { host: "127.0.0.1:8080", isProject })).toThrow("no upstream is configured")
    const name = proxy.resolve("team/app", { host, isProject })
    expect(name).toEqual(app)
    expect(name.kind === "proxied" && (await proxy.repository(name).manifest("v1", signal))).toBeUndefined()
  }
  expect(stranger.connections).toBe(0)
  expect(hub.connections).toBeGreaterThan(0)
})

test("a proxy that is closed ends what it asks", async () => {
  await using hub = await testRegistry({})
  hub.fail("* manifest", { as: "stall" })
  const { proxy } = await testProxy([upstreamAt(hub)])
  const asking = proxy.repository(app).manifest("v1", signal)
  await expect.poll(() => hub.requests.length).toBe(1)
  await proxy.close()
  await expect(asking).rejects.toMatchObject({ code: "cancelled" })
})
