import { artifact, contentBytes, digestOf, image, index, memoryContent, rawImage, type TestImage } from "@entrepot/testing"
import { expect, test } from "vitest"
import { readImage } from "./read-image.ts"
import { registryStock } from "./registry-stock.fixture.ts"

const amd64 = image({ seed: "amd64", layers: [{ sizeBytes: 3000 }, { sizeBytes: 500 }], annotations: { "org.example": "yes" } })
const arm64 = image({
  seed: "arm64",
  layers: [{ sizeBytes: 2000 }],
  platform: { os: "linux", architecture: "arm64", variant: "v8" },
})

const layersOf = ({ manifest }: TestImage): readonly { digest: string; size: number; mediaType: string }[] =>
  JSON.parse(manifest.toString()).layers
const shownLayers = (of: TestImage, isHere = true) =>
  layersOf(of).map(({ digest, size, mediaType }) => ({ digest, mediaType, sizeBytes: size, isHere }))
const bytesOf = ({ manifest, blobs }: TestImage) =>
  [...blobs.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, manifest.length)

/** An index with this beside its images, as BuildKit writes what it knows of them. */
function withAttestation(...children: readonly TestImage[]): { readonly both: TestImage; readonly attestation: TestImage } {
  const attestation = image({ seed: "attestation", platform: { os: "unknown", architecture: "unknown" } })
  const annotations = { "vnd.docker.reference.type": "attestation-manifest" }
  const plain = index([...children, { ...attestation, descriptor: { ...attestation.descriptor, annotations } }])
  return { both: plain, attestation }
}

test("an index is shown with its images, one image with its layers, and whatever refers to it", async () => {
  await using stock = await registryStock()
  const { service } = stock
  const [admin, viewer] = [stock.person("root", "admin"), stock.person("eve", "viewer")]
  const { both } = withAttestation(amd64, arm64)
  await stock.push("team/app", "1", both)
  const sbom = artifact({ artifactType: "application/spdx+json", blobs: ["{}!"], subject: amd64, annotations: { made: "today" } })
  await stock.push("team/app", undefined, sbom)
  await stock.stores.warehouse.setTag((await stock.stores.warehouse.repository("team/app"))?.id ?? 0, "latest", digest(both), 5)

  const [amdShown, armShown] = [
    { platform: "linux/amd64", digest: digest(amd64), bytes: bytesOf(amd64), layers: shownLayers(amd64) },
    { platform: "linux/arm64/v8", digest: digest(arm64), bytes: bytesOf(arm64), layers: shownLayers(arm64) },
  ]
  const byTag = await service.image(admin, "team/app", "1")
  expect(byTag).toEqual({
    ...{ repository: "team/app", digest: digest(both), mediaType: both.descriptor.mediaType, artifactType: null },
    ...{ createdAt: expect.any(Number), usedAt: expect.any(Number), annotations: null },
    ...{ tags: ["1", "latest"], platforms: [amdShown, armShown], layers: null, referrers: [], removable: true },
  })
  expect(await service.image(admin, "team/app", digest(both))).toEqual(byTag)
  expect(await service.image(admin, "team/app", digest(amd64))).toMatchObject({
    ...{ tags: [], annotations: { "org.example": "yes" }, platforms: [amdShown], layers: null },
    referrers: [
      {
        digest: digest(sbom),
        artifactType: "application/spdx+json",
        sizeBytes: sbom.manifest.length,
        annotations: { made: "today" },
      },
    ],
  })
  expect(await service.image(admin, "team/app", digest(sbom))).toMatchObject({
    ...{ artifactType: "application/spdx+json", platforms: [], layers: shownLayers(sbom), referrers: [] },
  })
  const notFound = { code: "not_found", message: "there is no such tag or manifest" }
  await expect(service.image(admin, "team/app", "2")).rejects.toMatchObject(notFound)
  await expect(service.image(admin, "team/app", `sha256:${"0".repeat(64)}`)).rejects.toMatchObject(notFound)
  const hidden = { code: "not_found", message: "there is no such repository" }
  await expect(service.image(viewer, "team/app", "1")).rejects.toMatchObject(hidden)
  await expect(service.image(viewer, "team/other", "1")).rejects.toMatchObject(hidden)
})

