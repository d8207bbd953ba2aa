import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Descriptor } from "../../content/descriptor.ts"
import { digestOf } from "../../content/digest.ts"
import { parseManifest } from "../../content/manifest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import { longNameEntry, paxEntry, tarOf } from "../archive/tar.fixture.ts"
import { makeContractImage } from "../contract-image.fixture.ts"
import { parseLocation } from "../location.ts"
import { openSource } from "../open-store.ts"
import { openDockerArchive } from "./docker-archive-source.ts"
import { layerBytes, savedImage, savedManifest, sha256 } from "./docker-save.fixture.ts"

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "saved-"))
})
afterAll(() => rm(directory, { recursive: true }))

let written = 0
async function write(bytes: Buffer): Promise<string> {
  const path = join(directory, `${written++}.tar`)
  await writeFile(path, bytes)
  return path
}

async function read(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

it("makes the same schema 2 manifest of an old archive each time, layers as they are", async () => {
  const saved = savedImage("nginx:1.27", ["first", "second"])
  const path = await write(tarOf(...saved.entries, savedManifest([saved])))
  const source = await openDockerArchive(path)
  const raw = await source.getManifest("nginx:1.27")
  const configBytes = Buffer.from(saved.entries[0]?.data ?? "")
  const expected = {
    schemaVersion: 2,
    mediaType: mediaTypes.dockerManifest,
    config: { mediaType: mediaTypes.dockerConfig, digest: digestOf(configBytes), size: configBytes.length },
    layers: ["first", "second"].map((text) => {
      const bytes = layerBytes(text)
      return { mediaType: mediaTypes.dockerLayerTar, digest: digestOf(bytes), size: bytes.length }
    }),
  }
  expect(JSON.parse(raw.bytes.toString())).toEqual(expected)
  expect(raw.descriptor).toEqual({ mediaType: mediaTypes.dockerManifest, digest: digestOf(raw.bytes), size: raw.bytes.length })
  for (const layer of expected.layers) expect(digestOf(await read((await source.openBlob(layer)).bytes))).toBe(layer.digest)
  expect((await read((await source.openBlob(expected.config)).bytes)).equals(configBytes)).toBe(true)
  expect(await source.resolve(raw.descriptor.digest)).toEqual(raw.descriptor)
  await source.close()
  const again = await openDockerArchive(path)
  expect((await again.getManifest("@0")).bytes.equals(raw.bytes)).toBe(true)
  await again.close()
})

it("keeps a gzip layer as it is", async () => {
  const saved = savedImage("app:1", ["packed"])
  const packed = gzipSync(layerBytes("packed"))
  const entries = saved.entries.map((entry) => (entry.name.endsWith("layer.tar") ? { ...entry, data: packed } : entry))
  const source = await openDockerArchive(await write(tarOf(...entries, savedManifest([saved]))))
  const parsed = parseManifest(await source.getManifest("@0"))
  expect(parsed.kind === "image" && parsed.layers).toEqual([
    { mediaType: mediaTypes.dockerLayerGzip, digest: digestOf(packed), size: packed.length },
  ])
  await source.close()
})

it("follows the links that old Dockers wrote for layers they had already", async () => {
  const saved = savedImage("app:1", ["same"])
  const [layer = ""] = saved.layers
  const twice = savedImage("app:1", ["same", "same"])
  const entries = [
    ...twice.entries.slice(0, 2),
    { name: "other/layer.tar", type: "2", linkName: `../${layer}` },
    { name: "third/layer.tar", type: "1", linkName: layer },
  ]
  for (const linked of ["other/layer.tar", "third/layer.tar", "./other/./layer.tar"]) {
    const source = await openDockerArchive(await write(tarOf(...entries, savedManifest([twice], { Layers: [layer, linked] }))))
    const parsed = parseManifest(await source.getManifest("@0"))
    expect(parsed.kind === "image" && parsed.layers.map((each) => each.digest)).toEqual(
      Array.from({ length: 2 }, () => digestOf(layerBytes("same"))),
    )
    await source.close()
  }
})

it("reads names that do not fit into a header, in pax and in GNU form", async () => {
  const saved = savedImage("app:1", ["long"])
  const [config, layer] = saved.entries
  if (config === undefined || layer === undefined) return expect.unreachable()
  const long = `${"d".repeat(150)}/layer.tar`
  for (const name of [paxEntry({ path: long }), longNameEntry(long)]) {
    const manifest = savedManifest([saved], { Layers: [long] })
    const source = await openDockerArchive(await write(tarOf(config, name, { ...layer, name: "short" }, manifest)))
    expect(await source.resolve("app:1")).toMatchObject({ mediaType: mediaTypes.dockerManifest })
    await source.close()
  }
})

it("finds an image by every way to write its name", async () => {
  const [one, two] = [savedImage("nginx:latest", ["one"]), savedImage("gcr.io/team/app:v2", ["two"])]
  const path = await write(tarOf(...one.entries, ...two.entries, savedManifest([one, two])))
  const source = await openDockerArchive(path)
  const first = await source.resolve("@0")
  const second = await source.resolve("@1")
  expect(first?.digest).not.toBe(second?.digest)
  for (const name of ["nginx", "nginx:latest", "docker.io/library/nginx:latest", "library/nginx", "latest"]) {
    expect(await source.resolve(name)).toEqual(first)
  }
  for (const name of ["gcr.io/team/app:v2", "v2"]) expect(await source.resolve(name)).toEqual(second)
  for (const name of ["nginx:1", "team/app:v2", "@2", "@x", "v3", ""]) expect(await source.resolve(name)).toBeUndefined()
  await source.close()
})

it("asks which image is meant when there are several", async () => {
  const images = [savedImage("nginx:latest", ["one"]), savedImage(null, ["two"])]
  const path = await write(tarOf(...images.flatMap((image) => image.entries), savedManifest(images)))
  const open = (text: string) =>
    openSource(parseLocation(text), {
      http: { send: () => Promise.reject(new Error("not asked")), baseUrl: () => Promise.reject(new Error("not asked")) },
      cacheDirectory: directory,
    })
  await expect(open(`docker-archive:${path}`)).rejects.toMatchObject({
    code: "usage",
    message: `docker-archive:${path} has 2 images`,
    hint: "name one of them: nginx:latest, @1",
  })
  await expect(open(`docker-archive:${path}:redis`)).rejects.toMatchObject({
    code: "not_found",
    message: `docker-archive:${path} has no image redis:latest`,
    hint: "it has: nginx:latest, @1",
  })
  const { store, reference } = await open(`docker-archive:${path}:@1`)
  expect(reference).toBe("@1")
  await store.close()
})

/** An archive in the form of Docker 25: a layout with a manifest.json beside it. */
function modernSave(options: { readonly isIndex?: boolean; readonly leaveOut?: number } = {}) {
  const images = [makeContractImage(), makeContractImage()]
  const [image] = images
  if (image === undefined) throw new Error("no image")
  const children = images.map(({ manifest }) => manifest.descriptor)
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: children }))
  const indexDescriptor = { mediaType: mediaTypes.ociIndex, digest: digestOf(index), size: index.length }
  const root = options.isIndex ? indexDescriptor : image.manifest.descriptor
  const [first, ...others] = images.map(({ manifest, blobs }) => [manifest.bytes, ...blobs.map((blob) => blob.bytes)])
  const blobs = [...(first ?? []), ...(options.isIndex ? [index, ...others.flat()] : [])]
  const path = (digest: string) => `blobs/${digest.replace(":", "/")}`
  const [config, ...layers] = image.blobs.map((blob) => path(blob.descriptor.digest))
  const kept = blobs.slice(0, blobs.length - (options.leaveOut ?? 0))
  const tar = tarOf(
    ...kept.map((data) => ({ name: `blobs/sha256/${sha256(data)}`, data })),
    { name: "oci-layout", data: '{"imageLayoutVersion":"1.0.0"}' },
    { name: "index.json", data: JSON.stringify({ schemaVersion: 2, manifests: [root] }) },
    { name: "manifest.json", data: JSON.stringify([{ Config: config, RepoTags: ["app:1"], Layers: layers }]) },
  )
  return { tar, image, index }
}

