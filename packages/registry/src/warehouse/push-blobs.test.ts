import { randomBytes } from "node:crypto"
import { digestOf } from "@entrepot/core"
import { expect, test, vi } from "vitest"
import { readServedManifest } from "./read-manifest.ts"
import { bodyOf, brokenBody, bytesOf, calm, imageOf, pushBlob, pushImage, refusal, testWarehouse } from "./warehouse.fixture.ts"

test.each(["sha256", "sha512"] as const)("a blob that was pushed under its %s is read back under it", async (algorithm) => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const bytes = randomBytes(100_000)
  const { digest } = await pushBlob(repository, bytes, "", algorithm)
  const blob = await repository.blob(digest, calm)
  expect(blob).toMatchObject({ digest, sizeBytes: 100_000, cache: "hit", location: test.blobs.locationOf(digest) })
  expect((await bytesOf(blob))?.equals(bytes)).toBe(true)
})

test("the empty blob and the empty JSON are blobs as any other", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  for (const text of ["", "{}"]) {
    const { digest } = await pushBlob(repository, Buffer.from(text))
    expect((await bytesOf(await repository.blob(digest, calm)))?.toString()).toBe(text)
  }
})

test("a repository is made by its first upload, not by reading", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const digest = digestOf(Buffer.from("absent"))
  expect(await repository.manifest("latest", calm)).toBeUndefined()
  expect(await repository.blob(digest, calm)).toBeUndefined()
  expect(await repository.tags({ after: undefined, limit: 10 }, calm)).toBeUndefined()
  expect(await repository.referrers(digest, calm)).toEqual([])
  expect(await refusal(repository.deleteBlob(digest))).toBe("404 BLOB_UNKNOWN: there is no such blob")
  expect(await refusal(repository.upload("x"))).toBe("404 BLOB_UPLOAD_UNKNOWN: there is no such upload")
  expect(await test.warehouse.listRepositories({ limit: 10 })).toEqual([])
  await repository.beginUpload()
  expect(await test.warehouse.listRepositories({ limit: 10 })).toMatchObject([
    { name: "team/app", projectId: test.projectId, registry: null },
  ])
  expect(await repository.tags({ after: undefined, limit: 10 }, calm)).toEqual({ names: [], more: false })
})

test("chunks come in order, and one that does not is refused without harm", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const [one, two] = [randomBytes(3000), randomBytes(2000)]
  const { id } = await repository.beginUpload()
  expect(await repository.upload(id)).toEqual({ id, offset: 0 })
  expect(await repository.appendUpload(id, 0, bodyOf(one), calm)).toEqual({ id, offset: 3000 })
  expect(await refusal(repository.appendUpload(id, 5000, bodyOf(two), calm))).toBe(
    "416 RANGE_INVALID: the upload stands at byte 3000, not at 5000",
  )
  expect(await refusal(repository.appendUpload(id, 0, bodyOf(one), calm))).toBe(
    "416 RANGE_INVALID: the upload stands at byte 3000, not at 0",
  )
  expect(await repository.upload(id)).toEqual({ id, offset: 3000 })
  const digest = digestOf(Buffer.concat([one, two]))
  expect(await refusal(repository.finishUpload(id, digest, 1, bodyOf(two), calm))).toBe(
    "416 RANGE_INVALID: the upload stands at byte 3000, not at 1",
  )
  await repository.finishUpload(id, digest, 3000, bodyOf(two), calm)
  expect(await bytesOf(await repository.blob(digest, calm))).toEqual(Buffer.concat([one, two]))
  expect(await refusal(repository.upload(id))).toBe("404 BLOB_UPLOAD_UNKNOWN: there is no such upload")
})

test("what arrived of a body that broke off stays, also after a restart", async () => {
  await using first = await testWarehouse()
  const [one, two] = [randomBytes(700_000), randomBytes(2000)]
  const { id } = await first.hosted("team/app").beginUpload()
  await expect(first.hosted("team/app").appendUpload(id, undefined, brokenBody(one), calm)).rejects.toThrow(
    "the client went away",
  )
  expect(await first.hosted("team/app").upload(id)).toEqual({ id, offset: 700_000 })
  await using second = await first.restart()
  const repository = second.hosted("team/app")
  expect(await repository.upload(id)).toEqual({ id, offset: 700_000 })
  const digest = digestOf(Buffer.concat([one, two]))
  await repository.finishUpload(id, digest, 700_000, bodyOf(two), calm)
  expect((await bytesOf(await repository.blob(digest, calm)))?.equals(Buffer.concat([one, two]))).toBe(true)
})

test("requests to one upload wait for one another", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const chunks = Array.from({ length: 20 }, (_, at) => Buffer.alloc(1000, at))
  const { id } = await repository.beginUpload()
  const offsets = await Promise.all(chunks.map((chunk) => repository.appendUpload(id, undefined, bodyOf(chunk), calm)))
  expect(offsets.map(({ offset }) => offset)).toEqual(chunks.map((_, at) => (at + 1) * 1000))
  await repository.finishUpload(id, digestOf(Buffer.concat(chunks)), undefined, bodyOf(), calm)
})

