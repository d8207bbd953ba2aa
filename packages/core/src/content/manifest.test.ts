import { expect, test } from "vitest"
import { digestOf } from "./digest.ts"
import { parseManifest, subsetIndex } from "./manifest.ts"
import { mediaTypes } from "./media-types.ts"
import type { RawManifest } from "./store.ts"

const blob = (size = 3) => ({ mediaType: mediaTypes.ociLayerGzip, digest: digestOf(Buffer.from(`blob ${size}`)), size })
const config = { ...blob(1), mediaType: mediaTypes.ociConfig }

function raw(json: unknown, mediaType: string = mediaTypes.ociManifest): RawManifest {
  const bytes = Buffer.from(typeof json === "string" ? json : JSON.stringify(json))
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length } }
}

function messageOf(manifest: RawManifest): string {
  try {
    parseManifest(manifest)
  } catch (error) {
    return (error as Error).message.replace(/sha256:[0-9a-f]{64}/g, "DIGEST")
  }
  return "accepted"
}

test("an image lists its config and layers, each blob once", () => {
  const manifest = parseManifest(raw({ schemaVersion: 2, config, layers: [blob(5), blob(5), blob(7)] }))
  expect(manifest.kind === "image" && manifest.blobs.map((b) => b.size)).toEqual([1, 5, 7])
})

test("an index lists its children with their platforms", () => {
  const child = {
    ...blob(9),
    mediaType: mediaTypes.ociManifest,
    platform: { os: "linux", architecture: "arm", variant: "v7", features: [] },
  }
  const manifest = parseManifest(
    raw({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [child] }, mediaTypes.ociIndex),
  )
  expect(manifest.kind === "index" && manifest.children[0]?.platform).toEqual({ os: "linux", architecture: "arm", variant: "v7" })
})

test.each([
  ["not JSON", raw("{"), "manifest DIGEST is not JSON"],
  ["an array", raw([]), "manifest DIGEST is not a JSON object"],
  [
    "another inner type",
    raw({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, config, layers: [] }),
    `manifest DIGEST calls itself ${mediaTypes.ociIndex} but was served as ${mediaTypes.ociManifest}`,
  ],
  [
    "layers beside manifests",
    raw({ schemaVersion: 2, config, layers: [], manifests: [] }),
    "manifest DIGEST is an index and an image at once",
  ],
  [
    "layers inside an index",
    raw({ schemaVersion: 2, layers: [], manifests: [] }, mediaTypes.ociIndex),
    "manifest DIGEST is an index and an image at once",
  ],
  [
    "a traversal for a digest",
    raw({ schemaVersion: 2, config: { ...config, digest: "sha256:../../etc/passwd" }, layers: [] }),
    "manifest DIGEST has a config whose digest cannot be verified",
  ],
  [
    "an upper-case digest",
    raw({ schemaVersion: 2, config: { ...config, digest: config.digest.toUpperCase() }, layers: [] }),
    "manifest DIGEST has a config whose digest cannot be verified",
  ],
  [
    "a negative size",
    raw({ schemaVersion: 2, config: { ...config, size: -1 }, layers: [] }),
    "manifest DIGEST has a config whose size is no byte count",
  ],
  [
    "a size beyond exact numbers",
    raw({ schemaVersion: 2, config: { ...config, size: 2 ** 60 }, layers: [] }),
    "manifest DIGEST has a config whose size is no byte count",
  ],
  ["no layers", raw({ schemaVersion: 2, config }), "manifest DIGEST has no list of layers"],
  [
    "too many children",
    raw({ schemaVersion: 2, manifests: Array.from({ length: 1001 }, () => blob()) }, mediaTypes.ociIndex),
    "manifest DIGEST names 1001 children, more than 1000",
  ],
  [
    "schema 1",
    raw({ schemaVersion: 1 }, mediaTypes.dockerSchema1Signed),
    "manifest DIGEST is Docker schema 1, which registries no longer take",
  ],
  [
    "an unknown type",
    raw({ schemaVersion: 2 }, "text/html"),
    "manifest DIGEST has the media type text/html, which is neither an image nor an index",
  ],
])("refuses %s", (_, manifest, message) => {
  expect(messageOf(manifest)).toBe(message)
})

test("a subset keeps the chosen children and every other field", () => {
  const children = [blob(1), blob(2), blob(3)].map((b) => ({ ...b, mediaType: mediaTypes.ociManifest, "x-unknown": true }))
  const index = raw(
    { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: children, annotations: { a: "b" } },
    mediaTypes.ociIndex,
  )
  const kept = JSON.parse(subsetIndex(index, new Set([children[1]?.digest ?? ""])).toString())
  expect(kept).toEqual({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [children[1]], annotations: { a: "b" } })
})
