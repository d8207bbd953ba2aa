import { expect, test } from "vitest"
import { kindOf, platformWords, shortDigest, sizeOf, typeOf } from "./image-view.ts"

const platform = (name: string, bytes: number | null) =>
  ({ platform: name, bytes, layers: null, digest: `sha256:${"a".repeat(64)}` }) as const

test("a digest is shown by twelve characters", () => {
  expect(shortDigest(`sha256:0123456789abcdef${"0".repeat(48)}`)).toBe("0123456789ab")
})

test("the size is that of the platforms that are here", () => {
  expect(sizeOf({ platforms: [platform("linux/amd64", 30), platform("linux/arm64", null)], layers: null })).toBe(30)
  expect(sizeOf({ platforms: [platform("linux/amd64", null)], layers: null })).toBeNull()
  const layer = { digest: platform("", 0).digest, mediaType: "application/spdx+json", sizeBytes: 7, isHere: true }
  expect(sizeOf({ platforms: [], layers: [layer, layer] })).toBe(14)
})

test("platforms are named once, and at most so many of them", () => {
  const platforms = ["linux/amd64", "linux/amd64", "linux/arm64", "windows/amd64"].map((name) => platform(name, 1))
  expect(platformWords({ platforms }, 2)).toEqual({ shown: ["linux/amd64", "linux/arm64"], more: 1 })
  expect(platformWords({ platforms: [] }, 2)).toEqual({ shown: [], more: 0 })
})

test("an index, an image and an artifact are told apart", () => {
  const index = "application/vnd.docker.distribution.manifest.list.v2+json"
  const manifest = "application/vnd.oci.image.manifest.v1+json"
  expect(kindOf({ mediaType: index, platforms: [] })).toBe("index")
  expect(kindOf({ mediaType: manifest, platforms: [platform("linux/amd64", 1)] })).toBe("image")
  expect(kindOf({ mediaType: manifest, platforms: [] })).toBe("artifact")
})

test("an artifact is named by its type, an image by its manifest's", () => {
  const manifest = { mediaType: "application/vnd.oci.image.manifest.v1+json", artifactType: "application/spdx+json" }
  expect(typeOf({ ...manifest, platforms: [] })).toBe("application/spdx+json")
  expect(typeOf({ ...manifest, artifactType: null, platforms: [] })).toBe(manifest.mediaType)
  expect(typeOf({ ...manifest, platforms: [platform("linux/amd64", 1)] })).toBe(manifest.mediaType)
})
