import { randomBytes } from "node:crypto"
import { type Descriptor, digestOf, manifestLimits, mediaTypes } from "@entrepot/core"
import { expect, test } from "vitest"
import type { HostedRepository } from "./hosted-repository.ts"
import { calm, childOf, imageOf, indexOf, pushBlob, pushImage, refusal, testWarehouse } from "./warehouse.fixture.ts"

const { ociManifest, ociIndex, ociConfig, dockerManifest, dockerConfig } = mediaTypes
const absent = (text: string, mediaType: string = mediaTypes.ociLayerGzip): Descriptor => ({
  mediaType,
  digest: digestOf(Buffer.from(text)),
  size: text.length,
})

async function configIn(repository: HostedRepository): Promise<Descriptor> {
  return await pushBlob(repository, Buffer.from("{}"), ociConfig)
}

test("a manifest comes back byte for byte, by tag and by digest, and from memory once it was read", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const config = await configIn(repository)
  const bytes = Buffer.from(`${imageOf(config, [])}\n `)
  const digest = digestOf(bytes)
  expect(await repository.putManifest("v1", `${ociManifest}; charset=utf-8`, bytes)).toEqual({ digest })
  const served = { descriptor: { mediaType: ociManifest, digest, size: bytes.length }, bytes, cache: "hit" }
  expect(repository.recall?.("v1")).toBeUndefined()
  for (const reference of ["v1", digest]) {
    const manifest = await repository.manifest(reference, calm)
    expect(manifest).toEqual(served)
    expect(repository.recall?.(reference)).toBe(manifest)
    expect(test.hosted("team/app").recall?.(reference)).toBe(manifest)
    expect(await repository.describe(reference, calm)).toMatchObject({ descriptor: served.descriptor })
  }
  expect(await repository.manifest("v2", calm)).toBeUndefined()
  expect(await repository.manifest("sha256:short", calm)).toBeUndefined()
  expect(await repository.manifest(digestOf(Buffer.from("absent")), calm)).toBeUndefined()
})

test("a manifest that is pushed under its sha512 is known by it, with the tags that came along", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const layer = await pushBlob(repository, randomBytes(10), undefined, "sha512")
  const bytes = imageOf(await pushBlob(repository, Buffer.from("{}"), ociConfig, "sha512"), [layer])
  const digest = digestOf(bytes, "sha512")
  expect(await repository.putManifest(digest, ociManifest, bytes, ["v1", "latest", "v1"])).toEqual({ digest })
  for (const reference of [digest, "v1", "latest"]) {
    expect((await repository.manifest(reference, calm))?.descriptor.digest).toBe(digest)
  }
  expect(await repository.manifest(digestOf(bytes), calm)).toBeUndefined()
  await repository.putManifest("v1", ociManifest, bytes)
  expect((await repository.manifest("v1", calm))?.descriptor.digest).toBe(digestOf(bytes))
  expect((await repository.manifest("latest", calm))?.descriptor.digest).toBe(digest)
})

test("S7: bytes that are not what their digest says are refused, as are digests that nobody can check", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const bytes = imageOf(await configIn(repository), [])
  const put = (reference: string, more = bytes) => refusal(repository.putManifest(reference, ociManifest, more))
  const padded = Buffer.concat([bytes, Buffer.from("  ")])
  const wrong = "400 DIGEST_INVALID: the manifest's bytes are not what their digest says"
  expect(await put(digestOf(bytes), padded)).toBe(wrong)
  expect(await put(digestOf(bytes, "sha512"), padded)).toBe(wrong)
  for (const digest of ["sha256:baddigeststring", `md5:${"0".repeat(32)}`, digestOf(bytes).toUpperCase()]) {
    expect(await put(digest)).toBe(`400 DIGEST_INVALID: not a digest that can be verified: "${digest}"`)
  }
  expect(await test.database.warehouse.usage()).toMatchObject({ manifests: 0 })
})

