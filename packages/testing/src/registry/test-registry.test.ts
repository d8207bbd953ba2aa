import { connect } from "node:net"
import { describe, expect, it } from "vitest"
import { contentBytes } from "../images/blob-content.ts"
import { artifact, image, index } from "../images/image.ts"
import { RegistryClient } from "../registry-client.ts"
import { bareLineFeed429 } from "./fault.ts"
import type { TestRegistryOptions } from "./registry-options.ts"
import { testRegistry } from "./test-registry.ts"

const KiB = 1024
const made = image({ seed: "registry", layers: [{ sizeBytes: 300 * KiB }], mediaTypes: "docker" })
const layerDigest = JSON.parse(made.manifest.toString()).layers[0].digest as string
const layerBytes = contentBytes(made.blobs.get(layerDigest) ?? { sizeBytes: 0, read: () => [] })
const blobPath = `/v2/library/nginx/blobs/${layerDigest}`
const manifestPath = "/v2/library/nginx/manifests/1.27"

async function withNginx(options: TestRegistryOptions = {}) {
  const hub = await testRegistry({ images: { "library/nginx:1.27": made }, ...options })
  return { hub, client: new RegistryClient({ origin: hub.origin }), [Symbol.asyncDispose]: () => hub.close() }
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => "no failure",
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )

/** Begins an upload and gives its location. */
async function begin(client: RegistryClient, repository = "up"): Promise<string> {
  const begun = await client.request("POST", `/v2/${repository}/blobs/uploads/`)
  expect(begun.status).toBe(202)
  return String(begun.headers.location)
}

const withDigest = (location: string, digest = layerDigest) => `${location}&digest=${digest}`

describe("testRegistry reads", () => {
  it("serves manifests by tag and digest, and HEAD without a body", async () => {
    await using hubs = await withNginx()
    const byTag = await hubs.client.request("GET", manifestPath)
    expect(byTag.body.equals(made.manifest)).toBe(true)
    expect(byTag.headers).toMatchObject({
      "content-type": made.descriptor.mediaType,
      "docker-content-digest": made.descriptor.digest,
    })
    const head = await hubs.client.request("HEAD", `/v2/library/nginx/manifests/${made.descriptor.digest}`)
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, String(made.manifest.length), 0])
    expect((await hubs.client.request("GET", "/v2/library/nginx/manifests/none")).status).toBe(404)
    expect(hubs.hub.count("GET manifest")).toBe(2)
    expect(hubs.hub.count("* manifest")).toBe(3)
  })

  it.each([
    ["bytes=0-0", 0, 1],
    ["bytes=100-199", 100, 200],
    ["bytes=300000-", 300_000, 300 * KiB],
    ["bytes=-10", 300 * KiB - 10, 300 * KiB],
    ["bytes=307000-999999", 307_000, 300 * KiB],
  ])("answers %s with that part", async (range, from, end) => {
    await using hubs = await withNginx()
    const answer = await hubs.client.request("GET", blobPath, { range })
    expect([answer.status, answer.headers["content-range"]]).toEqual([206, `bytes ${from}-${end - 1}/${300 * KiB}`])
    expect(answer.body.equals(layerBytes.subarray(from, end))).toBe(true)
  })

  it("answers a range beyond the end with 416", async () => {
    await using hubs = await withNginx()
    const answer = await hubs.client.request("GET", blobPath, { range: `bytes=${300 * KiB}-` })
    expect([answer.status, answer.headers["content-range"]]).toEqual([416, `bytes */${300 * KiB}`])
  })

  it("pages tags and the catalog with Link", async () => {
    const tags = ["a", "b", "c", "d", "e"]
    await using hub = await testRegistry({ images: Object.fromEntries(tags.map((tag) => [`x/y:${tag}`, made])) })
    const client = new RegistryClient({ origin: hub.origin })
    let next: string | undefined = "/v2/x/y/tags/list?n=2"
    const seen: string[] = []
    while (next) {
      const answer = await client.request("GET", next)
      seen.push(...JSON.parse(answer.body.toString()).tags)
      next = /<(.+)>; rel="next"/.exec(String(answer.headers.link ?? ""))?.[1]
    }
    expect(seen).toEqual(tags)
    expect(hub.count("GET tags")).toBe(3)
    expect(JSON.parse((await client.request("GET", "/v2/_catalog")).body.toString())).toEqual({ repositories: ["x/y"] })
  })

  it("lists referrers, filtered by type, or keeps the tag where it has no such API", async () => {
    const sbom = artifact({ artifactType: "application/spdx+json", blobs: ["{}"], subject: made })
    const signature = artifact({ artifactType: "application/x.signature", blobs: ["s"], subject: made })
    const images = { "r:1": made, r: sbom }
    await using hub = await testRegistry({ images })
    hub.add("r", signature)
    const client = new RegistryClient({ origin: hub.origin })
    const all = await client.request("GET", `/v2/r/referrers/${made.descriptor.digest}`)
    expect(JSON.parse(all.body.toString()).manifests.length).toBe(2)
    const some = await client.request("GET", `/v2/r/referrers/${made.descriptor.digest}?artifactType=application/spdx%2Bjson`)
    expect(JSON.parse(some.body.toString()).manifests).toMatchObject([{ digest: sbom.descriptor.digest }])
    expect(some.headers["oci-filters-applied"]).toBe("artifactType")
    await using old = await testRegistry({ images, quirks: { noReferrers: true } })
    const oldClient = new RegistryClient({ origin: old.origin })
    expect((await oldClient.request("GET", `/v2/r/referrers/${made.descriptor.digest}`)).status).toBe(404)
    const tagged = await oldClient.manifest("r", made.descriptor.digest.replace(":", "-"))
    expect(JSON.parse(String(tagged?.bytes)).manifests).toMatchObject([{ digest: sbom.descriptor.digest }])
  })
})

