import { image, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, expect, test } from "vitest"
import { upstreamAt } from "../../proxy/proxy.fixture.ts"
import { authorizationOf, errorOf, type RegistryServer, registryServer } from "../registry-server.fixture.ts"

let server: RegistryServer
const app = image({ seed: "app" })
const { digest, mediaType } = app.descriptor
beforeAll(async () => {
  server = await registryServer()
  await server.robot.push("team/app:v1", app)
})
afterAll(() => server.close())

const path = (reference: string) => `/v2/team/app/manifests/${reference}`

test("a manifest comes with its exact type, its length, its digest and its tag for conditions, by GET and by HEAD", async () => {
  for (const reference of ["v1", digest]) {
    for (const method of ["GET", "HEAD"]) {
      const { status, headers, body } = await server.robot.request(method, path(reference))
      expect([
        status,
        headers["content-type"],
        headers["content-length"],
        headers["docker-content-digest"],
        headers.etag,
      ]).toEqual([200, mediaType, String(app.manifest.length), digest, `"${digest}"`])
      expect(headers["docker-distribution-api-version"]).toBe("registry/2.0")
      expect(body.equals(method === "GET" ? app.manifest : Buffer.alloc(0))).toBe(true)
    }
  }
})

test("a client that has it already is told so", async () => {
  for (const match of [`"${digest}"`, `W/"${digest}"`, `"x", "${digest}"`, "*"]) {
    for (const reference of ["v1", digest]) {
      const { status, headers, body } = await server.robot.request("GET", path(reference), { "if-none-match": match })
      expect([match, status, headers.etag, body.length]).toEqual([match, 304, `"${digest}"`, 0])
    }
  }
  expect((await server.robot.request("GET", path("v1"), { "if-none-match": '"sha256:other"' })).status).toBe(200)
})

test("what is there is served whatever the client says to accept", async () => {
  for (const accept of ["application/vnd.docker.distribution.manifest.v1+json", "text/html", "*/*"]) {
    const { status, headers } = await server.robot.request("GET", path("v1"), { accept })
    expect([accept, status, headers["content-type"], headers.vary]).toEqual([accept, 200, mediaType, "Authorization"])
  }
})

test("what was pushed as something that a browser would run is not run", async () => {
  const { headers } = await server.robot.request("GET", path("v1"))
  expect([headers["x-content-type-options"], headers["content-security-policy"]]).toEqual([
    "nosniff",
    "default-src 'none'; sandbox",
  ])
})

test("S9: a manifest of 4 MiB is read, one byte more is refused, announced or not", async () => {
  const most = 4 * 1024 * 1024
  const put = (bytes: Buffer, headers = {}) =>
    server.robot.request("PUT", path("large"), { "content-type": mediaType, ...headers }, bytes)
  expect(errorOf(await put(Buffer.alloc(most, " ")))).toBe("400 MANIFEST_INVALID")
  expect(errorOf(await put(Buffer.alloc(most + 1, " ")))).toBe("413 SIZE_INVALID")
  const { status, statusText } = await fetch(`${server.origin}${path("large")}`, {
    method: "PUT",
    headers: { authorization: authorizationOf("robot"), "content-type": mediaType },
    body: new Blob([Buffer.alloc(most), " "]).stream(),
    duplex: "half",
  })
  expect([status, statusText]).toEqual([413, "Payload Too Large"])
})

test("tags come as parameters with a digest alone, and all of them are names", async () => {
  const put = (reference: string) => server.robot.request("PUT", path(reference), { "content-type": mediaType }, app.manifest)
  const { status, headers } = await put(`${digest}?tag=a&tag=b&tag=a`)
  expect([status, headers["oci-tag"], headers.location]).toEqual([201, "a, b", path(digest)])
  expect(await server.robot.tags("team/app")).toEqual(["a", "b", "v1"])
  expect(errorOf(await put("v2?tag=c"))).toBe("400 TAG_INVALID")
  expect(errorOf(await put(`${digest}?tag=.c`))).toBe("400 TAG_INVALID")
  expect(errorOf(await put(`${digest}?${Array.from({ length: 101 }, (_, number) => `tag=t${number}`).join("&")}`))).toBe(
    "414 TAG_INVALID",
  )
  expect(await server.robot.tags("team/app")).toEqual(["a", "b", "v1"])
})

test("a tag is deleted alone, a manifest with its tags, and what is not there cannot be", async () => {
  await server.robot.push("team/gone:one", app)
  await server.robot.push("team/gone:two", app)
  const remove = async (reference: string) => {
    const answer = await server.robot.request("DELETE", `/v2/team/gone/manifests/${reference}`)
    return answer.status === 202 ? "202" : errorOf(answer)
  }
  expect(await remove("one")).toBe("202")
  expect(await server.robot.tags("team/gone")).toEqual(["two"])
  expect(await remove(digest)).toBe("202")
  expect(await server.robot.tags("team/gone")).toEqual([])
  for (const reference of ["one", digest, ".none", "sha256:abc"]) expect(await remove(reference)).toBe("404 MANIFEST_UNKNOWN")
})

test("a namespace that was asked for is named, and leads nowhere but to what is configured", async () => {
  await using hub = await testRegistry()
  hub.add("library/nginx:latest", app)
  await using through = await registryServer({ upstreams: [upstreamAt(hub)], defaultRegistry: "nowhere.test" })
  const { status, headers } = await through.anyone.request("GET", "/v2/library/nginx/manifests/latest?ns=hub.test")
  expect([status, headers["oci-namespace"]]).toEqual([200, "hub.test"])
  for (const ns of [`127.0.0.1:${hub.port}`, "evil.example.com", "hub.test@evil", "%0d%0ax"]) {
    const answer = await through.anyone.request("GET", `/v2/library/nginx/manifests/latest?ns=${ns}`)
    expect([ns, answer.headers["oci-namespace"], errorOf(answer)]).toEqual([ns, undefined, "404 NAME_UNKNOWN"])
  }
})

test("fault 41: a tag that can no longer be asked for comes with a warning, and what was never here is 502, never 404", async () => {
  await using hub = await testRegistry()
  hub.add("library/nginx:latest", app)
  await using through = await registryServer({ upstreams: [upstreamAt(hub)], tagLifetimeMs: 0 })
  const ask = (reference: string) => through.anyone.request("GET", `/v2/library/nginx/manifests/${reference}`)
  expect((await ask("latest")).headers.warning).toBeUndefined()
  await hub.close()
  const stale = await ask("latest")
  expect([stale.status, stale.headers.warning]).toEqual([
    200,
    '299 - "the upstream registry could not be asked: this may be out of date"',
  ])
  expect(errorOf(await ask("never"))).toBe("502 UPSTREAM_FAILED")
  const head = await through.anyone.request("HEAD", "/v2/library/nginx/manifests/never")
  expect([head.status, head.body.length]).toEqual([502, 0])
})
