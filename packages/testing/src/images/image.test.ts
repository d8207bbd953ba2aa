import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { contentBytes, contentDigest } from "./blob-content.ts"
import { artifact, cosignObject, digestOf, image, index } from "./image.ts"
import { layer } from "./layer.ts"
import { printingProgram } from "./runnable-image.ts"

describe("layer", () => {
  it.each([64, 100, 1559, 2047, 2048, 2049, 65_535, 65_536, 131_071, 1_048_577, 3_000_000])(
    "has exactly %i bytes and unpacks to its diff id",
    (sizeBytes) => {
      const made = layer({ seed: "a", sizeBytes })
      const bytes = contentBytes(made.content)
      expect(bytes.length).toBe(sizeBytes)
      expect(made.digest).toBe(digestOf(bytes))
      expect(digestOf(gunzipSync(bytes))).toBe(made.diffId)
    },
  )

  it("gives the same bytes from any offset", () => {
    const { content } = layer({ seed: "b", sizeBytes: 2_000_000 })
    const whole = contentBytes(content)
    for (const [from, end] of [
      [0, 1],
      [9, 600],
      [65_540, 131_080],
      [1_234_567, 1_999_999],
      [1_999_990, 2_000_000],
    ] as const)
      expect(contentBytes(content, from, end).equals(whole.subarray(from, end))).toBe(true)
  })

  it("is determined by its seed", () => {
    expect(layer({ seed: "x", sizeBytes: 70_000 }).digest).toBe(layer({ seed: "x", sizeBytes: 70_000 }).digest)
    expect(layer({ seed: "x", sizeBytes: 70_000 }).digest).not.toBe(layer({ seed: "y", sizeBytes: 70_000 }).digest)
    expect(layer({ seed: "x", sizeBytes: 100 }).digest).not.toBe(layer({ seed: "y", sizeBytes: 100 }).digest)
  })

  it("deflates when it is compressible", () => {
    const made = layer({ seed: "z", sizeBytes: 1_000_000, compressible: true })
    expect(made.content.sizeBytes).toBeLessThan(50_000)
    expect(digestOf(gunzipSync(contentBytes(made.content)))).toBe(made.diffId)
  })

  it("can be named by sha512", () => {
    const made = layer({ seed: "z", sizeBytes: 5000, algorithm: "sha512" })
    expect(made.digest).toBe(contentDigest(made.content, "sha512"))
  })
})

describe("image", () => {
  it("describes every blob it carries", () => {
    const made = image({ seed: "i", layers: [{ sizeBytes: 5000 }, { sizeBytes: 100 }], mediaTypes: "docker" })
    const manifest = JSON.parse(made.manifest.toString())
    expect(made.descriptor.digest).toBe(digestOf(made.manifest))
    for (const each of [manifest.config, ...manifest.layers]) {
      const content = made.blobs.get(each.digest)
      expect(content && contentDigest(content)).toBe(each.digest)
      expect(content?.sizeBytes).toBe(each.size)
    }
  })

  it("joins an index, carries referrers and cosign objects", () => {
    const amd64 = image({ seed: "amd64" })
    const arm64 = image({ seed: "arm64", platform: { os: "linux", architecture: "arm64", variant: "v8" } })
    const both = index([amd64, arm64])
    expect(JSON.parse(both.manifest.toString()).manifests).toEqual([amd64.descriptor, arm64.descriptor])
    expect(both.blobs.size).toBe(4)
    const sbom = artifact({ artifactType: "application/spdx+json", blobs: ["{}!"], subject: amd64 })
    expect(JSON.parse(sbom.manifest.toString()).subject.digest).toBe(amd64.descriptor.digest)
    expect(cosignObject(both).tag).toBe(`sha256-${both.descriptor.digest.slice(7)}.sig`)
  })
})

describe("printingProgram", () => {
  it.runIf(process.platform === "linux" && process.arch === "x64")("runs, prints and exits 0", () => {
    const dir = mkdtempSync(join(tmpdir(), "elf-"))
    try {
      const path = join(dir, "hello")
      writeFileSync(path, printingProgram("good morning\n"), { mode: 0o755 })
      expect(execFileSync(path).toString()).toBe("good morning\n")
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})