describe("testRegistry writes", () => {
  it("takes a whole index and rehashes it", async () => {
    await using hub = await testRegistry()
    const both = index([made, image({ seed: "other" })])
    await new RegistryClient({ origin: hub.origin }).push("a/b:1", both)
    expect(hub.holds("a/b:1", both)).toBe(true)
    expect(hub.holds("a/b:2", both)).toBe(false)
    expect(hub.openUploads()).toBe(0)
  })

  it("takes chunks, tells where it stands, refuses a wrong offset, and closes with the last chunk", async () => {
    await using hub = await testRegistry()
    const client = new RegistryClient({ origin: hub.origin })
    const first = await client.request(
      "PATCH",
      await begin(client),
      { "content-range": "0-99999" },
      layerBytes.subarray(0, 100_000),
    )
    expect([first.status, first.headers.range]).toEqual([202, "0-99999"])
    const location = String(first.headers.location)
    const wrong = await client.request("PATCH", location, { "content-range": "200000-200009" }, Buffer.alloc(10))
    expect([wrong.status, wrong.headers.range]).toEqual([416, "0-99999"])
    const status = await client.request("GET", location)
    expect([status.status, status.headers.range]).toEqual([204, "0-99999"])
    const closed = await client.request("PUT", withDigest(location), {}, layerBytes.subarray(100_000))
    expect([closed.status, closed.headers["docker-content-digest"]]).toEqual([201, layerDigest])
    expect(hub.blob("up", layerDigest)?.sizeBytes).toBe(300 * KiB)
  })

  it("refuses bytes that are not what the digest says", async () => {
    await using hub = await testRegistry()
    const client = new RegistryClient({ origin: hub.origin })
    const closed = await client.request("PUT", withDigest(await begin(client)), {}, layerBytes.subarray(1))
    expect([closed.status, JSON.parse(closed.body.toString()).errors[0].code]).toEqual([400, "DIGEST_INVALID"])
    expect(hub.blob("up", layerDigest)).toBeUndefined()
  })

  it("takes a single POST, unless it is told not to", async () => {
    await using hub = await testRegistry()
    await using old = await testRegistry({ quirks: { singlePost: false } })
    const path = `/v2/up/blobs/uploads/?digest=${layerDigest}`
    expect((await new RegistryClient({ origin: hub.origin }).request("POST", path, {}, layerBytes)).status).toBe(201)
    expect((await new RegistryClient({ origin: old.origin }).request("POST", path, {}, layerBytes)).status).toBe(202)
    expect([hub.openUploads(), old.openUploads()]).toEqual([0, 1])
  })

  it("mounts what another repository has, and begins an upload otherwise", async () => {
    await using hubs = await withNginx()
    const mount = (from: string) => hubs.client.request("POST", `/v2/new/blobs/uploads/?mount=${layerDigest}&from=${from}`)
    expect((await mount("no/such")).status).toBe(202)
    hubs.hub.fail("POST upload", { as: "mountRefused" })
    expect((await mount("library/nginx")).status).toBe(202)
    expect((await mount("library/nginx")).status).toBe(201)
    expect(hubs.hub.blob("new", layerDigest)).toBeDefined()
  })

  it("takes sha512", async () => {
    await using hub = await testRegistry()
    const long = image({ seed: "long", algorithm: "sha512", layers: [{ sizeBytes: 5000 }] })
    await new RegistryClient({ origin: hub.origin }).push("long", long)
    expect(hub.holds("long", long)).toBe(true)
  })

  it("refuses a manifest whose parts are missing, whose digest or type is wrong, or that is too large", async () => {
    await using hub = await testRegistry()
    const client = new RegistryClient({ origin: hub.origin })
    const put = async (reference: string, type: string, bytes = made.manifest) => {
      const answer = await client.request("PUT", `/v2/m/manifests/${reference}`, { "content-type": type }, bytes)
      return [answer.status, JSON.parse(answer.body.toString()).errors[0].code]
    }
    expect(await put("1", made.descriptor.mediaType)).toEqual([400, "MANIFEST_BLOB_UNKNOWN"])
    expect(await put(`sha256:${"0".repeat(64)}`, made.descriptor.mediaType)).toEqual([400, "DIGEST_INVALID"])
    expect(await put("1", "application/vnd.oci.image.manifest.v1+json")).toEqual([400, "MANIFEST_INVALID"])
    expect(await put("1", made.descriptor.mediaType, Buffer.alloc(4 * 1024 * KiB + 1, " "))).toEqual([413, "SIZE_INVALID"])
  })

  it("deletes tags, manifests and blobs", async () => {
    await using hubs = await withNginx()
    expect((await hubs.client.request("DELETE", manifestPath)).status).toBe(202)
    expect(hubs.hub.tags("library/nginx")).toEqual([])
    expect((await hubs.client.request("DELETE", `/v2/library/nginx/manifests/${made.descriptor.digest}`)).status).toBe(202)
    expect((await hubs.client.request("DELETE", blobPath)).status).toBe(202)
    expect((await hubs.client.request("HEAD", blobPath)).status).toBe(404)
  })
})

