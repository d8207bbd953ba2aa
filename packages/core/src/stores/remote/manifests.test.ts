import { expect, test } from "vitest"
import { digestOf } from "../../content/digest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import { isBlobUnknown } from "../../errors/transfer-error.ts"
import { failureOf, imageOf, manifestOf, type Scripted, scriptedRegistry, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

const image = imageOf(Buffer.from("{}"), Buffer.from("layer"))
const { digest, mediaType, size } = image.descriptor

async function asking<T>(
  answers: Readonly<Record<string, Scripted>>,
  ask: (remote: ReturnType<typeof openRemote>) => Promise<T>,
): Promise<{ result: T; log: string[]; host: string }> {
  await using registry = await scriptedRegistry(
    (request) => answers[`${request.method} ${request.path}`] ?? answers[request.method],
  )
  await using http = testHttp()
  const remote = openRemote({ host: registry.host, repository: "team/app", http })
  const result = await ask(remote)
  return { result, log: registry.log, host: registry.host }
}

const ok: Scripted = {
  status: 200,
  headers: { "content-type": `${mediaType}; charset=utf-8`, "docker-content-digest": digest },
  body: image.bytes,
}

test("HEAD alone resolves a tag", async () => {
  const head = { status: 200, headers: { ...ok.headers, "content-length": String(size) } }
  const { result, log } = await asking({ HEAD: head }, (remote) => remote.resolve("v1"))
  expect(result).toEqual({ mediaType, digest, size })
  expect(log).toEqual(["HEAD /v2/team/app/manifests/v1"])
})

test("all four manifest types are asked for", async () => {
  await using registry = await scriptedRegistry(() => ok)
  await using http = testHttp()
  await openRemote({ host: registry.host, repository: "a", http }).getManifest("v1")
  expect(registry.received[0]?.headers.accept).toBe(
    [mediaTypes.ociIndex, mediaTypes.ociManifest, mediaTypes.dockerList, mediaTypes.dockerManifest].join(", "),
  )
})

test.each([
  ["without digest", { status: 200, headers: { "content-type": mediaType, "content-length": String(size) } }],
  ["with 405", { status: 405 }],
  ["with 400", { status: 400 }],
])("a registry that answers HEAD %s is asked by GET", async (_, head) => {
  const { result, log } = await asking({ HEAD: head, GET: ok }, (remote) => remote.resolve("v1"))
  expect(result).toEqual({ mediaType, digest, size })
  expect(log).toEqual(["HEAD /v2/team/app/manifests/v1", "GET /v2/team/app/manifests/v1"])
})

test("what is nowhere resolves to undefined, by HEAD and by GET", async () => {
  expect((await asking({ HEAD: { status: 404 } }, (remote) => remote.resolve("v1"))).result).toBeUndefined()
  expect((await asking({ HEAD: { status: 405 }, GET: { status: 404 } }, (remote) => remote.resolve("v1"))).result).toBeUndefined()
})

test("schema 1 is refused before its bytes are read", async () => {
  const head = { status: 200, headers: { "content-type": mediaTypes.dockerSchema1Signed, "content-length": "10" } }
  const { result } = await asking({ HEAD: head }, (remote) => failureOf(remote.resolve("old")))
  expect(result.code).toBe("unsupported")
  expect(result.message).toBe("the manifest team/app:old is Docker schema 1, which registries no longer take")
})

test("bytes other than the digest asked for are refused", async () => {
  const other = digestOf(Buffer.from("other"))
  const { result, host } = await asking({ GET: ok }, (remote) => failureOf(remote.getManifest(other)))
  expect(result.code).toBe("digest_mismatch")
  expect(result.message).toBe(`${host} sent bytes that hash to ${digest} as the manifest team/app@${other}`)
})

test("a digest header that is not the digest of the bytes is refused", async () => {
  const lying = { ...ok, headers: { ...ok.headers, "docker-content-digest": digestOf(Buffer.from("x")) } }
  const { result } = await asking({ GET: lying }, (remote) => failureOf(remote.getManifest("v1")))
  expect(result.code).toBe("digest_mismatch")
})

test("HEAD of a digest that is answered with another one is refused", async () => {
  const lying = { status: 200, headers: { ...ok.headers, "content-length": String(size) } }
  const { result } = await asking({ HEAD: lying }, (remote) => failureOf(remote.resolve(digestOf(Buffer.from("x")))))
  expect(result.code).toBe("digest_mismatch")
})

test("a sha512 digest is verified as such", async () => {
  const sha512 = digestOf(image.bytes, "sha512")
  const { result } = await asking({ GET: ok }, (remote) => remote.getManifest(sha512))
  expect(result.descriptor.digest).toBe(sha512)
})

test.each([
  ["another type inside than outside", imageOf(Buffer.from("{}"), Buffer.from("l")), mediaTypes.dockerManifest],
  ["layers beside manifests", imageOf(Buffer.from("{}"), Buffer.from("l"), { manifests: [] }), mediaTypes.ociManifest],
])("a manifest with %s is refused", async (_, manifest, outside) => {
  const { result } = await asking(
    { GET: { status: 200, headers: { "content-type": outside }, body: manifest.bytes } },
    (remote) => failureOf(remote.getManifest("v1")),
  )
  expect(result.code).toBe("protocol")
})

test("a manifest over 4 MiB is refused by its length, and while it is read", async () => {
  const big = Buffer.alloc(4 * 1024 * 1024 + 1, 32)
  const { result } = await asking({ GET: { status: 200, headers: { "content-type": mediaType }, body: big } }, (remote) =>
    failureOf(remote.getManifest("v1")),
  )
  expect(result.code).toBe("too_large")
  expect(result.message).toBe("the manifest team/app:v1 is larger than 4194304 bytes")
  const head = { status: 200, headers: { ...ok.headers, "content-length": String(big.length) } }
  expect((await asking({ HEAD: head }, (remote) => failureOf(remote.resolve("v1")))).result.code).toBe("too_large")
})

test("a manifest goes up byte for byte under its own type", async () => {
  await using registry = await scriptedRegistry(() => ({ status: 201, headers: { "docker-content-digest": digest } }))
  await using http = testHttp()
  await openRemote({ host: registry.host, repository: "a", http, side: "target" }).putManifest("v1", image)
  const [put] = registry.received
  expect(put?.headers["content-type"]).toBe(mediaType)
  expect(put?.body.equals(image.bytes)).toBe(true)
  expect(http.requests[0]?.scopes).toEqual(["repository:a:pull,push"])
})

test("a manifest that was stored under another digest is an error", async () => {
  const other = digestOf(Buffer.from("x"))
  const { result, host } = await asking({ PUT: { status: 201, headers: { "docker-content-digest": other } } }, (remote) =>
    failureOf(remote.putManifest("v1", image)),
  )
  expect(result.message).toBe(`${host} stored the manifest team/app:v1 as ${other} instead of ${digest}`)
})

test("a missing blob stays recognisable", async () => {
  const body = JSON.stringify({ errors: [{ code: "MANIFEST_BLOB_UNKNOWN", message: "blob unknown to registry" }] })
  const { result, host } = await asking({ PUT: { status: 404, body } }, (remote) => failureOf(remote.putManifest("v1", image)))
  expect(isBlobUnknown(result)).toBe(true)
  expect(result.code).toBe("rejected")
  expect(result.message).toBe(`${host} answered 404 to the manifest team/app:v1: MANIFEST_BLOB_UNKNOWN, blob unknown to registry`)
})

test("a name that is no tag never reaches a URL", async () => {
  const { result, log } = await asking({}, (remote) => failureOf(remote.getManifest("../../other/manifests/v1")))
  expect(result.code).toBe("reference_invalid")
  expect(log).toEqual([])
})

test("a registry that lists referrers by itself is left to it; for another the tag is kept", async () => {
  const subject = { ...image.descriptor }
  const signature = imageOf(Buffer.from("{}"), Buffer.from("sig"), {
    subject,
    artifactType: "application/x",
    annotations: { a: "b" },
  })
  const listed = await asking({ PUT: { status: 201, headers: { "oci-subject": subject.digest } } }, (remote) =>
    remote.putManifest(signature.descriptor.digest, signature),
  )
  expect(listed.log).toHaveLength(1)

  let stored: Buffer | undefined
  const tag = `/v2/a/manifests/sha256-${subject.digest.slice(7)}`
  await using registry = await scriptedRegistry(({ method, path, body }) => {
    if (path !== tag) return { status: 201 }
    if (method === "PUT") stored = body
    if (method === "PUT") return { status: 201 }
    return stored && { status: 200, headers: { "content-type": mediaTypes.ociIndex }, body: stored }
  })
  await using http = testHttp()
  const remote = openRemote({ host: registry.host, repository: "a", http, side: "target" })
  const second = imageOf(Buffer.from("{}"), Buffer.from("second"), { subject })
  await Promise.all([
    remote.putManifest(signature.descriptor.digest, signature),
    remote.putManifest(second.descriptor.digest, second),
  ])
  await remote.putManifest(signature.descriptor.digest, signature)
  const entries = JSON.parse(String(stored)).manifests
  expect(entries).toHaveLength(2)
  expect(entries).toContainEqual({ ...signature.descriptor, artifactType: "application/x", annotations: { a: "b" } })
  expect(entries).toContainEqual({ ...second.descriptor, artifactType: mediaTypes.ociConfig })
  expect(registry.log.filter((line) => line === `PUT ${tag}`)).toHaveLength(2)
})

test("an index goes through as an image does", async () => {
  const index = manifestOf({ manifests: [image.descriptor] }, mediaTypes.ociIndex)
  const { result } = await asking(
    { GET: { status: 200, headers: { "content-type": mediaTypes.ociIndex }, body: index.bytes } },
    (remote) => remote.getManifest("v1"),
  )
  expect(result.descriptor).toEqual(index.descriptor)
})

test("a body that breaks off is fetched again", async () => {
  let asked = 0
  await using registry = await scriptedRegistry((_, { response }) => {
    if (asked++ > 0) return ok
    response.writeHead(200, { ...ok.headers, "content-length": String(size) })
    response.write(image.bytes.subarray(0, 10), () => response.destroy())
    return "mine"
  })
  await using http = testHttp()
  const manifest = await openRemote({ host: registry.host, repository: "a", http }).getManifest("v1")
  expect(manifest.bytes.equals(image.bytes)).toBe(true)
  expect(asked).toBe(2)
})
