import type { Descriptor } from "../../content/descriptor.ts"
import { digestOf, splitDigest } from "../../content/digest.ts"
import { manifestLimits } from "../../content/manifest.ts"
import { isManifestType, mediaTypes } from "../../content/media-types.ts"

/**
 * The descriptor of a manifest that is known by its bytes alone. The media type is the one the JSON names, or, as the image
 * specification lets it be left out, what its fields say. Undefined for bytes that are no manifest.
 */
export function describeManifest(bytes: Buffer, digest?: string): Descriptor | undefined {
  if (bytes.length > manifestLimits.bytes) return undefined
  let json: unknown
  try {
    json = JSON.parse(bytes.toString("utf8"))
  } catch {
    return undefined
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined
  const mediaType = "mediaType" in json && typeof json.mediaType === "string" ? json.mediaType : impliedType(json)
  if (mediaType === undefined || !isManifestType(mediaType)) return undefined
  const algorithm = digest === undefined ? "sha256" : splitDigest(digest).algorithm
  return { mediaType, digest: digestOf(bytes, algorithm), size: bytes.length }
}

function impliedType(json: object): string | undefined {
  if ("schemaVersion" in json && json.schemaVersion !== 2) return undefined
  if ("manifests" in json) return mediaTypes.ociIndex
  return "layers" in json && "config" in json ? mediaTypes.ociManifest : undefined
}