describe("testRegistry's quirks", () => {
  it("does not find an upload again after a broken chunk, like docker-registry 2.8", async () => {
    await using hub = await testRegistry({ quirks: { refuseResume: true } })
    const client = new RegistryClient({ origin: hub.origin })
    const location = await begin(client)
    hub.fail("PATCH upload", { as: "reset", after: 64 * KiB })
    await failure(client.request("PATCH", location, {}, layerBytes))
    const lost = await client.request("GET", location)
    expect([lost.status, JSON.parse(lost.body.toString()).errors[0].code]).toEqual([404, "BLOB_UPLOAD_INVALID"])
    const whole = await client.request("PATCH", await begin(client), {}, layerBytes)
    expect((await client.request("PUT", withDigest(String(whole.headers.location)))).status).toBe(201)
  })

  it("has no PATCH, ignores ranges, refuses open ones, hides digests, holds to a least chunk", async () => {
    await using hubs = await withNginx({ quirks: { noPatch: true, ignoreRange: true, dropDigestHeader: true } })
    expect((await hubs.client.request("PATCH", await begin(hubs.client), {}, layerBytes)).status).toBe(405)
    expect((await hubs.client.request("GET", blobPath, { range: "bytes=5-9" })).status).toBe(200)
    expect((await hubs.client.request("HEAD", manifestPath)).headers["docker-content-digest"]).toBeUndefined()
    await using strict = await withNginx({ quirks: { refuseOpenRange: true, chunkMinLength: 1000, mountAlways202: true } })
    expect((await strict.client.request("GET", blobPath, { range: "bytes=5-" })).status).toBe(416)
    const begun = await strict.client.request("POST", `/v2/new/blobs/uploads/?mount=${layerDigest}&from=library/nginx`)
    expect([begun.status, begun.headers["oci-chunk-min-length"]]).toEqual([202, "1000"])
    const short = await strict.client.request("PATCH", String(begun.headers.location), {}, Buffer.alloc(10))
    expect(short.status).toBe(202)
    expect((await strict.client.request("PATCH", String(short.headers.location), {}, Buffer.alloc(2000))).status).toBe(416)
  })

  it("counts manifest GETs, not HEADs, against a limit", async () => {
    await using hubs = await withNginx({ quirks: { rateLimit: { limit: 2, windowSeconds: 21_600, retryAfter: "3" } } })
    await hubs.client.request("HEAD", manifestPath)
    expect((await hubs.client.request("GET", manifestPath)).headers["ratelimit-remaining"]).toBe("1;w=21600")
    await hubs.client.request("GET", manifestPath)
    const refused = await hubs.client.request("GET", manifestPath)
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "3"])
    hubs.hub.resetRateLimit()
    expect((await hubs.client.request("GET", manifestPath)).status).toBe(200)
  })

  it("redirects blobs to signed URLs that expire and refuse credentials", async () => {
    await using hubs = await withNginx({ redirectBlobs: { signedForMs: 40 } })
    const { headers, status } = await hubs.client.request("GET", blobPath)
    expect(status).toBe(307)
    const url = new URL(String(headers.location))
    expect(url.origin).toBe(hubs.hub.cdnOrigin)
    const cdn = new RegistryClient({ origin: url.origin })
    const part = await cdn.request("GET", url.pathname + url.search, { range: "bytes=0-9" })
    expect([part.status, part.body.equals(layerBytes.subarray(0, 10))]).toEqual([206, true])
    expect((await cdn.request("GET", url.pathname + url.search, { authorization: "Bearer x" })).status).toBe(400)
    expect((await cdn.request("GET", url.pathname)).status).toBe(403)
    await expect.poll(async () => (await cdn.request("GET", url.pathname + url.search)).status).toBe(403)
  })
})

