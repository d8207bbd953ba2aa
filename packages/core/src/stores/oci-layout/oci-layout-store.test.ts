import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { TransferError } from "../../errors/transfer-error.ts"
import { chooseLayoutEntry } from "../choose-layout-entry.ts"
import { makeContractImage, makeContractIndex, putContractImage } from "../contract-image.fixture.ts"
import { openOciLayout } from "./oci-layout-store.ts"

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "layout-"))
})
afterEach(() => rm(directory, { recursive: true }))

const readIndex = async () => JSON.parse(await readFile(join(directory, "index.json"), "utf8"))

it("makes a layout with nothing beside the specification's files", async () => {
  const store = await openOciLayout(directory, { create: true })
  await putContractImage(store, makeContractImage(), "v1")
  await store.close()
  expect((await readdir(directory)).sort()).toEqual(["blobs", "index.json", "oci-layout"])
  expect(await readFile(join(directory, "oci-layout"), "utf8")).toBe('{"imageLayoutVersion":"1.0.0"}')
})

it("refuses a directory that is no layout, and does not make it one", async () => {
  await expect(openOciLayout(directory)).rejects.toMatchObject({
    code: "not_found",
    message: `${directory} is not an OCI image layout: it has no oci-layout file`,
  })
  expect(await readdir(directory)).toEqual([])
})

it("names in index.json what is tagged, not the children of an index", async () => {
  const images = [makeContractImage(), makeContractImage()]
  const index = makeContractIndex(images)
  const store = await openOciLayout(directory, { create: true })
  for (const image of images) await putContractImage(store, image, image.manifest.descriptor.digest)
  await store.putManifest("multi", index)
  await store.finish()
  expect(await readIndex()).toEqual({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [{ ...index.descriptor, annotations: { "org.opencontainers.image.ref.name": "multi" } }],
  })
})

it("names what was put by digest alone when it is finished", async () => {
  const image = makeContractImage()
  const store = await openOciLayout(directory, { create: true })
  await putContractImage(store, image, image.manifest.descriptor.digest)
  expect((await readIndex()).manifests).toEqual([])
  await store.finish()
  expect((await readIndex()).manifests).toEqual([image.manifest.descriptor])
  expect(chooseLayoutEntry(await store.listEntries(), store.display)).toBe(image.manifest.descriptor.digest)
})

it("keeps what other tools wrote into index.json", async () => {
  const store = await openOciLayout(directory, { create: true })
  await putContractImage(store, makeContractImage(), "v1")
  const index = await readIndex()
  index.annotations = { made: "elsewhere" }
  index.manifests[0].data = "e30="
  index.manifests[0].platform = { os: "linux", architecture: "amd64", "os.features": ["x"] }
  await writeFile(join(directory, "index.json"), JSON.stringify(index))
  await putContractImage(store, makeContractImage(), "v2")
  const after = await readIndex()
  expect(after.annotations).toEqual({ made: "elsewhere" })
  expect(after.manifests[0]).toEqual(index.manifests[0])
  expect(after.manifests).toHaveLength(2)
})

it("leaves nothing of a blob that broke off", async () => {
  const [blob] = makeContractImage().blobs
  if (blob === undefined) return expect.unreachable()
  const store = await openOciLayout(directory, { create: true })
  const body = {
    descriptor: blob.descriptor,
    async *read() {
      yield blob.bytes.subarray(0, 10)
      throw new TransferError("network", "the connection was reset")
    },
  }
  await expect(store.putBlob(blob.descriptor, body)).rejects.toMatchObject({ code: "network" })
  await store.close()
  expect((await readdir(directory, { recursive: true })).sort()).toEqual(["blobs", "blobs/sha256", "index.json", "oci-layout"])
})

it("chooses the image that is meant when none is named", async () => {
  const store = await openOciLayout(directory, { create: true })
  const choose = async () => chooseLayoutEntry(await store.listEntries(), store.display)
  await expect(choose()).rejects.toMatchObject({ code: "not_found", message: `oci:${directory} has no image` })
  const image = makeContractImage()
  await putContractImage(store, image, "v1")
  expect(await choose()).toBe("v1")
  const signature = makeContractImage({ subject: image.manifest.descriptor })
  await putContractImage(store, signature, signature.manifest.descriptor.digest)
  await putContractImage(store, makeContractImage(), `sha256-${image.manifest.descriptor.digest.slice(7)}.sig`)
  expect(await choose()).toBe("v1")
  await putContractImage(store, makeContractImage(), "v2")
  await expect(choose()).rejects.toMatchObject({
    code: "usage",
    message: `oci:${directory} has 2 images`,
    hint: "name one of them: :v1 :v2",
  })
  await putContractImage(store, makeContractImage(), "latest")
  expect(await choose()).toBe("latest")
})

it("reads nothing through a link that leads out of the layout", async () => {
  const image = makeContractImage()
  const store = await openOciLayout(join(directory, "layout"), { create: true })
  await putContractImage(store, image, "v1")
  const [, layer] = image.blobs
  if (layer === undefined) return expect.unreachable()
  const path = join(directory, "layout/blobs/sha256", layer.descriptor.digest.slice(7))
  await writeFile(join(directory, "secret"), Buffer.alloc(layer.descriptor.size, "secret"))
  await rm(path)
  await symlink(join(directory, "secret"), path)
  await expect(store.openBlob(layer.descriptor)).rejects.toMatchObject({ code: "not_found" })
  expect(await store.hasBlob(layer.descriptor)).toBe(false)
  await putContractImage(store, image, "v1")
  expect((await readFile(join(directory, "secret"))).equals(Buffer.alloc(layer.descriptor.size, "secret"))).toBe(true)
  expect((await readFile(path)).equals(layer.bytes)).toBe(true)
})

it("treats a damaged manifest as missing, until it is put again", async () => {
  const image = makeContractImage()
  const { digest } = image.manifest.descriptor
  const store = await openOciLayout(directory, { create: true })
  await putContractImage(store, image, "v1")
  await writeFile(join(directory, "blobs/sha256", digest.slice(7)), image.manifest.bytes.subarray(1))
  expect(await store.resolve("v1")).toBeUndefined()
  expect(await store.resolve(digest)).toBeUndefined()
  await expect(store.getManifest("v1")).rejects.toMatchObject({ code: "digest_mismatch" })
  await putContractImage(store, image, "v1")
  expect(await store.resolve("v1")).toEqual(image.manifest.descriptor)
})