test("bytes that are not what the digest says end the session, and nothing is stored", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const digest = digestOf(Buffer.from("other"))
  const { id } = await repository.beginUpload()
  const actual = digestOf(Buffer.from("bytes"))
  expect(await refusal(repository.finishUpload(id, digest, undefined, bodyOf(Buffer.from("bytes")), calm))).toBe(
    `400 DIGEST_INVALID: the bytes hash to ${actual}, not to ${digest}`,
  )
  expect(await refusal(repository.upload(id))).toBe("404 BLOB_UPLOAD_UNKNOWN: there is no such upload")
  expect(await repository.blob(digest, calm)).toBeUndefined()
  expect(await repository.blob(actual, calm)).toBeUndefined()
  expect(await test.blobs.statPartial(`upload-${id}`)).toBeUndefined()

  const other = await repository.beginUpload()
  expect(await refusal(repository.finishUpload(other.id, "sha256:short", undefined, bodyOf(), calm))).toBe(
    '400 DIGEST_INVALID: not a digest that can be verified: "sha256:short"',
  )
  expect(await refusal(repository.upload(other.id))).toBe("404 BLOB_UPLOAD_UNKNOWN: there is no such upload")
})

test("an upload that is cancelled is gone with its bytes", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const { id } = await repository.beginUpload()
  await repository.appendUpload(id, undefined, bodyOf(randomBytes(10)), calm)
  await repository.cancelUpload(id)
  expect(await refusal(repository.cancelUpload(id))).toBe("404 BLOB_UPLOAD_UNKNOWN: there is no such upload")
  expect(await test.blobs.statPartial(`upload-${id}`)).toBeUndefined()
})

test("S6: an upload belongs to its repository alone", async () => {
  await using test = await testWarehouse()
  const { id } = await test.hosted("team/app").beginUpload()
  const other = test.hosted("team/other")
  await other.beginUpload()
  const gone = "404 BLOB_UPLOAD_UNKNOWN: there is no such upload"
  expect(await refusal(other.upload(id))).toBe(gone)
  expect(await refusal(other.appendUpload(id, undefined, bodyOf(randomBytes(1)), calm))).toBe(gone)
  expect(await refusal(other.finishUpload(id, digestOf(Buffer.alloc(0)), undefined, bodyOf(), calm))).toBe(gone)
  expect(await refusal(other.cancelUpload(id))).toBe(gone)
  expect(await test.hosted("team/app").upload(id)).toEqual({ id, offset: 0 })
})

test("S6: a blob's bytes are stored once, and each repository reads it by its own link", async () => {
  await using test = await testWarehouse()
  const [app, other] = [test.hosted("team/app"), test.hosted("team/other")]
  const bytes = randomBytes(5000)
  const { digest } = await pushBlob(app, bytes)
  await other.beginUpload()
  expect(await other.blob(digest, calm)).toBeUndefined()
  await pushBlob(other, bytes)
  expect(await test.database.warehouse.usage()).toMatchObject({ blobs: 1, bytes: 5000 })
  await app.deleteBlob(digest)
  expect(await app.blob(digest, calm)).toBeUndefined()
  expect(await bytesOf(await other.blob(digest, calm))).toEqual(bytes)
  expect(await refusal(app.deleteBlob(digest))).toBe("404 BLOB_UNKNOWN: there is no such blob")
  await pushBlob(test.hosted("team/third"), bytes)
  // Somebody else's push gives no right back (CVE-2026-35172).
  expect(await app.blob(digest, calm)).toBeUndefined()
})

test("S6: a mount takes what the other repository has a link to, and nothing else", async () => {
  await using test = await testWarehouse()
  const [app, other] = [test.hosted("team/app"), test.hosted("team/other")]
  const bytes = randomBytes(5000)
  const { digest } = await pushBlob(app, bytes)
  expect(await other.mount(digest, "team/absent")).toBe(false)
  expect(await other.mount(digestOf(Buffer.from("absent")), "team/app")).toBe(false)
  expect(await other.mount("sha256:short", "team/app")).toBe(false)
  expect((await test.warehouse.listRepositories({ limit: 10 })).map(({ name }) => name)).toEqual(["team/app"])
  expect(await other.mount(digest, "team/app")).toBe(true)
  expect(await bytesOf(await other.blob(digest, calm))).toEqual(bytes)
  await app.deleteBlob(digest)
  expect(await test.hosted("team/third").mount(digest, "team/app")).toBe(false)
  expect(await test.hosted("team/third").mount(digest, "team/other")).toBe(true)
})