describe("testRegistry's tokens", () => {
  const auth = { token: { ann: "secret" }, anonymousPull: true }
  const basic = `Basic ${Buffer.from("ann:secret").toString("base64")}`

  it("challenges, grants and revokes", async () => {
    await using hubs = await withNginx({ auth })
    const refused = await hubs.client.request("GET", manifestPath)
    expect([refused.status, refused.headers["www-authenticate"]]).toEqual([
      401,
      `Bearer realm="${hubs.hub.origin}/token",service="test registry",scope="repository:library/nginx:pull"`,
    ])
    const ask = async (scope: string, authorization?: string) => {
      const answer = await hubs.client.request("GET", `/token?scope=${scope}`, authorization ? { authorization } : {})
      return { status: answer.status, bearer: { authorization: `Bearer ${JSON.parse(answer.body.toString()).token}` } }
    }
    const { bearer } = await ask("repository:library/nginx:pull,push")
    expect((await hubs.client.request("GET", manifestPath, bearer)).status).toBe(200)
    const upload = await hubs.client.request("POST", "/v2/library/nginx/blobs/uploads/", bearer)
    expect(upload.headers["www-authenticate"]).toContain('error="insufficient_scope"')
    expect((await ask("x", "Basic eDp5")).status).toBe(401)
    const full = await ask("repository:library/nginx:pull,push", basic)
    expect((await hubs.client.request("POST", "/v2/library/nginx/blobs/uploads/", full.bearer)).status).toBe(202)
    hubs.hub.revokeTokens()
    const revoked = await hubs.client.request("GET", manifestPath, full.bearer)
    expect([revoked.status, String(revoked.headers["www-authenticate"]).includes('error="invalid_token"')]).toEqual([401, true])
    expect(JSON.stringify(hubs.hub.requests)).not.toContain(basic.slice(6))
  })

  it("gives refresh tokens to the OAuth2 form", async () => {
    await using hubs = await withNginx({ auth })
    const post = async (form: Record<string, string>) =>
      JSON.parse(
        (await hubs.client.request("POST", "/token", {}, Buffer.from(String(new URLSearchParams(form))))).body.toString(),
      )
    const first = await post({ grant_type: "password", username: "ann", password: "secret", access_type: "offline" })
    const scope = "repository:library/nginx:pull"
    const second = await post({ grant_type: "refresh_token", refresh_token: first.refresh_token, scope })
    const headers = { authorization: `Bearer ${second.access_token}` }
    expect((await hubs.client.request("GET", manifestPath, headers)).status).toBe(200)
  })
})

