import {
  type Descriptor,
  type Digest,
  digestOf,
  isManifestType,
  isMediaType,
  isNonDistributable,
  isTransferError,
  manifestLimits,
  mediaTypes,
  parseManifest,
} from "@entrepot/core"
import type { ManifestReference, PutManifest } from "@entrepot/db/stores"
import { RegistryError } from "../registry-error.ts"
import { looseReferences } from "./loose-references.ts"

/** What the warehouse keeps of a manifest beside its bytes. */
export interface ReadManifest {
  readonly manifest: PutManifest["manifest"]
  readonly references: readonly ManifestReference[]
}

interface Content {
  readonly artifactType: string | null
  readonly subject: Digest | null
  readonly annotations: Readonly<Record<string, string>> | null
  readonly references: readonly ManifestReference[]
}

const nothing: Content = { artifactType: null, subject: null, annotations: null, references: [] }

function referenceOf(kind: ManifestReference["kind"], descriptor: Descriptor): ManifestReference {
  return { digest: descriptor.digest, kind, sizeBytes: descriptor.size }
}

/** A layer that says where else it is need not be here (image-spec, layer.md "Non-Distributable Layers"). */
function layerOf(descriptor: Descriptor): ManifestReference {
  const isForeign = isNonDistributable(descriptor.mediaType) || (descriptor.urls ?? []).length > 0
  return referenceOf(isForeign ? "foreign" : "blob", descriptor)
}

/** Builders keep caches as indexes of layers: what is no manifest by its type is a blob. */
function childOf(descriptor: Descriptor): ManifestReference {
  return referenceOf(isManifestType(descriptor.mediaType) ? "manifest" : "blob", descriptor)
}

function eachOnce(references: readonly ManifestReference[]): readonly ManifestReference[] {
  return [...new Map(references.map((reference) => [reference.digest, reference])).values()]
}

/** What an image or index says; of other types only what they seem to name. @throws TransferError `protocol`, `unsupported`. */
function contentOf(digest: Digest, mediaType: string, bytes: Buffer): Content {
  if (!isManifestType(mediaType)) return { ...nothing, references: looseReferences(jsonOf(bytes)) }
  const parsed = parseManifest({ descriptor: { mediaType, digest, size: bytes.length }, bytes })
  const { artifactType, subject, annotations } = parsed
  const common = { subject: subject?.digest ?? null, annotations: annotations ?? null }
  if (parsed.kind === "index") {
    return { ...common, artifactType: artifactType || null, references: eachOnce(parsed.children.map(childOf)) }
  }
  // distribution-spec, "Listing Referrers": without an artifactType, the config's media type stands for it.
  return {
    ...common,
    artifactType: artifactType || parsed.config.mediaType,
    references: eachOnce([...parsed.layers.map(layerOf), referenceOf("blob", parsed.config)]),
  }
}

function read(digest: Digest, mediaType: string, bytes: Buffer): ReadManifest {
  const { references, ...said } = contentOf(digest, mediaType, bytes)
  return { manifest: { digest, mediaType, sizeBytes: bytes.length, ...said }, references }
}

function jsonOf(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(bytes.toString("utf8"))
    return typeof json === "object" && json !== null ? { ...json } : undefined
  } catch {
    return undefined
  }
}

/** What a manifest without Content-Type is: what it calls itself, or what only one type looks like (image-spec lets `mediaType` be absent). */
function guessType(json: Readonly<Record<string, unknown>> | undefined): string | undefined {
  if (typeof json?.mediaType === "string") return json.mediaType
  if (json?.schemaVersion !== 2) return undefined
  if ("manifests" in json) return mediaTypes.ociIndex
  return "config" in json && "layers" in json ? mediaTypes.ociManifest : undefined
}

/**
 * Reads a manifest that somebody pushes, of any media type; images and indexes are held to their specifications (RELIABILITY S7, S9).
 * @param contentType the header as it came: parameters are left out, without one the manifest has to say itself what it is.
 * @param digest what it was pushed under, where that was a digest; otherwise it is known by its sha256.
 * @throws RegistryError SIZE_INVALID (413), DIGEST_INVALID, MANIFEST_INVALID.
 */
export function readPushedManifest(contentType: string | undefined, digest: Digest | undefined, bytes: Buffer): ReadManifest {
  if (bytes.length > manifestLimits.bytes) {
    throw new RegistryError("SIZE_INVALID", `a manifest has at most ${manifestLimits.bytes} bytes`, { status: 413 })
  }
  const actual = digestOf(bytes, digest?.startsWith("sha512:") ? "sha512" : "sha256")
  if (digest !== undefined && actual !== digest) {
    throw new RegistryError("DIGEST_INVALID", "the manifest's bytes are not what their digest says", {
      detail: { expected: digest, actual },
    })
  }
  const json = jsonOf(bytes)
  const header = contentType?.split(";", 1)[0]?.trim()
  const mediaType = header || guessType(json)
  if (mediaType === undefined)
    throw new RegistryError("MANIFEST_INVALID", "neither Content-Type nor mediaType says what the manifest is")
  if (!isMediaType(mediaType)) throw new RegistryError("MANIFEST_INVALID", "what the manifest is said to be is no media type")
  if (typeof json?.mediaType === "string" && json.mediaType !== mediaType) {
    const itself = json.mediaType.slice(0, 255)
    throw new RegistryError("MANIFEST_INVALID", `the manifest calls itself ${itself} but was pushed as ${mediaType}`)
  }
  if (mediaType === mediaTypes.dockerSchema1 || mediaType === mediaTypes.dockerSchema1Signed) {
    throw new RegistryError(
      "MANIFEST_INVALID",
      "Docker schema 1 is not taken any more; push the image again with a current Docker",
    )
  }
  try {
    return read(actual, mediaType, bytes)
  } catch (error) {
    if (isTransferError(error)) throw new RegistryError("MANIFEST_INVALID", error.message, { cause: error })
    throw error
  }
}

/** Reads a manifest that an upstream served: what cannot be understood is kept as it is, without references. */
export function readServedManifest(digest: Digest, mediaType: string, bytes: Buffer): ReadManifest {
  try {
    return read(digest, mediaType, bytes)
  } catch (error) {
    if (!isTransferError(error)) throw error
    return {
      manifest: { digest, mediaType, sizeBytes: bytes.length, artifactType: null, subject: null, annotations: null },
      references: [],
    }
  }
}