test("S6: a mount without source looks among the project's own repositories that may be read", async () => {
  await using test = await testWarehouse()
  const { digest } = await pushBlob(test.hosted("team/app"))
  const foreign = await test.warehouse.proxiedRepository("docker.io/library/nginx", "docker.io")
  const partial = await test.blobs.openPartial("fill")
  await partial.append([Buffer.from("upstream")])
  await test.warehouse.commitBlob(foreign.id, partial, digestOf(Buffer.from("upstream")))
  const asked: string[] = []
  const may = (answer: boolean) => async (name: string) => {
    asked.push(name)
    return answer
  }
  expect(await test.hosted("team/other").mount(digest, may(false))).toBe(false)
  expect(await test.hosted("team/other").mount(digest, may(true))).toBe(true)
  expect(await test.hosted("team/other").mount(digestOf(Buffer.from("upstream")), may(true))).toBe(false)
  expect(asked).toEqual(["team/app", "team/app"])
})

test("S6: a row of the same name that is an upstream's or another project's is neither read nor pushed to", async () => {
  await using test = await testWarehouse({ memoMs: 60_000 })
  const { digest } = await pushImage(test.hosted("team/app"), "v1")
  await test.warehouse.proxiedRepository("team/through", "team")
  const other = await test.database.projects.create({ name: "other", ownerId: 1, targetId: null, path: "" }, 0)
  for (const name of ["team/app", "team/through"]) {
    const repository = test.warehouse.hosted({ name, projectId: other.id })
    expect(await repository.manifest("v1", calm)).toBeUndefined()
    expect(await repository.manifest(digest, calm)).toBeUndefined()
    expect(repository.recall?.("v1")).toBeUndefined()
    expect(await repository.tags({ after: undefined, limit: 9 }, calm)).toBeUndefined()
    expect(await refusal(repository.beginUpload())).toBe(`403 DENIED: ${name} is not of this project, and cannot be pushed to`)
  }
})

test("a project that takes a removed one's name is pushed to at once", async () => {
  await using test = await testWarehouse({ memoMs: 60_000 })
  await pushBlob(test.hosted("team/app"))
  const [old] = await test.warehouse.listRepositories({ limit: 1 })
  await test.database.warehouse.removeRepository(old?.id ?? 0)
  const next = await test.database.projects.create({ name: "next", ownerId: 1, targetId: null, path: "" }, 0)
  const { digest } = await pushImage(test.warehouse.hosted({ name: "team/app", projectId: next.id }), "v1")
  expect(await test.warehouse.listRepositories({ limit: 9 })).toMatchObject([{ name: "team/app", projectId: next.id }])
  expect(digest).toMatch(/^sha256:/)
})

test("a repository that another process has removed is made anew, and its uploads are gone", async () => {
  await using test = await testWarehouse({ memoMs: 60_000 })
  const repository = test.hosted("team/app")
  const remove = async () => {
    const [row] = await test.warehouse.listRepositories({ limit: 1 })
    await test.database.warehouse.removeRepository(row?.id ?? 0)
  }
  const { bytes } = await pushImage(repository, "v1")
  await remove()
  expect(await refusal(repository.putManifest("v2", "application/vnd.oci.image.manifest.v1+json", bytes))).toBe(
    "404 MANIFEST_BLOB_UNKNOWN: the manifest names what is not in this repository",
  )
  const again = await pushImage(repository, "v1")
  await remove()
  const { id } = await repository.beginUpload()
  const body = async function* () {
    yield Buffer.from("half")
    await remove()
    yield Buffer.from("way")
  }
  expect(await refusal(repository.finishUpload(id, digestOf(Buffer.from("halfway")), undefined, body(), calm))).toBe(
    "404 BLOB_UPLOAD_UNKNOWN: there is no such upload",
  )
  expect(await repository.mount(again.config.digest, "team/app")).toBe(false)
  await pushImage(repository, "v1")
  expect(await repository.manifest("v1", calm)).toBeDefined()
})

test("that no manifest names a blob is looked up once, until another manifest comes", async () => {
  await using test = await testWarehouse({ memoMs: 60_000 })
  const { id } = await test.warehouse.proxiedRepository("docker.io/library/nginx", "docker.io")
  const asked = vi.spyOn(test.database.warehouse, "referenceIn")
  const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: digestOf(Buffer.from("layer")), size: 5 }
  const config = { ...layer, mediaType: "application/vnd.oci.image.config.v1+json" }
  for (let i = 0; i < 3; i++) expect(await test.warehouse.blobs.referenceIn(id, layer.digest)).toBeUndefined()
  expect(asked).toHaveBeenCalledTimes(1)
  const bytes = imageOf(config, [layer])
  const read = readServedManifest(digestOf(bytes), "application/vnd.oci.image.manifest.v1+json", bytes)
  await test.warehouse.manifests.put(id, read, bytes, { complete: false })
  expect(await test.warehouse.blobs.referenceIn(id, layer.digest)).toMatchObject({ digest: layer.digest, sizeBytes: 5 })
})