it("takes the manifest of a layout byte for byte", async () => {
  const { tar, image } = modernSave()
  const source = await openDockerArchive(await write(tar))
  expect(await source.getManifest("app:1")).toEqual(image.manifest)
  await source.close()
})

it("takes a whole index when all of its platforms are there, else the image that is", async () => {
  const whole = modernSave({ isIndex: true })
  const source = await openDockerArchive(await write(whole.tar))
  expect((await source.getManifest("app:1")).bytes.equals(whole.index)).toBe(true)
  await source.close()
  const sparse = modernSave({ isIndex: true, leaveOut: 1 })
  const partly = await openDockerArchive(await write(sparse.tar))
  expect(await partly.getManifest("app:1")).toEqual(sparse.image.manifest)
  await partly.close()
})

it("looks at each manifest once, however often it is named", async () => {
  const saved = savedImage("app:1", ["layer"])
  const indexes: Buffer[] = []
  let child: Descriptor = { mediaType: mediaTypes.ociManifest, digest: digestOf(Buffer.from("missing")), size: 7 }
  for (let depth = 0; depth < 3; depth++) {
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: Array(1000).fill(child) }),
    )
    indexes.push(bytes)
    child = { mediaType: mediaTypes.ociIndex, digest: digestOf(bytes), size: bytes.length }
  }
  const tar = tarOf(
    ...saved.entries,
    ...indexes.map((data) => ({ name: `blobs/sha256/${sha256(data)}`, data })),
    { name: "oci-layout", data: '{"imageLayoutVersion":"1.0.0"}' },
    { name: "index.json", data: JSON.stringify({ schemaVersion: 2, manifests: Array(10_000).fill(child) }) },
    savedManifest([saved]),
  )
  const source = await openDockerArchive(await write(tar))
  const started = performance.now()
  expect(await source.resolve("@0")).toMatchObject({ mediaType: mediaTypes.dockerManifest })
  expect(performance.now() - started).toBeLessThan(2000)
  await source.close()
})

it("says what the file really is", async () => {
  const layout = tarOf({ name: "oci-layout", data: "{}" }, { name: "index.json", data: "{}" })
  const path = await write(layout)
  await expect(openDockerArchive(path)).rejects.toMatchObject({
    code: "archive_invalid",
    message: `${path} was not made by docker save: it has no manifest.json`,
    hint: `it is an OCI archive: use oci-archive:${path}`,
  })
  await expect(openDockerArchive(directory)).rejects.toMatchObject({
    code: "archive_invalid",
    message: `${directory} is not a file`,
    hint: `a layout in a directory is oci:${directory}`,
  })
  await expect(openDockerArchive(join(directory, "none.tar"))).rejects.toMatchObject({
    code: "not_found",
    message: `there is no file ${directory}/none.tar`,
  })
})

it("leaves no temporary file of a compressed archive", async () => {
  const spools = join(directory, "spools")
  await mkdir(spools)
  const saved = savedImage("app:1", ["zipped"])
  const path = await write(gzipSync(tarOf(...saved.entries, savedManifest([saved]))))
  const source = await openDockerArchive(path, { temporaryDirectory: spools })
  expect(await source.resolve("app:1")).toBeDefined()
  await source.close()
  expect(await readdir(spools)).toEqual([])
})
