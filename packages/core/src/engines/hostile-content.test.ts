import { testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { digestOf } from "../content/digest.ts"
import { mediaTypes } from "../content/media-types.ts"
import { createHttp } from "../http/create-http.ts"
import { blobOf, manifestOf, type Received, type Scripted, scriptedRegistry, someBytes } from "../stores/remote/remote.fixture.ts"
import { createDirectEngine } from "./direct.ts"

const config = Buffer.from('{"os":"linux","architecture":"amd64"}')
const layer = someBytes(5000)
const configBlob = blobOf(config, mediaTypes.ociConfig)
const layerBlob = blobOf(layer)
const image = manifestOf({ config: configBlob, layers: [layerBlob] })

/** What a source serves: content by tag or digest. It says of each what stands here, true or not. */
interface Served {
  readonly bytes: Buffer
  readonly mediaType?: string
  /** Docker-Content-Digest; that of the bytes unless told. */
  readonly digest?: string
}

function serving(content: Readonly<Record<string, Served>>) {
  return scriptedRegistry(({ path, method }: Received): Scripted => {
    const found = content[decodeURIComponent(path.slice(path.lastIndexOf("/") + 1))]
    if (!found || (method !== "GET" && method !== "HEAD")) return { status: 404 }
    const headers = {
      "content-type": found.mediaType ?? mediaTypes.ociManifest,
      "content-length": String(found.bytes.length),
      ...(path.includes("/manifests/") ? { "docker-content-digest": found.digest ?? digestOf(found.bytes) } : {}),
    }
    return { status: 200, headers, body: found.bytes }
  })
}

const honest: Readonly<Record<string, Served>> = {
  "1": { bytes: image.bytes },
  [image.descriptor.digest]: { bytes: image.bytes },
  [configBlob.digest]: { bytes: config },
  [layerBlob.digest]: { bytes: layer },
}

/** A tag that leads to these bytes, beside the honest content. */
function tagged(bytes: Buffer, more: Partial<Served> = {}): Readonly<Record<string, Served>> {
  return { ...honest, "1": { bytes, ...more }, [digestOf(bytes)]: { bytes, ...more } }
}

function indexOf(...children: object[]): Readonly<Record<string, Served>> {
  const { bytes, descriptor } = manifestOf({ manifests: children }, mediaTypes.ociIndex)
  return tagged(bytes, { mediaType: descriptor.mediaType })
}

const child = { ...image.descriptor, platform: { os: "linux", architecture: "amd64" } }
const flipped = (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === 7 ? byte ^ 1 : byte)))
const other = manifestOf({ config: configBlob, layers: [layerBlob], annotations: { other: "image" } })
const both = manifestOf({ manifests: [child], layers: [layerBlob] }, mediaTypes.ociIndex)
const sha512 = digestOf(image.bytes, "sha512")

