import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { artifact, image, index } from "@entrepot/testing"
import { afterEach, beforeEach, expect, it } from "vitest"
import { parseReference } from "../../reference/index.ts"
import { openTarArchive } from "../archive/tar-archive.ts"
import { makeContractImage, putContractImage } from "../contract-image.fixture.ts"
import { createOciArchive } from "../oci-archive/oci-archive-target.ts"
import { putTestImage, rawManifest } from "../stores.fixture.ts"
import { openDockerArchive } from "./docker-archive-source.ts"
import { createDockerArchive } from "./docker-archive-target.ts"

let directory: string
let path: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "target-"))
  path = join(directory, "image.tar")
})
afterEach(() => rm(directory, { recursive: true }))

const platforms = ["amd64", "arm64"].map((architecture) =>
  image({ seed: architecture, platform: { os: "linux", architecture }, layers: [{ sizeBytes: 300 }] }),
)

it("names the image for old and new Dockers", async () => {
  const target = await createDockerArchive(path, parseReference("nginx"))
  const wanted = makeContractImage()
  await putContractImage(target, wanted, "1.27")
  await putContractImage(target, wanted, "latest")
  await target.finish()
  await target.close()
  const tar = await openTarArchive(path)
  const [config, ...layers] = wanted.blobs.map(({ descriptor }) => `blobs/${descriptor.digest.replace(":", "/")}`)
  expect(JSON.parse(String(await tar.readSmall("manifest.json", 10_000)))).toEqual([
    { Config: config, RepoTags: ["nginx:1.27", "nginx:latest"], Layers: layers },
  ])
  expect(JSON.parse(String(await tar.readSmall("index.json", 10_000)))).toEqual({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: ["1.27", "latest"].map((tag) => ({
      ...wanted.manifest.descriptor,
      annotations: {
        "io.containerd.image.name": `docker.io/library/nginx:${tag}`,
        "org.opencontainers.image.ref.name": tag,
      },
    })),
  })
  await tar.close()
})

it("has images without names when it was given none", async () => {
  const target = await createDockerArchive(path)
  await putContractImage(target, makeContractImage(), "latest")
  await target.finish()
  await target.close()
  const source = await openDockerArchive(path)
  expect(source.images.map(({ names }) => names)).toEqual([[]])
  await source.close()
})

it("refuses an index of several platforms, and says how to choose", async () => {
  const target = await createDockerArchive(path)
  await expect(putTestImage(target, index(platforms), "v1")).rejects.toMatchObject({
    code: "unsupported",
    message: `docker-archive:${path} can hold one platform, and this image has 2`,
    hint: "choose one with --platform, for example --platform linux/amd64",
  })
  await target.close()
})

it("stores an index of one platform as that image", async () => {
  const [amd64] = platforms
  if (amd64 === undefined) return expect.unreachable()
  const target = await createDockerArchive(path, parseReference("app"))
  await putTestImage(target, index([amd64]), "v1")
  await target.finish()
  await target.close()
  const source = await openDockerArchive(path)
  expect(source.images.map(({ names }) => names)).toEqual([["app:v1"]])
  expect(await source.getManifest("app:v1")).toEqual(rawManifest(amd64))
  await source.close()
})

it("refuses what is no image", async () => {
  const target = await createDockerArchive(path)
  const sbom = artifact({ artifactType: "application/spdx+json", blobs: ["{}"] })
  await expect(putTestImage(target, sbom, "v1")).rejects.toMatchObject({
    code: "unsupported",
    hint: "use oci: or oci-archive: for it",
  })
  await target.close()
})

it("refuses to finish without a layer", async () => {
  const target = await createDockerArchive(path)
  const { manifest, blobs } = makeContractImage()
  await target.putManifest("v1", manifest)
  await expect(target.finish()).rejects.toMatchObject({
    code: "unsupported",
    message: `docker-archive:${path} cannot hold an image without its layer ${blobs[0]?.descriptor.digest}`,
  })
  await target.close()
})

it.each([
  ["docker", () => createDockerArchive(path)],
  ["oci", () => createOciArchive(path)],
] as const)("leaves nothing of a %s archive that is closed without being finished", async (_, create) => {
  const target = await create()
  await putContractImage(target, makeContractImage(), "v1")
  expect(await readdir(directory)).toHaveLength(1)
  await target.close()
  expect(await readdir(directory)).toEqual([])
})

it("removes what a dead process left of the same archive, and nothing else", async () => {
  const [mine, others] = [".image.tar.partial-", ".other.tar.partial-"].map((prefix) =>
    join(directory, `${prefix}00000000-1-abc`),
  )
  for (const left of [mine ?? "", others ?? ""]) {
    await mkdir(left)
    await writeFile(join(left, "blob"), "x")
    await utimes(left, 0, 0)
  }
  const target = await createOciArchive(path)
  await target.close()
  expect(await readdir(directory)).toEqual([".other.tar.partial-00000000-1-abc"])
})
