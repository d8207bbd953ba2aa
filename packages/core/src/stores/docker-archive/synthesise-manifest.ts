import { createHash } from "node:crypto"
import type { Descriptor } from "../../content/descriptor.ts"
import { type Digest, digestOf } from "../../content/digest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import type { RawManifest } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import type { TarArchive } from "../archive/tar-archive.ts"
import type { TarFile } from "../archive/tar-index.ts"
import type { ArchivedImage } from "./docker-manifest.ts"

/** A manifest made for an archived image, and where its blobs are in the tar. */
export interface SynthesisedImage {
  readonly manifest: RawManifest
  readonly files: ReadonlyMap<Digest, TarFile>
}

/** Real configs have a few KiB; no registry takes larger ones than manifests. */
const configLimitBytes = 8 * 1024 * 1024

/**
 * Makes a Docker schema 2 manifest for an image of an archive that has none. Config and layers go in as they are in the tar, compressed or
 * not, and are hashed once.
 * @throws TransferError `archive_invalid` for missing files and for layers that are not those of the config, `unsupported`, `cancelled`.
 */
export async function synthesiseManifest(
  archive: TarArchive,
  image: ArchivedImage,
  signal?: AbortSignal,
): Promise<SynthesisedImage> {
  const host = archive.place
  const configBytes = await archive.readSmall(image.config, configLimitBytes)
  const configFile = archive.find(image.config)
  if (configBytes === undefined || configFile === undefined) throw missing(host, image.config)
  const config: Descriptor = { mediaType: mediaTypes.dockerConfig, digest: digestOf(configBytes), size: configBytes.length }
  const diffIds = readDiffIds(configBytes, host, image)
  const files = new Map<Digest, TarFile>([[config.digest, configFile]])
  const known = new Map<number, Descriptor>()
  const layers: Descriptor[] = []
  for (const [i, name] of image.layers.entries()) {
    const file = archive.find(name)
    if (file === undefined) throw missing(host, name)
    const layer = known.get(file.offset) ?? (await describeLayer(archive, file, name, signal))
    if (diffIds !== undefined && layer.mediaType === mediaTypes.dockerLayerTar && diffIds[i] !== layer.digest) {
      throw new TransferError(
        "archive_invalid",
        `layer ${i} of image ${image.index} in ${host} is not the one that its config names`,
        { host },
      )
    }
    known.set(file.offset, layer)
    files.set(layer.digest, file)
    layers.push(layer)
  }
  const json = { schemaVersion: 2, mediaType: mediaTypes.dockerManifest, config, layers }
  const bytes = Buffer.from(JSON.stringify(json))
  return { manifest: { descriptor: { mediaType: json.mediaType, digest: digestOf(bytes), size: bytes.length }, bytes }, files }
}

async function describeLayer(
  archive: TarArchive,
  file: TarFile,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const hash = createHash("sha256")
  let mediaType: string | undefined
  for await (const chunk of archive.read(file, 0, file.size, signal)) {
    mediaType ??= layerType(chunk, name, archive.place)
    hash.update(chunk)
  }
  return { mediaType: mediaType ?? mediaTypes.dockerLayerTar, digest: `sha256:${hash.digest("hex")}`, size: file.size }
}

function layerType(head: Buffer, name: string, host: string): string {
  if (head[0] === 0x1f && head[1] === 0x8b) return mediaTypes.dockerLayerGzip
  if (head.length >= 4 && head.readUInt32BE(0) === 0x28b52ffd) {
    throw new TransferError(
      "unsupported",
      `layer ${name.slice(0, 200)} in ${host} is compressed by zstd, which Docker manifests cannot say`,
      {
        host,
        hint: "save the image with gzip layers, or as an OCI archive",
      },
    )
  }
  return mediaTypes.dockerLayerTar
}

/** Digests of the unpacked layers. Undefined for configs of the time before they were noted. */
function readDiffIds(config: Buffer, host: string, image: ArchivedImage): readonly unknown[] | undefined {
  let json: unknown
  try {
    json = JSON.parse(config.toString("utf8"))
  } catch (cause) {
    throw new TransferError("archive_invalid", `the config of image ${image.index} in ${host} is not JSON`, { host, cause })
  }
  const rootfs = typeof json === "object" && json !== null && "rootfs" in json ? json.rootfs : undefined
  const diffIds = typeof rootfs === "object" && rootfs !== null && "diff_ids" in rootfs ? rootfs.diff_ids : undefined
  if (!Array.isArray(diffIds)) return undefined
  if (diffIds.length !== image.layers.length) {
    const message = `image ${image.index} in ${host} has ${image.layers.length} layers, its config names ${diffIds.length}`
    throw new TransferError("archive_invalid", message, { host })
  }
  return diffIds
}

function missing(host: string, name: string): TransferError {
  return new TransferError(
    "archive_invalid",
    `${host} has no file ${JSON.stringify(name.slice(0, 200))}, which its manifest.json names`,
    {
      host,
      hint: "make or download the archive again",
    },
  )
}
