import { contentBytes, type TestImage } from "@entrepot/testing"
import { parseManifest } from "../content/manifest.ts"
import type { BlobBody, RawManifest, SourceStore, TargetStore } from "../content/store.ts"

/** Puts a test image with everything below it, the children of an index by digest first. */
export async function putTestImage(target: TargetStore, image: TestImage, reference: string): Promise<void> {
  for (const child of image.children) await putTestImage(target, child, child.descriptor.digest)
  const { kind, blobs } = readTestImage(image)
  for (const descriptor of blobs) {
    const content = image.blobs.get(descriptor.digest)
    if (kind === "index" || content === undefined) continue
    const bytes = contentBytes(content)
    const body: BlobBody = {
      descriptor,
      async *read(offset) {
        yield bytes.subarray(offset)
      },
    }
    await target.putBlob(descriptor, body)
  }
  await target.putManifest(reference, rawManifest(image))
}

/** The manifest of a test image as stores hand it on. */
export function rawManifest(image: TestImage): RawManifest {
  const { mediaType, digest, size } = image.descriptor
  return { descriptor: { mediaType, digest, size }, bytes: image.manifest }
}

function readTestImage(image: TestImage) {
  const parsed = parseManifest(rawManifest(image))
  return parsed.kind === "image" ? parsed : { ...parsed, blobs: [] }
}

/** Copies one image, or an index with its children, and finishes the target. Returns the manifest. */
export async function copyImage(source: SourceStore, from: string, target: TargetStore, to: string): Promise<RawManifest> {
  const manifest = await copyManifest(source, from, target, to)
  await target.finish?.()
  return manifest
}

async function copyManifest(source: SourceStore, from: string, target: TargetStore, to: string): Promise<RawManifest> {
  const manifest = await source.getManifest(from)
  const parsed = parseManifest(manifest)
  if (parsed.kind === "index") {
    for (const child of parsed.children) await copyManifest(source, child.digest, target, child.digest)
  } else {
    for (const descriptor of parsed.blobs) {
      const body: BlobBody = {
        descriptor,
        async *read(offset) {
          yield* (await source.openBlob(descriptor, { from: offset })).bytes
        },
      }
      await target.putBlob(descriptor, body)
    }
  }
  await target.putManifest(to, manifest)
  return manifest
}