describe("testRegistry's faults", () => {
  it("resets an answer after so many bytes, once, on the blob it is told", async () => {
    await using hubs = await withNginx()
    const rule = hubs.hub.fail("GET blob", { as: "reset", after: 64 * KiB, reference: layerDigest })
    expect(await failure(hubs.client.request("GET", blobPath))).toBe("ECONNRESET")
    expect(hubs.hub.requests[0]?.bytesOut).toBe(64 * KiB)
    expect((await hubs.client.request("GET", blobPath)).body.length).toBe(300 * KiB)
    expect(rule.strikes).toBe(1)
  })

  it("resets an upload after so many bytes and keeps them", async () => {
    await using hub = await testRegistry()
    const client = new RegistryClient({ origin: hub.origin })
    const location = await begin(client)
    hub.fail("PATCH upload", { as: "reset", after: 64 * KiB })
    expect(["ECONNRESET", "EPIPE"]).toContain(await failure(client.request("PATCH", location, {}, layerBytes)))
    expect((await client.request("GET", location)).headers.range).toBe(`0-${64 * KiB - 1}`)
    await client.request("PATCH", location, { "content-range": `${64 * KiB}-${300 * KiB - 1}` }, layerBytes.subarray(64 * KiB))
    expect((await client.request("PUT", withDigest(location))).status).toBe(201)
  })

  it("lets another connection take over an upload that stands still", async () => {
    await using hub = await testRegistry()
    const client = new RegistryClient({ origin: hub.origin })
    const location = await begin(client)
    hub.fail("PATCH upload", { as: "stall", after: 64 * KiB })
    const stuck = failure(client.request("PATCH", location, {}, layerBytes))
    await expect.poll(() => hub.bytesIn("PATCH upload")).toBe(64 * KiB)
    expect((await client.request("GET", location)).headers.range).toBe(`0-${64 * KiB - 1}`)
    await client.request("PATCH", location, {}, layerBytes.subarray(64 * KiB))
    expect((await client.request("PUT", withDigest(location))).status).toBe(201)
    await hub.close()
    expect(["ECONNRESET", "EPIPE"]).toContain(await stuck)
  })

  it("stalls for a while, and drips", async () => {
    await using hubs = await withNginx()
    hubs.hub.fail("GET blob", { as: "stall", after: 1000, forMs: 80 })
    hubs.hub.fail("GET blob", { as: "drip", bytesPerSecond: 3 * 1024 * KiB })
    for (const least of [79, 95]) {
      const started = performance.now()
      expect((await hubs.client.request("GET", blobPath)).body.equals(layerBytes)).toBe(true)
      expect(performance.now() - started).toBeGreaterThan(least)
    }
  })

  it("ends early with and without a Content-Length", async () => {
    await using hubs = await withNginx()
    hubs.hub.fail("GET blob", { as: "truncate", after: 1000 })
    hubs.hub.fail("GET blob", { as: "truncate", after: 1000, chunked: true })
    expect(await failure(hubs.client.request("GET", blobPath))).toBe("ECONNRESET")
    const short = await hubs.client.request("GET", blobPath)
    expect([short.status, short.body.length, short.headers["content-length"]]).toEqual([200, 1000, undefined])
  })

  it("sends too much, wrong bytes, a wrong digest header", async () => {
    await using hubs = await withNginx()
    hubs.hub.fail("GET blob", { as: "longer", extraBytes: 7 })
    hubs.hub.fail("GET blob", { as: "corrupt", at: 150_000 })
    expect((await hubs.client.request("GET", blobPath)).body.length).toBe(300 * KiB + 7)
    const corrupt = (await hubs.client.request("GET", blobPath)).body
    expect(corrupt.length).toBe(300 * KiB)
    expect(corrupt.findIndex((byte, at) => byte !== layerBytes[at])).toBe(150_000)
    hubs.hub.fail("HEAD manifest", { as: "wrongDigestHeader" })
    const head = await hubs.client.request("HEAD", manifestPath)
    expect(head.headers["docker-content-digest"]).toBe(`sha256:${"0".repeat(64)}`)
  })

  it("answers with a status, with raw bytes, after some went well", async () => {
    await using hubs = await withNginx()
    const retryAfter = "Wed, 21 Oct 2099 07:28:00 GMT"
    hubs.hub.fail("GET manifest", { as: "status", status: 429, headers: { "retry-after": retryAfter }, skip: 1 })
    expect((await hubs.client.request("GET", manifestPath)).status).toBe(200)
    const refused = await hubs.client.request("GET", manifestPath)
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, retryAfter])
    hubs.hub.fail("GET manifest", bareLineFeed429)
    const socket = connect(hubs.hub.port, "127.0.0.1")
    socket.write(`GET ${manifestPath} HTTP/1.1\r\nHost: x\r\n\r\n`)
    const received: Buffer[] = []
    for await (const chunk of socket) received.push(chunk)
    expect(Buffer.concat(received).toString()).toMatch(/^HTTP\/1\.0 429 Too Many Requests\nCache/)
  })

  it("ignores a range, or answers with another one", async () => {
    await using hubs = await withNginx()
    hubs.hub.fail("GET blob", { as: "ignoreRange", ranged: true })
    hubs.hub.fail("GET blob", { as: "wrongRange", ranged: true })
    const range = "bytes=100000-100099"
    expect((await hubs.client.request("GET", blobPath, { range })).status).toBe(200)
    const wrong = await hubs.client.request("GET", blobPath, { range })
    expect([wrong.status, wrong.headers["content-range"]]).toEqual([206, `bytes 0-99/${300 * KiB}`])
  })

  it("redirects to a dead host or in a loop", async () => {
    await using hubs = await withNginx()
    hubs.hub.fail("GET blob", { as: "redirect", to: "http://127.0.0.1:1/gone" })
    hubs.hub.fail("GET blob", { as: "redirect", to: "loop" })
    expect((await hubs.client.request("GET", blobPath)).headers.location).toBe("http://127.0.0.1:1/gone")
    expect((await hubs.client.request("GET", blobPath)).headers.location).toBe(`${hubs.hub.origin}${blobPath}`)
  })

  it("loses an answer after doing the work", async () => {
    await using hub = await testRegistry()
    const client = new RegistryClient({ origin: hub.origin })
    hub.fail("PUT upload", { as: "lostReply" })
    expect(["ECONNRESET", "EPIPE"]).toContain(
      await failure(client.request("PUT", withDigest(await begin(client)), {}, layerBytes)),
    )
    expect((await client.request("HEAD", `/v2/up/blobs/${layerDigest}`)).status).toBe(200)
  })

  it("forgets an upload, refuses an offset, collects blobs before a manifest", async () => {
    await using hubs = await withNginx()
    const { hub, client } = hubs
    hub.fail("PATCH upload", { as: "refuseOffset" })
    hub.fail("PATCH upload", { as: "forgetUpload" })
    const location = await begin(client)
    const refused = await client.request("PATCH", location, {}, layerBytes)
    expect([refused.status, refused.headers.range]).toEqual([416, "0-0"])
    const forgotten = await client.request("PATCH", location, {}, layerBytes)
    expect([forgotten.status, JSON.parse(forgotten.body.toString()).errors[0].code]).toEqual([404, "BLOB_UPLOAD_UNKNOWN"])
    hub.fail("PUT manifest", { as: "collect", digests: [layerDigest] })
    const type = { "content-type": made.descriptor.mediaType }
    const unknown = await client.request("PUT", manifestPath, type, made.manifest)
    expect(JSON.parse(unknown.body.toString()).errors).toMatchObject([
      { code: "MANIFEST_BLOB_UNKNOWN", detail: { digest: layerDigest } },
    ])
    expect((await client.request("HEAD", blobPath)).status).toBe(404)
  })

  it("revokes tokens in the middle", async () => {
    await using hubs = await withNginx({ auth: { token: {}, anonymousPull: true } })
    const answer = await hubs.client.request("GET", "/token?scope=repository:library/nginx:pull")
    const bearer = { authorization: `Bearer ${JSON.parse(answer.body.toString()).token}` }
    hubs.hub.fail("GET blob", { as: "revoke", ranged: true })
    expect((await hubs.client.request("GET", blobPath, bearer)).status).toBe(200)
    expect((await hubs.client.request("GET", blobPath, { ...bearer, range: "bytes=1-" })).status).toBe(401)
    expect((await hubs.client.request("GET", manifestPath, bearer)).status).toBe(401)
  })

  it("refuses connections while it is closed, with its contents kept", async () => {
    await using hubs = await withNginx()
    await hubs.hub.close()
    expect(await failure(hubs.client.request("GET", manifestPath))).toBe("ECONNREFUSED")
    await hubs.hub.listen()
    expect((await hubs.client.request("GET", manifestPath)).status).toBe(200)
    expect(hubs.hub.peak).toBe(1)
  })
})
