import { randomBytes } from "node:crypto"
import type { Descriptor } from "../content/descriptor.ts"
import { digestOf } from "../content/digest.ts"
import { mediaTypes } from "../content/media-types.ts"
import type { BlobBody, RawManifest, TargetStore } from "../content/store.ts"

/** An image with the bytes of all its blobs, the config first. */
export interface ContractImage {
  readonly manifest: RawManifest
  readonly blobs: readonly { readonly descriptor: Descriptor; readonly bytes: Buffer }[]
}

/** A small image with random layers. `subject` makes it a referrer. */
export function makeContractImage(options: { layerBytes?: readonly number[]; subject?: Descriptor } = {}): ContractImage {
  const layers = (options.layerBytes ?? [1000, 70_000]).map((size) => describeBlob(mediaTypes.ociLayerTar, randomBytes(size)))
  const rootfs = { type: "layers", diff_ids: layers.map((layer) => layer.descriptor.digest) }
  const configBytes = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", config: {}, rootfs }))
  const config = describeBlob(mediaTypes.ociConfig, configBytes)
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
    ...(options.subject && { subject: options.subject, artifactType: "application/x.test" }),
  }
  return { manifest: describeJson(json), blobs: [config, ...layers] }
}

/** An index of these images. */
export function makeContractIndex(images: readonly ContractImage[]): RawManifest {
  const manifests = images.map(({ manifest }, i) => ({
    ...manifest.descriptor,
    platform: { os: "linux", architecture: `test${i}` },
  }))
  return describeJson({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests })
}

function describeJson(json: { readonly mediaType: string; readonly [field: string]: unknown }): RawManifest {
  const bytes = Buffer.from(JSON.stringify(json, undefined, 3))
  return { descriptor: { mediaType: json.mediaType, digest: digestOf(bytes), size: bytes.length }, bytes }
}

function describeBlob(mediaType: string, bytes: Buffer) {
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes }
}

/** The bytes in pieces, as the transfer hands them on. */
export function bodyOf({ descriptor, bytes }: ContractImage["blobs"][number]): BlobBody {
  return {
    descriptor,
    async *read(offset) {
      for (let at = offset; at < bytes.length; at += 16_384) yield bytes.subarray(at, at + 16_384)
    },
  }
}

/** Puts blobs, then the manifest. */
export async function putContractImage(target: TargetStore, image: ContractImage, reference: string): Promise<void> {
  for (const blob of image.blobs) await target.putBlob(blob.descriptor, bodyOf(blob))
  await target.putManifest(reference, image.manifest)
}