test("S7: a tag that looks like a digest's end is a tag, and what is no tag is refused", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const { digest, bytes } = await pushImage(repository, "v1")
  const hex = digest.slice(7)
  const other = await pushImage(repository, hex)
  expect((await repository.manifest(hex, calm))?.descriptor.digest).toBe(other.digest)
  expect((await repository.manifest(digest, calm))?.descriptor.digest).toBe(digest)
  for (const tag of ["", "-a", ".a", "a b", "a/b", "a".repeat(129), "ä"]) {
    expect(await refusal(repository.putManifest(tag, ociManifest, bytes))).toBe(`400 TAG_INVALID: "${tag}" is not a tag`)
    expect(await refusal(repository.putManifest(digest, ociManifest, bytes, ["v2", tag]))).toBe(
      `400 TAG_INVALID: "${tag}" is not a tag`,
    )
  }
  expect(await repository.manifest("v2", calm)).toBeUndefined()
})

test("S7: a manifest is what its Content-Type and its own media type both say", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const config = await configIn(repository)
  const put = (contentType: string | undefined, json: object) =>
    refusal(repository.putManifest("v1", contentType, Buffer.from(JSON.stringify(json))))
  const image = { schemaVersion: 2, config, layers: [] }
  expect(await put(dockerManifest, { ...image, mediaType: ociManifest })).toBe(
    `400 MANIFEST_INVALID: the manifest calls itself ${ociManifest} but was pushed as ${dockerManifest}`,
  )
  expect(await put("application/json", { ...image, mediaType: ociManifest })).toBe(
    `400 MANIFEST_INVALID: the manifest calls itself ${ociManifest} but was pushed as application/json`,
  )
  const both = { ...image, manifests: [] }
  const digest = digestOf(Buffer.from(JSON.stringify(both)))
  for (const mediaType of [ociManifest, ociIndex]) {
    expect(await put(mediaType, both)).toBe(`400 MANIFEST_INVALID: manifest ${digest} is an index and an image at once`)
  }
  expect(await put(undefined, { hello: "world" })).toBe(
    "400 MANIFEST_INVALID: neither Content-Type nor mediaType says what the manifest is",
  )
  expect(await put(mediaTypes.dockerSchema1Signed, { schemaVersion: 1 })).toBe(
    "400 MANIFEST_INVALID: Docker schema 1 is not taken any more; push the image again with a current Docker",
  )
  expect(await put(ociManifest, { ...image, layers: undefined })).toMatch(
    /^400 MANIFEST_INVALID: manifest .* has no list of layers$/,
  )
  expect(await put(dockerManifest, { ...image, config: { ...config, mediaType: dockerConfig } })).toBe("not refused")
  expect(await put(undefined, image)).toBe("not refused")
  expect((await repository.manifest("v1", calm))?.descriptor.mediaType).toBe(ociManifest)
  expect(await put(undefined, { schemaVersion: 2, manifests: [] })).toBe("not refused")
  expect((await repository.manifest("v1", calm))?.descriptor.mediaType).toBe(ociIndex)
})

test("a manifest of a type that nobody knows is stored as it is", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const bytes = Buffer.from([0, 255, 1])
  const { digest } = await repository.putManifest("v1", "application/vnd.example.thing", bytes)
  const mediaType = "application/vnd.example.thing"
  expect(await repository.manifest(digest, calm)).toMatchObject({ descriptor: { mediaType, digest, size: 3 }, bytes })
})

test("S9: a manifest of 4 MiB is taken, and one more byte is not", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const config = await configIn(repository)
  const padding = manifestLimits.bytes - imageOf(config, [], { padding: "" }).length
  const put = (bytes: number) =>
    refusal(repository.putManifest("big", ociManifest, imageOf(config, [], { padding: "x".repeat(bytes) })))
  expect(await put(padding + 1)).toBe(`413 SIZE_INVALID: a manifest has at most ${manifestLimits.bytes} bytes`)
  expect(await put(padding)).toBe("not refused")
  expect((await repository.manifest("big", calm))?.bytes.length).toBe(manifestLimits.bytes)
})

test("S9: an index has at most a thousand children, and stands in two others at most", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const image = await pushImage(repository)
  const put = (bytes: Buffer) => refusal(repository.putManifest(digestOf(bytes), ociIndex, bytes))
  const child = childOf(image.digest, image.bytes)
  expect(await put(indexOf(Array(1001).fill(child)))).toMatch(/names 1001 children, more than 1000$/)
  expect(await put(indexOf(Array(1000).fill(child)))).toBe("not refused")
  let bytes = image.bytes
  for (let depth = 1; depth <= 4; depth++) {
    bytes = indexOf([childOf(digestOf(bytes), bytes, depth === 1 ? ociManifest : ociIndex)])
    expect(await put(bytes)).toBe(
      depth <= 3 ? "not refused" : "400 MANIFEST_INVALID: indexes are nested more than 3 deep, or name too many others",
    )
  }
})

