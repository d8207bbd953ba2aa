import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { image, index } from "@entrepot/testing"
import { afterEach, beforeEach, expect, it } from "vitest"
import { TransferError } from "../../errors/transfer-error.ts"
import { bodyOf, makeContractImage, putContractImage } from "../contract-image.fixture.ts"
import { newOwner } from "../files/owner.ts"
import { putTestImage, rawManifest } from "../stores.fixture.ts"
import { openCache } from "./cache-store.ts"

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "cache-"))
})
afterEach(() => rm(directory, { recursive: true }))

const layerOf = (size: number) => {
  const [, layer] = makeContractImage({ layerBytes: [size] }).blobs
  if (layer === undefined) throw new Error("no layer")
  return layer
}

async function listFiles(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

it("writes exactly the tree and the index of the cache format", async () => {
  const nginx = image({ seed: "nginx", mediaTypes: "docker", layers: [{ sizeBytes: 500 }] })
  const store = await openCache(directory, "library/nginx", { write: true })
  await putTestImage(store, nginx, "1.27")
  await store.close()
  const [configDigest = "", layerDigest = ""] = nginx.blobs.keys()
  expect(await listFiles(directory)).toEqual(
    [
      `blobs/sha256/${configDigest.slice(7)}`,
      `blobs/sha256/${layerDigest.slice(7)}`,
      "index.json",
      "manifests/library/nginx/1.27",
      `manifests/library/nginx/${nginx.descriptor.digest}`,
    ].sort(),
  )
  expect((await readFile(join(directory, "manifests/library/nginx/1.27"))).equals(nginx.manifest)).toBe(true)
  expect(JSON.parse(await readFile(join(directory, "index.json"), "utf8"))).toEqual({
    "library/nginx/1.27": {
      repository: "library/nginx",
      reference: "1.27",
      manifest_path: "manifests/library/nginx/1.27",
      config_digest: configDigest,
      blobs: {
        [configDigest]: {
          digest: configDigest,
          size: nginx.blobs.get(configDigest)?.sizeBytes,
          path: `blobs/sha256/${configDigest.slice(7)}`,
          is_config: true,
          compressed: false,
          media_type: "application/vnd.docker.container.image.v1+json",
        },
        [layerDigest]: {
          digest: layerDigest,
          size: 500,
          path: `blobs/sha256/${layerDigest.slice(7)}`,
          is_config: false,
          compressed: true,
          media_type: "application/vnd.docker.image.rootfs.diff.tar.gzip",
        },
      },
    },
  })
})

it("has one entry for a multi-platform image, with the blobs of all platforms", async () => {
  const children = ["amd64", "arm64"].map((architecture) =>
    image({ seed: architecture, platform: { os: "linux", architecture }, layers: [{ sizeBytes: 300 }] }),
  )
  const multi = index(children)
  const store = await openCache(directory, "library/multi", { write: true })
  await putTestImage(store, multi, "v1")
  await store.close()
  const entries = JSON.parse(await readFile(join(directory, "index.json"), "utf8"))
  expect(Object.keys(entries)).toEqual(["library/multi/v1"])
  expect(Object.keys(entries["library/multi/v1"].blobs).sort()).toEqual([...multi.blobs.keys()].sort())
  const source = await openCache(directory, "library/multi")
  for (const child of children) expect(await source.getManifest(child.descriptor.digest)).toEqual(rawManifest(child))
})

it("fault 32: removes at its end the temporary files of a killed process, and leaves unfinished downloads to whoever goes on with them", async () => {
  const [host = ""] = newOwner().split("-")
  const dead = `${host}-99999999-abc`
  await mkdir(join(directory, ".partial"))
  const partial = `sha256-${"a".repeat(64)}.${dead}`
  for (const name of [`index.json.${dead}.tmp`, partial]) await writeFile(join(directory, ".partial", name), "half")
  const store = await openCache(directory, "library/test", { write: true })
  await store.close()
  expect(await readdir(join(directory, ".partial"))).toEqual([partial])
})

it("goes on with a download that a killed process left, after checking what is there", async () => {
  const layer = layerOf(300_000)
  const { descriptor, bytes } = layer
  await mkdir(join(directory, ".partial"))
  const partial = join(directory, ".partial", `${descriptor.digest.replace(":", "-")}.00000000-1-abc`)
  await writeFile(partial, bytes.subarray(0, 123_456))
  await utimes(partial, 0, 0)
  const store = await openCache(directory, "library/test", { write: true })
  const asked: number[] = []
  const logs: string[] = []
  const read = (offset: number) => {
    asked.push(offset)
    return bodyOf(layer).read(offset)
  }
  await store.putBlob(descriptor, { descriptor, read }, { onLog: (line) => logs.push(line) })
  await store.close()
  expect(asked).toEqual([123_456])
  expect(logs).toEqual([`going on with ${descriptor.digest} at byte 123456 of 300000`])
  expect((await readFile(join(directory, "blobs/sha256", descriptor.digest.slice(7)))).equals(bytes)).toBe(true)
  expect(await readdir(directory)).toEqual(["blobs"])
})

it("fetches all of it again when what was left is damaged", async () => {
  const layer = layerOf(300_000)
  const { descriptor, bytes } = layer
  await mkdir(join(directory, ".partial"))
  await writeFile(join(directory, ".partial", `${descriptor.digest.replace(":", "-")}.free`), Buffer.alloc(1000))
  const store = await openCache(directory, "library/test", { write: true })
  const asked: number[] = []
  const read = (offset: number) => {
    asked.push(offset)
    return bodyOf(layer).read(offset)
  }
  await store.putBlob(descriptor, { descriptor, read })
  await store.close()
  expect(asked).toEqual([1000, 0])
  expect((await readFile(join(directory, "blobs/sha256", descriptor.digest.slice(7)))).equals(bytes)).toBe(true)
})

it("keeps what a broken download brought for the next try", async () => {
  const layer = layerOf(300_000)
  const { descriptor, bytes } = layer
  const store = await openCache(directory, "library/test", { write: true })
  const broken = {
    descriptor,
    async *read() {
      yield bytes.subarray(0, 200_000)
      throw new TransferError("network", "the connection was reset")
    },
  }
  await expect(store.putBlob(descriptor, broken)).rejects.toMatchObject({ code: "network" })
  expect(await store.hasBlob(descriptor)).toBe(false)
  const asked: number[] = []
  const read = (offset: number) => {
    asked.push(offset)
    return bodyOf(layer).read(offset)
  }
  await store.putBlob(descriptor, { descriptor, read })
  expect(asked).toEqual([200_000])
  expect(await store.hasBlob(descriptor)).toBe(true)
  await store.close()
})

it("notices a blob that became shorter on disk, and takes it anew", async () => {
  const wanted = makeContractImage()
  const store = await openCache(directory, "library/test", { write: true })
  await putContractImage(store, wanted, "v1")
  const [, layer] = wanted.blobs
  if (layer === undefined) return expect.unreachable()
  const path = join(directory, "blobs/sha256", layer.descriptor.digest.slice(7))
  await truncate(path, 10)
  expect(await store.hasBlob(layer.descriptor)).toBe(false)
  await expect(store.openBlob(layer.descriptor)).rejects.toMatchObject({
    code: "digest_mismatch",
    message: `${path} has 10 bytes, the blob has 1000`,
    hint: "the file is damaged: fetch the image again",
  })
  await store.putBlob(layer.descriptor, bodyOf(layer))
  expect((await stat(path)).size).toBe(1000)
  await store.close()
})

it("refuses bytes whose sender was wrong about their digest, and keeps none of them", async () => {
  const layer = layerOf(2000)
  const { descriptor } = layer
  const store = await openCache(directory, "library/test", { write: true })
  const lying = {
    descriptor,
    async *read() {
      yield Buffer.alloc(2000)
    },
  }
  await expect(store.putBlob(descriptor, lying)).rejects.toMatchObject({ code: "digest_mismatch" })
  const endless = {
    descriptor,
    async *read() {
      for (;;) yield Buffer.alloc(1024)
    },
  }
  await expect(store.putBlob(descriptor, endless)).rejects.toMatchObject({
    code: "digest_mismatch",
    message: `more bytes came for ${descriptor.digest} than its 2000`,
  })
  await store.close()
  expect(await listFiles(directory)).toEqual([])
})

it("does not name an image whose blobs it lacks", async () => {
  const wanted = makeContractImage()
  const store = await openCache(directory, "library/test", { write: true })
  await expect(store.putManifest("v1", wanted.manifest)).rejects.toMatchObject({ code: "not_found" })
  expect(await store.resolve("v1")).toBeUndefined()
  await store.close()
})

it("treats a damaged manifest as missing when it is asked what it has", async () => {
  const store = await openCache(directory, "library/test", { write: true })
  await putContractImage(store, makeContractImage(), "v1")
  await writeFile(join(directory, "manifests/library/test/v1"), "{")
  expect(await store.resolve("v1")).toBeUndefined()
  await expect(store.getManifest("v1")).rejects.toMatchObject({ code: "archive_invalid" })
  await store.close()
})

it.each(["../up", "a/../../b", "/etc", "a//b", ".hidden/x", "a/./b", "a\0b", "A", "a\\b", ""])(
  "refuses the repository %j, which could lead elsewhere",
  async (repository) => {
    await expect(openCache(directory, repository)).rejects.toMatchObject({ code: "usage" })
  },
)

it.each(["../v1", "a/b", ".hidden", "", "sha256:abc", "x".repeat(129)])("refuses the reference %j", async (reference) => {
  const store = await openCache(directory, "library/test")
  await expect(store.getManifest(reference)).rejects.toMatchObject({ code: "usage" })
  await expect(store.putManifest(reference, makeContractImage().manifest)).rejects.toMatchObject({ code: "usage" })
})

it("says so when a repository and a tag would share a path", async () => {
  const first = await openCache(directory, "library", { write: true })
  await putContractImage(first, makeContractImage(), "nginx")
  await first.close()
  const second = await openCache(directory, "library/nginx", { write: true })
  await expect(putContractImage(second, makeContractImage(), "latest")).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("a repository and a tag share a path"),
  })
  await second.close()
})

it("never uses the paths of a foreign index.json", async () => {
  const store = await openCache(directory, "library/test", { write: true })
  await putContractImage(store, makeContractImage(), "v1")
  const path = join(directory, "index.json")
  const text = (await readFile(path, "utf8")).replace("manifests/library/test/v1", "../../../etc/passwd")
  await writeFile(path, text)
  expect(await store.resolve("v1")).toMatchObject({ mediaType: "application/vnd.oci.image.manifest.v1+json" })
  await store.close()
})

it("explains a damaged index.json", async () => {
  await writeFile(join(directory, "index.json"), "[]")
  const store = await openCache(directory, "library/test")
  await expect(store.listTags()).rejects.toMatchObject({
    code: "archive_invalid",
    message: `${directory}/index.json is not the index of a cache`,
    hint: "remove the cache directory, or name another one with --cache-dir",
  })
})
