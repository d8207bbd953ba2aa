import { randomBytes } from "node:crypto"
import { type Descriptor, digestOf, mediaTypes } from "@entrepot/core"
import { expect, test } from "vitest"
import { readServedManifest } from "../read-manifest.ts"
import { childOf, imageOf, indexOf, pushBlob, type TestWarehouse, testWarehouse } from "../warehouse.fixture.ts"

/** Reads a blob through, as a fill does. */
async function fill(test: TestWarehouse, repositoryId: number, bytes: Buffer): Promise<Descriptor> {
  const digest = digestOf(bytes)
  const partial = await test.blobs.openPartial(`fill-${digest.replace(":", "-")}`)
  await partial.append([bytes])
  await test.warehouse.commitBlob(repositoryId, partial, digest)
  await partial.close()
  return { mediaType: mediaTypes.ociLayerGzip, digest, size: bytes.length }
}

/** Keeps an image of one layer of 1,000 bytes that was read through, unless another layer is given. */
async function readThrough(test: TestWarehouse, name: string, tag: string, layer = randomBytes(1000)) {
  const { id } = await test.warehouse.proxiedRepository(name, "docker.io")
  const config = await fill(test, id, randomBytes(10))
  const image = imageOf(config, [await fill(test, id, layer)])
  await record(test, id, image, tag)
  return { id, image, digest: digestOf(image), layer: digestOf(layer) }
}

async function record(test: TestWarehouse, id: number, bytes: Buffer, tag: string): Promise<void> {
  const { mediaType } = JSON.parse(bytes.toString())
  await test.warehouse.manifests.put(id, readServedManifest(digestOf(bytes), mediaType, bytes), bytes, { tag, complete: false })
}

/** A warehouse whose clock goes on by a second with every question. */
async function tickingWarehouse(quotaBytes?: number): Promise<TestWarehouse> {
  let now = Date.now()
  const tick = () => {
    now += 1000
    return now
  }
  return await testWarehouse({ now: tick, quotaBytes })
}

const isHere = async (test: TestWarehouse, digest: string) => (await test.blobs.stat(digest)) !== undefined

test("images that nobody has used for longest go first, whole, until there is room", async () => {
  await using test = await tickingWarehouse()
  const images = []
  for (const tag of ["one", "two", "three", "four"]) images.push(await readThrough(test, "docker.io/library/nginx", tag))
  const [one, two, three, four] = images
  if (!one || !two || !three || !four) throw new Error("an image is missing")
  await test.warehouse.manifests.get(one.id, one.digest)
  expect(await test.warehouse.evict(2500)).toEqual({ images: 2, blobs: 4, bytes: 2020 })
  for (const gone of [two, three]) {
    expect(await test.warehouse.manifests.get(gone.id, gone.digest)).toBeUndefined()
    expect(await isHere(test, gone.layer)).toBe(false)
    expect(await test.warehouse.blobs.linked(gone.id, gone.layer)).toBeUndefined()
  }
  for (const kept of [one, four]) {
    expect(await test.warehouse.manifests.get(kept.id, kept.digest)).toBeDefined()
    expect(await isHere(test, kept.layer)).toBe(true)
  }
  expect((await test.warehouse.store.listTags(one.id, { limit: 10 })).map(({ name }) => name)).toEqual(["four", "one"])
  expect(await test.warehouse.evict(2500)).toEqual({ images: 0, blobs: 0, bytes: 0 })
})

test("an index goes with its images", async () => {
  await using test = await tickingWarehouse()
  const [arm, amd] = [
    await readThrough(test, "docker.io/library/nginx", "arm"),
    await readThrough(test, "docker.io/library/nginx", "amd"),
  ]
  const index = indexOf([childOf(arm.digest, arm.image), childOf(amd.digest, amd.image)])
  await record(test, arm.id, index, "latest")
  const later = await readThrough(test, "docker.io/library/nginx", "later")
  expect(await test.warehouse.evict(1010)).toEqual({ images: 3, blobs: 4, bytes: 2020 })
  expect(await test.warehouse.manifests.get(later.id, later.digest)).toBeDefined()
})

test("a blob stays that an image needs which stays, and one that a hosted image needs", async () => {
  await using test = await tickingWarehouse()
  const [common, hosted] = [randomBytes(1000), randomBytes(1000)]
  const old = await readThrough(test, "docker.io/library/old", "v1", common)
  const other = await readThrough(test, "docker.io/library/other", "v1", hosted)
  const repository = test.hosted("team/app")
  await repository.beginUpload()
  expect(await repository.mount(digestOf(hosted), "docker.io/library/other")).toBe(true)
  const layer = { mediaType: mediaTypes.ociLayerGzip, digest: digestOf(hosted), size: 1000 }
  const bytes = imageOf(await pushBlob(repository, Buffer.from("{}")), [layer])
  await repository.putManifest("v1", mediaTypes.ociManifest, bytes)
  const kept = await readThrough(test, "docker.io/library/kept", "v1", common)
  const release = test.warehouse.lease(kept.digest)
  expect(await test.warehouse.evict(0)).toEqual({ images: 2, blobs: 2, bytes: 20 })
  for (const gone of [old, other]) expect(await test.warehouse.manifests.get(gone.id, gone.digest)).toBeUndefined()
  expect(await isHere(test, digestOf(common))).toBe(true)
  expect(await isHere(test, digestOf(hosted))).toBe(true)
  release()
  expect(await test.warehouse.evict(0)).toEqual({ images: 1, blobs: 2, bytes: 1010 })
  expect(await test.database.warehouse.usage()).toMatchObject({ blobs: 2, bytes: 1002, manifests: 1 })
})

test("what is leased stays, and so does what a push relies on", async () => {
  await using test = await tickingWarehouse()
  const reading = await readThrough(test, "docker.io/library/nginx", "reading")
  const pushing = await readThrough(test, "docker.io/library/nginx", "pushing")
  const release = test.warehouse.lease(reading.layer)
  expect(await test.hosted("team/app").mount(pushing.layer, "docker.io/library/nginx")).toBe(true)
  expect(await test.warehouse.evict(0)).toEqual({ images: 1, blobs: 1, bytes: 10 })
  expect(await isHere(test, reading.layer)).toBe(true)
  expect(await isHere(test, pushing.layer)).toBe(true)
  release()
  expect(await test.warehouse.makeRoom(1)).toBe(true)
  expect(await isHere(test, reading.layer)).toBe(false)
  expect(await test.warehouse.makeRoom(1)).toBe(false)
})

test("a warehouse keeps to its quota by itself", async () => {
  await using test = await tickingWarehouse(3500)
  const names = ["one", "two", "three", "four", "five", "six"]
  const images = []
  for (const tag of names) images.push(await readThrough(test, "docker.io/library/nginx", tag))
  await expect.poll(async () => (await test.database.warehouse.usage()).bytes).toBeLessThanOrEqual(3500)
  const last = images.at(-1)
  expect(last && (await test.warehouse.manifests.get(last.id, last.digest))).toBeDefined()
  expect(test.logged).toEqual([])
})
