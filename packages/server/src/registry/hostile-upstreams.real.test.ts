import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { digestOf, listenOnLoopback } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import { impatient, testConfiguration, testDirectory } from "../runtime/runtime.fixture.ts"
import type { Log } from "../runtime/runtime.ts"
import { startServer } from "../start-server.ts"

const admin: Actor = {
  ...{ userId: 1, name: "admin", role: "admin", via: "terminal", mustChange: false, credentialId: "", address: "" },
}
const canary = "CANARY-of-an-internal-page"
const manifestType = "application/vnd.oci.image.manifest.v1+json"
const digest = digestOf(Buffer.from("not there"))

type Answering = (request: IncomingMessage, response: ServerResponse, internal: string) => void

/** A started server whose registry `evil.test` is read through somebody hostile, beside a server that nobody has configured. */
async function start() {
  const met: string[] = []
  const internal = createServer((request, response) => {
    met.push(`${request.method} ${request.url}`)
    response.end(canary)
  })
  const inside = await listenOnLoopback(internal)
  let answering: Answering = (_, response) => void response.end()
  const evil = await listenOnLoopback(createServer((request, response) => answering(request, response, inside.origin)))
  const logged: string[] = []
  const note = (fields: object, message: string) =>
    void logged.push(`${message} ${JSON.stringify(fields, (_, value) => (value instanceof Error ? `${value.stack}` : value))}`)
  const log: Log = { debug: note, info: note, warn: note, error: note }
  const configuration = { ...testConfiguration(await testDirectory()), listen: { host: "127.0.0.1", port: 0 } }
  const server = await startServer(configuration, { log, graceMs: 100, runtime: impatient })
  onTestFinished(async () => {
    await server.close()
    await evil.close()
    await inside.close()
  })
  const { upstreams } = server.runtime.services
  for (const { id } of await upstreams.list(admin)) await upstreams.remove(admin, id)
  const add = (name: string, url: string, registry = name) => upstreams.create(admin, { name, registry, url })
  const ask = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${server.url}${path}`, { headers, redirect: "manual", signal: AbortSignal.timeout(30_000) })
    return { status: response.status, text: `${await response.text()} ${JSON.stringify([...response.headers])}` }
  }
  return {
    ...{ server, upstreams, add, ask, met, logged, evil, inside },
    behave: (next: Answering) => {
      answering = next
    },
  }
}

const behaviours: Readonly<Record<string, Answering>> = {
  "a page": (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end(`<b>${canary}</b>`),
  "a manifest that is none": (_, response) =>
    void response.writeHead(200, { "content-type": manifestType }).end(`${canary}: root:x:0:0`),
  "a manifest of another kind": (_, response) =>
    void response.writeHead(200, { "content-type": canary }).end(JSON.stringify({ schemaVersion: canary, mediaType: canary })),
  "a list that is none": (_, response) =>
    void response.writeHead(200, { "content-type": "application/json" }).end(`{"tags": ${canary}`),
  "refusals in words": (_, response) =>
    void response
      .writeHead(403, { "content-type": "application/json" })
      .end(JSON.stringify({ errors: [{ code: canary, message: canary }] })),
  "trouble in words": (_, response) => void response.writeHead(500, canary, { "x-canary": canary }).end(canary),
  "bad requests in words": (_, response) =>
    void response
      .writeHead(400, { "content-type": "application/json" })
      .end(JSON.stringify({ errors: [{ code: "X", message: canary, detail: canary }] })),
  "what it cannot do in words": (_, response) =>
    void response
      .writeHead(405, { "content-type": "application/json" })
      .end(JSON.stringify({ errors: [{ code: "UNSUPPORTED", message: canary }] })),
  "what it cannot take in words": (_, response) =>
    void response
      .writeHead(400, { "content-type": "application/json" })
      .end(JSON.stringify({ errors: [{ code: "UNSUPPORTED", message: canary }] })),
  "a strange success in words": (_, response) =>
    void response
      .writeHead(203, { "content-type": "application/json" })
      .end(JSON.stringify({ errors: [{ code: canary, message: canary }] })),
  "a digest in words": (_, response) =>
    void response
      .writeHead(200, { "content-type": manifestType, "docker-content-digest": canary, "content-length": "2" })
      .end("{}"),
  "redirects inside": (_, response, internal) => void response.writeHead(307, { location: `${internal}/redirected` }).end(canary),
  "redirects to metadata": (_, response) =>
    void response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data/" }).end(canary),
  "a realm inside": (_, response, internal) =>
    void response.writeHead(401, { "www-authenticate": `Bearer realm="${internal}/token",service="${canary}"` }).end(canary),
  "a link inside": (request, response, internal) =>
    void response
      .writeHead(200, { "content-type": "application/json", link: `<${internal}/v2/app/tags/list?n=1>; rel="next"` })
      .end(JSON.stringify(request.url?.includes("referrers") ? { schemaVersion: 2, manifests: [] } : { tags: ["v1"] })),
}

test("S3: whatever an upstream answers, nobody else is dialled, and not a word of it comes out", {
  timeout: 60_000,
}, async () => {
  const { ask, add, upstreams, met, logged, evil, behave } = await start()
  const { id } = await add("evil.test", evil.origin)
  await add("docker.io", evil.origin)
  for (const [what, behaviour] of Object.entries(behaviours)) {
    behave(behaviour)
    // What happened to be answered before would stand in front of it.
    const name = `app/${what.replace(/[^a-z]+/g, "-")}`
    for (const path of ["manifests/v1", `manifests/${digest}`, `blobs/${digest}`, "tags/list", `referrers/${digest}`]) {
      const { text } = await ask(`/v2/evil.test/${name}/${path}`)
      expect([what, path, text.includes(canary), text.includes("root:x")]).toEqual([what, path, false, false])
    }
    expect([what, (await ask("/v1/search?q=nginx")).text.includes(canary)]).toEqual([what, false])
    const check = JSON.stringify(await upstreams.check(admin, { id }, AbortSignal.timeout(20_000)))
    expect([what, check.includes(canary)]).toEqual([what, false])
    expect([what, JSON.stringify(await upstreams.list(admin)).includes(canary)]).toEqual([what, false])
    expect([what, met]).toEqual([what, []])
  }
  expect(logged.filter((line) => line.includes(canary))).toEqual([])
})

test("S3: names that a client makes up lead to nobody who is not configured", async () => {
  const { ask, add, met, evil, inside } = await start()
  await add("docker.io", evil.origin)
  const host = new URL(inside.origin).host
  for (const [path, headers] of [
    [`/v2/${host}/app/manifests/v1`, {}],
    [`/v2/app/manifests/v1?ns=${host}`, {}],
    [`/v2/app/manifests/v1?ns=${encodeURIComponent(inside.origin)}`, {}],
    ["/v2/app/manifests/v1?ns=169.254.169.254", {}],
    ["/v2/app/manifests/v1", { host }],
    ["/v2/app/manifests/v1", { "x-forwarded-host": host }],
    [`/v2/auth?service=${host}&scope=repository:${host}/app:pull`, {}],
  ] as const) {
    const { status } = await ask(path, headers)
    expect([
      path,
      status === 404 || status === 401 || path.startsWith("/v2/auth") || "host" in headers || "x-forwarded-host" in headers,
    ]).toEqual([path, true])
  }
  expect(met).toEqual([])
})

test("S3: an upstream that is this very server, or a place that nobody may ask, is not dialled", {
  timeout: 60_000,
}, async () => {
  const { server, ask, add, upstreams, logged } = await start()
  const own = [
    `http://127.0.0.1:${server.port}`,
    `http://localhost:${server.port}`,
    `http://[::ffff:127.0.0.1]:${server.port}`,
    `http://2130706433:${server.port}`,
  ]
  const forbidden = [
    "http://169.254.169.254",
    "http://[fd00:ec2::254]",
    "http://100.100.100.200",
    "http://0.0.0.0:1",
    "http://224.0.0.1",
  ]
  for (const [index, url] of [...own, ...forbidden].entries()) {
    const registry = `r${index}.test`
    const { id } = await add(registry, url)
    const { status, text } = await ask(`/v2/${registry}/app/manifests/v1`)
    expect([url, status, text.includes("UPSTREAM_FAILED")]).toEqual([url, 502, true])
    expect([url, (await ask(`/v2/${registry}/app/blobs/${digest}`)).status]).toEqual([url, 502])
    const check = await upstreams.check(admin, { id }, AbortSignal.timeout(20_000))
    expect([url, JSON.stringify(check)]).toEqual([url, expect.stringContaining("address_blocked")])
    expect([url, JSON.stringify(await upstreams.check(admin, { url }, AbortSignal.timeout(20_000)))]).toEqual([
      url,
      expect.stringContaining("address_blocked"),
    ])
  }
  await server.close()
  expect(logged.filter((line) => /mistake|failed/.test(line) && line.includes("stack"))).toEqual([])
})