test("what a manifest names has to be in its repository; the answer says what is missing", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const elsewhere = await pushImage(test.hosted("team/other"))
  const message = "404 MANIFEST_BLOB_UNKNOWN: the manifest names what is not in this repository"
  const early = imageOf(absent("config", ociConfig), [absent("layer")])
  expect(await refusal(repository.putManifest("v1", ociManifest, early))).toBe(message)
  expect((await test.warehouse.listRepositories({ limit: 10 })).map(({ name }) => name)).toEqual(["team/other"])

  const config = await configIn(repository)
  const image = imageOf(config, [absent("layer"), ...elsewhere.layers])
  const missing = [absent("layer"), ...elsewhere.layers].map(({ digest }) => ({ digest, kind: "blob" }))
  await expect(repository.putManifest("v1", ociManifest, image)).rejects.toMatchObject({
    code: "MANIFEST_BLOB_UNKNOWN",
    detail: missing,
  })
  const index = indexOf([childOf(elsewhere.digest, elsewhere.bytes)])
  await expect(repository.putManifest("v1", ociIndex, index)).rejects.toMatchObject({
    code: "MANIFEST_BLOB_UNKNOWN",
    detail: [{ digest: elsewhere.digest, kind: "manifest" }],
  })
  expect(await repository.manifest("v1", calm)).toBeUndefined()
  expect(await repository.manifest(digestOf(image), calm)).toBeUndefined()
})

test("layers that are elsewhere, and subjects, need not be here", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const config = await configIn(repository)
  const layers = [
    { ...absent("one", "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"), urls: ["https://store.example.com/one"] },
    { ...absent("two", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip") },
    { ...absent("three"), urls: ["https://store.example.com/three"] },
    await pushBlob(repository),
  ]
  const subject = absent("subject", ociManifest)
  const bytes = imageOf(config, layers, { subject })
  expect(await repository.putManifest("v1", ociManifest, bytes)).toEqual({ digest: digestOf(bytes), subject: subject.digest })
  expect(await repository.manifest("v1", calm)).toMatchObject({ subject: subject.digest })
})

test("S9: of referrers with annotations as long as manifests, a page is read and not all of them", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const subject = absent("subject", ociManifest)
  const artifactType = "application/vnd.example.sbom"
  const long = "x".repeat(300_000)
  for (let at = 0; at < 40; at++) {
    const bytes = indexOf([], { subject, annotations: { long, at: String(at) }, ...(at % 10 === 0 ? { artifactType } : {}) })
    await repository.putManifest(digestOf(bytes), ociIndex, bytes)
  }
  const pages: number[] = []
  const found = new Set<string>()
  for (let after: string | undefined; found.size < 40; ) {
    const page = await repository.referrers(subject.digest, calm, { after, limit: 1000 })
    pages.push(page.length)
    for (const { digest } of page) found.add(digest)
    after = page.at(-1)?.digest
  }
  expect(pages).toEqual([16, 16, 8])
  expect(await repository.referrers(subject.digest, calm, { artifactType })).toHaveLength(4)
  expect(await repository.referrers(subject.digest, calm, { limit: 3 })).toHaveLength(16)
})

test("an index may name layers, as build caches do, and manifests of types that nobody knows", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const layer = await pushBlob(repository)
  const odd = Buffer.from("odd")
  const { digest } = await repository.putManifest(digestOf(odd), "application/vnd.example.thing", odd)
  const bytes = indexOf([layer, childOf(digest, odd, "application/vnd.example.thing")])
  expect(await repository.putManifest("cache", ociIndex, bytes)).toEqual({ digest: digestOf(bytes) })
  expect(await refusal(repository.putManifest("cache", ociIndex, indexOf([absent("layer")])))).toBe(
    "404 MANIFEST_BLOB_UNKNOWN: the manifest names what is not in this repository",
  )
})

