import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { needs, runProgram } from "@entrepot/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { bodyOf, makeContractImage, putContractImage } from "../contract-image.fixture.ts"
import { openCache } from "./cache-store.ts"

describe.skipIf(needs("mount", "umount", "root"))("the cache on a full disk", () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "full-"))
    await runProgram("mount", ["-t", "tmpfs", "-o", "size=1m", "none", directory])
  })
  afterEach(async () => {
    await runProgram("umount", [directory])
    await rm(directory, { recursive: true })
  })

  it("fault 31: says so, gives back the room, and keeps what it had", async () => {
    const small = makeContractImage({ layerBytes: [1000] })
    const store = await openCache(directory, "library/test", { write: true })
    await putContractImage(store, small, "v1")
    const [, layer] = makeContractImage({ layerBytes: [4_000_000] }).blobs
    if (layer === undefined) return expect.unreachable()
    await expect(store.putBlob(layer.descriptor, bodyOf(layer))).rejects.toMatchObject({
      code: "local_io",
      message: `cannot use ${directory}/blobs/sha256/${layer.descriptor.digest.slice(7)}: ENOSPC`,
      hint: "the disk is full: make room and start again, what is already there is kept",
    })
    expect(await store.hasBlob(layer.descriptor)).toBe(false)
    expect(await store.getManifest("v1")).toEqual(small.manifest)
    await putContractImage(store, makeContractImage({ layerBytes: [300_000] }), "v2")
    await store.close()
    expect((await readdir(directory)).sort()).toEqual(["blobs", "index.json", "manifests"])
  })
})