test("S6: of what was read through, that is here which somebody has read there, whatever other repositories have", async () => {
  await using stock = await registryStock()
  const viewer = stock.person("eve", "viewer")
  const [config = ""] = [...amd64.blobs.keys()]
  const [first = ""] = layersOf(amd64).map(({ digest }) => digest)
  await stock.push("team/secret", "1", arm64)
  const both = index([amd64, arm64])
  await stock.readThrough("docker.io/library/app", "1", amd64, (blob) => blob === first)
  const shown = await stock.service.image(viewer, "docker.io/library/app", "1")
  expect(shown.removable).toBe(false)
  expect(shown.platforms).toMatchObject([{ platform: "unknown", layers: [{ isHere: true }, { isHere: false }] }])
  await stock.readThrough("docker.io/library/app", "1", amd64, (blob) => blob === config)
  expect((await stock.service.image(viewer, "docker.io/library/app", "1")).platforms).toMatchObject([{ platform: "linux/amd64" }])

  await stock.readThrough("docker.io/library/both", "1", both, () => false)
  expect((await stock.service.image(viewer, "docker.io/library/both", "1")).platforms).toEqual([
    { platform: "linux/amd64", digest: digest(amd64), bytes: bytesOf(amd64), layers: shownLayers(amd64, false) },
    { platform: "linux/arm64/v8", digest: digest(arm64), bytes: bytesOf(arm64), layers: shownLayers(arm64, false) },
  ])
  await stock.readThrough("docker.io/library/alone", "1", { ...both, children: [] }, () => false)
  expect((await stock.service.image(viewer, "docker.io/library/alone", "1")).platforms).toEqual([
    { platform: "linux/amd64", digest: digest(amd64), bytes: null, layers: null },
    { platform: "linux/arm64/v8", digest: digest(arm64), bytes: null, layers: null },
  ])
})

test("S9: an image that lies of itself is shown as far as it can be understood, and no larger than a view may be", async () => {
  await using stock = await registryStock()
  const admin = stock.person("root", "admin")
  const shown = async (name: string, made: TestImage) => {
    await stock.readThrough(name, "1", made)
    return (await stock.service.image(admin, name, "1")).platforms
  }
  const configured = (config: Buffer) => {
    const { schemaVersion, mediaType, layers, config: old } = JSON.parse(amd64.manifest.toString())
    const described = { ...old, digest: digestOf(config), size: config.length }
    const bytes = Buffer.from(JSON.stringify({ schemaVersion, mediaType, config: described, layers }))
    return rawImage(bytes, mediaType, new Map([[digestOf(config), memoryContent(config)]]))
  }
  const large = JSON.stringify({ os: "linux", architecture: "amd64", more: "x".repeat(1024 * 1024) })
  const strange = JSON.stringify({ os: "<script>", architecture: "amd64" })
  for (const [at, config] of [large, strange, "null", "[", '{"os":5}'].entries()) {
    expect(await shown(`docker.io/a/app-${at}`, configured(Buffer.from(config)))).toMatchObject([{ platform: "unknown" }])
  }
  const wide = rawImage(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.index.v1+json",
        manifests: Array.from({ length: 900 }, (_, at) => ({ ...amd64.descriptor, digest: digestOf(Buffer.from(String(at))) })),
      }),
    ),
    "application/vnd.oci.image.index.v1+json",
  )
  expect(await shown("docker.io/a/wide", wide)).toHaveLength(200)
})

test("S9: thousands of tags and referrers with long annotations make no long answer", async () => {
  await using stock = await registryStock()
  const admin = stock.person("root", "admin")
  await stock.push("team/app", "1", amd64)
  const { warehouse } = stock.stores
  const { id = 0 } = (await warehouse.repository("team/app")) ?? {}
  const annotations = { short: "kept" }
  for (let at = 0; at < 1100; at++) {
    await warehouse.setTag(id, `tag-${at}`, digest(amd64), at)
    if (at >= 210) continue
    const bytes = Buffer.from(`a manifest of its own ${at}`)
    const own = { digest: digestOf(bytes), mediaType: "application/json", sizeBytes: bytes.length, artifactType: null }
    const long = at === 0 ? {} : { long: "x".repeat(100_000) }
    const manifest = { ...own, subject: digest(amd64), annotations: { ...annotations, ...long } }
    await warehouse.putManifest({ repositoryId: id, manifest, bytes, references: [], complete: false }, at)
  }
  const shown = await stock.service.image(admin, "team/app", digest(amd64))
  expect([shown.tags.length, shown.referrers.length]).toEqual([1000, 200])
  const { manifests } = await stock.service.manifests(admin, { repository: "team/app", limit: 500 })
  expect(manifests).toHaveLength(211)
  for (const answer of [shown, manifests]) expect(JSON.stringify(answer).length).toBeLessThan(200_000)
  expect(manifests.filter((each) => each.annotations?.short === "kept")).toHaveLength(1)
  const [longest] = manifests.filter(({ createdAt }) => createdAt === 1)
  const one = await stock.service.image(admin, "team/app", longest?.digest ?? "")
  expect(one.annotations).toBeNull()
})

test("a configuration whose bytes have changed on disk says nothing", async () => {
  await using stock = await registryStock()
  const [config = ""] = [...amd64.blobs.keys()]
  await stock.push("team/app", "1", amd64)
  const wrong = contentBytes(amd64.blobs.get(config) ?? memoryContent())
    .toString()
    .replace("amd64", "arm64")
  const blobs = {
    read: async () =>
      (async function* () {
        yield Buffer.from(wrong)
      })(),
  }
  const repository = await stock.stores.warehouse.repository("team/app")
  const read = repository && (await readImage({ store: stock.stores.warehouse, blobs }, repository, digest(amd64)))
  expect(read?.platforms).toMatchObject([{ platform: "unknown" }])
})

function digest({ descriptor }: TestImage): `sha256:${string}` {
  return descriptor.digest as `sha256:${string}`
}
