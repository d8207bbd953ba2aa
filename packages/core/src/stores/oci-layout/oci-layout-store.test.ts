import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { digestOf } from "../../content/digest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import { openOciLayout } from "./oci-layout-store.ts"

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "layout-"))
})
afterAll(() => rm(root, { recursive: true }))

it("reads back an image under its tag", async () => {
  const store = await openOciLayout(join(root, "a"), { create: true })
  const bytes = Buffer.from("{}")
  const config = { mediaType: mediaTypes.ociConfig, digest: digestOf(bytes), size: 2 }
  await store.putBlob(config, {
    descriptor: config,
    async *read() {
      yield bytes
    },
  })
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [] }))
  const descriptor = { mediaType: mediaTypes.ociManifest, digest: digestOf(manifest), size: manifest.length }
  await store.putManifest("v1", { descriptor, bytes: manifest })
  expect(await store.resolve("v1")).toEqual(descriptor)
  expect((await store.getManifest(descriptor.digest)).bytes).toEqual(manifest)
  await store.close()
  expect(await readdir(join(root, "a"))).toEqual(["blobs", "index.json", "oci-layout"])
})
