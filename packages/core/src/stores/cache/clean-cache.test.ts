import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { image, index } from "@entrepot/testing"
import { afterEach, beforeEach, expect, it } from "vitest"
import { bodyOf, makeContractImage, putContractImage } from "../contract-image.fixture.ts"
import { putTestImage } from "../stores.fixture.ts"
import { openCache } from "./cache-store.ts"
import { cleanCache } from "./clean-cache.ts"
import { listCache } from "./list-cache.ts"

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "clean-"))
})
afterEach(() => rm(directory, { recursive: true }))

const base = { sizeBytes: 4000 }
const amd64 = image({ seed: "shared", layers: [base] })
const multi = index(
  ["amd64", "arm64"].map((architecture) =>
    image({ seed: "shared", platform: { os: "linux", architecture }, layers: [base, { sizeBytes: 100 }] }),
  ),
)

async function fill() {
  const nginx = await openCache(directory, "library/nginx", { write: true })
  await putTestImage(nginx, amd64, "latest")
  await nginx.close()
  const other = await openCache(directory, "gcr.io/team/app", { write: true })
  await putTestImage(other, multi, "v1")
  await other.close()
}

const blobFiles = async () => (await readdir(join(directory, "blobs/sha256"))).sort()

it("lists what the cache has", async () => {
  await fill()
  const before = Date.now()
  const [app, nginx, ...rest] = await listCache(directory)
  expect(rest).toEqual([])
  expect(app).toEqual({
    repository: "gcr.io/team/app",
    reference: "v1",
    digest: multi.descriptor.digest,
    sizeBytes: [...multi.blobs.values()].reduce((sum, blob) => sum + blob.sizeBytes, 0),
    blobs: multi.blobs.size,
    platforms: ["linux/amd64", "linux/arm64"],
    createdAt: expect.any(Date),
  })
  expect(nginx).toMatchObject({ repository: "library/nginx", reference: "latest", platforms: ["linux/amd64"] })
  expect(Math.abs(before - (app?.createdAt.getTime() ?? 0))).toBeLessThan(10_000)
  expect(await listCache(join(directory, "nothing"))).toEqual([])
})

it("removes an image, and of its blobs those that no other image needs", async () => {
  await fill()
  const shared = [...amd64.blobs.keys()].filter((digest) => multi.blobs.has(digest))
  expect(shared).toHaveLength(1)
  const result = await cleanCache(directory, { repository: "gcr.io/team/app", reference: "v1" })
  const gone = [...multi.blobs].filter(([digest]) => !shared.includes(digest)).map(([, blob]) => blob.sizeBytes)
  const manifests = multi.manifest.length * 2 + multi.children.reduce((sum, child) => sum + child.manifest.length, 0)
  expect(result).toEqual({
    removed: ["gcr.io/team/app/v1"],
    freedBytes: gone.reduce((sum, size) => sum + size, 0) + manifests,
  })
  expect(await blobFiles()).toEqual([...amd64.blobs.keys()].map((digest) => digest.slice(7)).sort())
  expect(await readdir(join(directory, "manifests"))).toEqual(["library"])
  const store = await openCache(directory, "library/nginx")
  expect((await store.getManifest("latest")).bytes.equals(amd64.manifest)).toBe(true)
})

it("removes everything", async () => {
  await fill()
  const { removed } = await cleanCache(directory, { all: true })
  expect(removed).toEqual(["library/nginx/latest", "gcr.io/team/app/v1"])
  expect(await listCache(directory)).toEqual([])
  expect(await blobFiles()).toEqual([])
})

it("without a choice removes only what belongs to no image", async () => {
  await fill()
  const [orphan] = makeContractImage().blobs
  if (orphan === undefined) return expect.unreachable()
  const store = await openCache(directory, "library/nginx", { write: true })
  await store.putBlob(orphan.descriptor, bodyOf(orphan))
  await store.close()
  expect(await cleanCache(directory)).toEqual({ removed: [], freedBytes: orphan.descriptor.size })
  expect(await listCache(directory)).toHaveLength(2)
})

it("leaves alone what somebody is fetching, also blobs that were there already", async () => {
  const wanted = makeContractImage()
  const [config, first, second] = wanted.blobs
  if (config === undefined || first === undefined || second === undefined) return expect.unreachable()
  const before = await openCache(directory, "library/old", { write: true })
  await before.putBlob(first.descriptor, bodyOf(first))
  await before.close()
  await utimes(join(directory, "blobs/sha256", first.descriptor.digest.slice(7)), 1000, 1000)
  const writer = await openCache(directory, "library/new", { write: true })
  expect(await writer.hasBlob(first.descriptor)).toBe(true)
  await writer.putBlob(second.descriptor, bodyOf(second))
  expect(await cleanCache(directory, { all: true })).toEqual({ removed: [], freedBytes: 0 })
  await writer.putBlob(config.descriptor, bodyOf(config))
  await writer.putManifest("v1", wanted.manifest)
  await writer.close()
  expect(await listCache(directory)).toHaveLength(1)
})

it("does not wait for a writer that is dead", async () => {
  const [orphan] = makeContractImage().blobs
  if (orphan === undefined) return expect.unreachable()
  const store = await openCache(directory, "library/test", { write: true })
  await store.putBlob(orphan.descriptor, bodyOf(orphan))
  await store.close()
  const lease = join(directory, ".writer-1.00000000-1-dead")
  await writeFile(lease, "")
  await utimes(lease, 1000, 1000)
  expect(await cleanCache(directory)).toEqual({ removed: [], freedBytes: orphan.descriptor.size })
  expect(await readdir(directory)).not.toContain(".writer-1.00000000-1-dead")
})

it("says what it does not find", async () => {
  await putContractImage(await openCache(directory, "library/test", { write: true }), makeContractImage(), "v1")
  await expect(cleanCache(directory, { repository: "library/test", reference: "v2" })).rejects.toMatchObject({
    code: "not_found",
    message: "the cache has no library/test:v2",
    hint: "`list` shows what the cache has",
  })
  await expect(cleanCache(directory, { reference: "v1" })).rejects.toMatchObject({ code: "usage" })
})

it("forgets the leases of dead writers when the next one comes", async () => {
  const lease = join(directory, ".writer-1.00000000-1-dead")
  await writeFile(lease, "")
  await utimes(lease, 1000, 1000)
  const store = await openCache(directory, "library/test", { write: true })
  expect((await readdir(directory)).filter((name) => name.startsWith(".writer-"))).toHaveLength(1)
  await store.close()
  expect(await readdir(directory)).toEqual([])
})