const hostile: Readonly<Record<string, readonly [content: Readonly<Record<string, Served>>, code: string]>> = {
  "other bytes under a digest": [
    { ...honest, [image.descriptor.digest]: { bytes: other.bytes, digest: image.descriptor.digest } },
    "digest_mismatch",
  ],
  "a digest header of other bytes": [
    {
      ...honest,
      "1": { bytes: image.bytes, digest: other.descriptor.digest },
      [other.descriptor.digest]: { bytes: image.bytes },
    },
    "digest_mismatch",
  ],
  "an image that calls itself an index": [
    tagged(manifestOf({ config: configBlob, layers: [] }, mediaTypes.ociIndex).bytes),
    "protocol",
  ],
  "an image served as an index": [tagged(image.bytes, { mediaType: mediaTypes.ociIndex }), "protocol"],
  "layers and manifests in one, as an image": [
    tagged(manifestOf({ config: configBlob, layers: [layerBlob], manifests: [child] }).bytes),
    "protocol",
  ],
  "layers and manifests in one, as an index": [tagged(both.bytes, { mediaType: mediaTypes.ociIndex }), "protocol"],
  "an index entry of another type than the child": [indexOf({ ...child, mediaType: mediaTypes.dockerManifest }), "protocol"],
  "an index entry that calls an image an index": [indexOf({ ...child, mediaType: mediaTypes.ociIndex }), "protocol"],
  "an index entry that is smaller than the child": [indexOf({ ...child, size: child.size - 1 }), "protocol"],
  "an index entry that is larger than the child": [indexOf({ ...child, size: child.size + 1 }), "protocol"],
  "an index entry whose child is another image": [
    { ...indexOf(child), [image.descriptor.digest]: { bytes: other.bytes } },
    "digest_mismatch",
  ],
  "a config of other bytes": [{ ...honest, [configBlob.digest]: { bytes: flipped(config) } }, "digest_mismatch"],
  "a layer of other bytes": [{ ...honest, [layerBlob.digest]: { bytes: flipped(layer) } }, "digest_mismatch"],
  "a layer that is longer": [{ ...honest, [layerBlob.digest]: { bytes: Buffer.concat([layer, layer]) } }, "too_large"],
  "a layer of an unknown algorithm": [
    tagged(manifestOf({ config: configBlob, layers: [{ ...layerBlob, digest: `md5:${"0".repeat(32)}` }] }).bytes),
    "protocol",
  ],
  "a layer whose digest is a path": [
    tagged(manifestOf({ config: configBlob, layers: [{ ...layerBlob, digest: "sha256:../../../etc/passwd" }] }).bytes),
    "protocol",
  ],
  "a web page instead of a manifest": [tagged(Buffer.from("<html>"), { mediaType: "text/html" }), "protocol"],
}

async function copyFrom(content: Readonly<Record<string, Served>>, reference = ":1") {
  const source = await serving(content)
  const target = await testRegistry()
  const http = createHttp({ retry: { minMs: 1, maxMs: 2 } })
  onTestFinished(async () => {
    await http.close()
    await source[Symbol.asyncDispose]()
    await target.close()
  })
  const engine = createDirectEngine({ stores: { http, cacheDirectory: "" }, retryMinMs: 1, retryMaxMs: 2 })
  const events = engine.copy({ source: `docker://${source.host}/app${reference}`, target: `docker://${target.host}/copy:1` })
  for (;;) {
    const { done, value } = await events.next()
    if (done) return { outcome: value, target }
  }
}

test.each(Object.entries(hostile))("%s is refused, and nothing is published (S7)", async (_, [content, code]) => {
  const { outcome, target } = await copyFrom(content)
  expect([outcome.outcome, outcome.error?.code]).toEqual(["failed", code])
  expect(target.tags("copy")).toEqual([])
  expect(target.count("PUT manifest")).toBe(0)
  expect(target.openUploads()).toBe(0)
})

test("the honest image and index arrive, so that the tests above can fail", async () => {
  for (const content of [honest, indexOf(child)]) {
    const { outcome, target } = await copyFrom(content)
    expect(outcome.outcome).toBe("succeeded")
    expect(target.tags("copy")).toEqual(["1"])
  }
})

test("a sha512 digest is verified as such (S7)", async () => {
  const good = await copyFrom({ ...honest, [sha512]: { bytes: image.bytes } }, `@${sha512}`)
  expect(good.outcome.outcome).toBe("succeeded")
  const bad = await copyFrom({ ...honest, [sha512]: { bytes: other.bytes } }, `@${sha512}`)
  expect([bad.outcome.outcome, bad.outcome.error?.code]).toEqual(["failed", "digest_mismatch"])
  expect(bad.target.count("PUT manifest")).toBe(0)
})

test("a tag that is named like a digest is a tag, and is never taken for content (S7)", async () => {
  const looksLike = `sha256-${image.descriptor.digest.slice(7)}`
  const { outcome, target } = await copyFrom(
    { ...honest, [looksLike]: { bytes: other.bytes }, [other.descriptor.digest]: { bytes: other.bytes } },
    `:${looksLike}`,
  )
  expect(outcome).toMatchObject({ outcome: "succeeded", digest: other.descriptor.digest })
  expect(target.manifest("copy", image.descriptor.digest)).toBeUndefined()
})