test("referrers carry their artifact type, or their config's, and their annotations", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const empty = await pushBlob(repository, Buffer.from("{}"), mediaTypes.ociEmpty)
  const config = { ...empty, mediaType: "application/vnd.example.config" }
  const subject = absent("subject", ociManifest)
  const annotations = { "org.example.one": "1" }
  const artifactType = "application/vnd.example.sbom"
  const pushed = [
    { bytes: imageOf(empty, [], { subject, artifactType, annotations }), mediaType: ociManifest, artifactType, annotations },
    { bytes: imageOf(config, [], { subject }), mediaType: ociManifest, artifactType: config.mediaType },
    { bytes: indexOf([], { subject, artifactType }), mediaType: ociIndex, artifactType },
    { bytes: indexOf([], { subject, annotations }), mediaType: ociIndex, annotations },
  ]
  for (const { bytes, mediaType } of pushed) await repository.putManifest(digestOf(bytes), mediaType, bytes)
  const expected = pushed.map(({ bytes, ...rest }) => ({ ...rest, digest: digestOf(bytes), size: bytes.length }))
  expected.sort((one, other) => (one.digest < other.digest ? -1 : 1))
  expect(await repository.referrers(subject.digest, calm)).toEqual(expected)
  await repository.deleteManifest(expected[0]?.digest ?? "")
  expect(await repository.referrers(subject.digest, calm)).toEqual(expected.slice(1))
  await test.hosted("team/other").beginUpload()
  expect(await test.hosted("team/other").referrers(subject.digest, calm)).toEqual([])
})

test("tags are listed in the order of their bytes, page by page", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const { digest, bytes } = await pushImage(repository)
  await repository.putManifest(digest, ociManifest, bytes, ["b", "a", "B", "_", "a.1", "a-1"])
  const page = (after: string | undefined, limit: number) => repository.tags({ after, limit }, calm)
  expect(await page(undefined, 100)).toEqual({ names: ["B", "_", "a", "a-1", "a.1", "b"], more: false })
  expect(await page(undefined, 2)).toEqual({ names: ["B", "_"], more: true })
  expect(await page("_", 2)).toEqual({ names: ["a", "a-1"], more: true })
  expect(await page("a-1", 2)).toEqual({ names: ["a.1", "b"], more: false })
  expect(await page("a0", 0)).toEqual({ names: [], more: false })
})

test("deleting a tag leaves the manifest; deleting a manifest takes its tags along", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const { digest, bytes } = await pushImage(repository, "v1")
  await repository.putManifest(digest, ociManifest, bytes, ["v2", "v3"])
  for (const tag of ["v1", "v2", "v3"]) expect(await repository.manifest(tag, calm)).toBeDefined()
  await repository.deleteManifest("v1")
  expect(repository.recall?.("v1")).toBeUndefined()
  expect(await repository.manifest("v1", calm)).toBeUndefined()
  expect(await repository.manifest(digest, calm)).toBeDefined()
  await repository.deleteManifest(digest)
  for (const reference of ["v2", "v3", digest]) {
    expect(repository.recall?.(reference)).toBeUndefined()
    expect(await repository.manifest(reference, calm)).toBeUndefined()
    expect(await refusal(repository.deleteManifest(reference))).toBe("404 MANIFEST_UNKNOWN: there is no such manifest")
  }
  expect(await repository.tags({ after: undefined, limit: 10 }, calm)).toEqual({ names: [], more: false })
})

test("a tag that moves is seen at once here, and within its lifetime in other processes", async () => {
  await using test = await testWarehouse({ memoMs: 50 })
  const repository = test.hosted("team/app")
  const first = await pushImage(repository, "latest")
  expect((await repository.manifest("latest", calm))?.descriptor.digest).toBe(first.digest)
  const second = await pushImage(repository, "latest")
  expect((await repository.manifest("latest", calm))?.descriptor.digest).toBe(second.digest)
  const row = await test.database.warehouse.repository("team/app")
  await test.database.warehouse.setTag(row?.id ?? 0, "latest", first.digest, Date.now())
  await expect.poll(async () => (await repository.manifest("latest", calm))?.descriptor.digest).toBe(first.digest)
})

test("a repository that was removed is gone from memory, too", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  await pushImage(repository, "v1")
  await repository.manifest("v1", calm)
  const row = await test.warehouse.repositories.get("team/app")
  expect(await test.warehouse.removeRepository(row?.id ?? 0)).toBe(true)
  expect(repository.recall?.("v1")).toBeUndefined()
  expect(await repository.tags({ after: undefined, limit: 10 }, calm)).toBeUndefined()
  await pushImage(repository, "v2")
  expect(await repository.tags({ after: undefined, limit: 10 }, calm)).toEqual({ names: ["v2"], more: false })
})
