import type { Descriptor } from "../../content/descriptor.ts"
import type { ImageManifest } from "../../content/manifest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import { formatCanonical, formatFamiliar, type Reference } from "../../reference/index.ts"
import { tarBlobName } from "../archive/staging.ts"
import { bufferInput, type TarInput } from "../archive/tar-writer.ts"
import { formatLayoutIndex, refNameAnnotation } from "../oci-layout/layout-index.ts"
import { layoutFile } from "../oci-layout/oci-layout-store.ts"

/** An image on its way into an archive. */
export interface ImageToArchive {
  readonly descriptor: Descriptor
  readonly manifest: ImageManifest
  /** Names with tags. */
  readonly names: readonly Reference[]
}

/** How containerd, and so Docker from 25 on, notes an image's whole name in an index. */
const imageNameAnnotation = "io.containerd.image.name"

/**
 * The files of an archive that `docker load` of every age reads: by `manifest.json` the old ones, by `index.json` those with the containerd store.
 * `blobs` are all that may be needed; those of other images stay out.
 */
export function dockerArchiveFiles(images: readonly ImageToArchive[], blobs: readonly TarInput[]): readonly TarInput[] {
  const descriptors = images.flatMap(({ descriptor, names }): Descriptor[] =>
    names.length === 0 ? [descriptor] : names.map((name) => ({ ...descriptor, annotations: annotationsOf(name) })),
  )
  const index = {
    json: { schemaVersion: 2, mediaType: mediaTypes.ociIndex },
    entries: descriptors.map((descriptor) => ({ descriptor, tag: undefined, json: { ...descriptor } })),
  }
  const dockerManifest = images.map(({ manifest, names }) => ({
    Config: tarBlobName(manifest.config.digest),
    RepoTags: names.length === 0 ? null : names.map(formatFamiliar),
    Layers: manifest.layers.map((layer) => tarBlobName(layer.digest)),
  }))
  const needed = new Set(
    images.flatMap(({ descriptor, manifest }) => [descriptor, ...manifest.blobs].map((b) => tarBlobName(b.digest))),
  )
  return [
    bufferInput("manifest.json", Buffer.from(JSON.stringify(dockerManifest))),
    bufferInput("oci-layout", layoutFile),
    bufferInput("index.json", formatLayoutIndex(index)),
    ...blobs.filter((blob) => needed.has(blob.name)),
  ]
}

function annotationsOf(name: Reference): Readonly<Record<string, string>> {
  return { [imageNameAnnotation]: formatCanonical(name), [refNameAnnotation]: name.tag ?? "latest" }
}
