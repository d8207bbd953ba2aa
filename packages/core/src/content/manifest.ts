import { TransferError } from "../errors/transfer-error.ts"
import type { Descriptor } from "./descriptor.ts"
import { type Digest, isDigest } from "./digest.ts"
import { isIndexType, isManifestType, mediaTypes } from "./media-types.ts"
import type { Platform } from "./platform.ts"
import type { RawManifest } from "./store.ts"

/** Caps on what one manifest may make us do (RELIABILITY S9). */
export const manifestLimits = {
  /** distribution-spec asks registries to take at least 4 MiB; nobody needs more. */
  bytes: 4 * 1024 * 1024,
  children: 1000,
  layers: 1000,
  /** An index in an index in an index. */
  depth: 3,
} as const

/** An image manifest, or an artifact in its form. */
export interface ImageManifest {
  readonly kind: "image"
  readonly mediaType: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  /** Config first, then the layers; each digest once. */
  readonly blobs: readonly Descriptor[]
  readonly artifactType?: string
  readonly subject?: Descriptor
  readonly annotations?: Readonly<Record<string, string>>
}

/** An OCI index or Docker manifest list. */
export interface IndexManifest {
  readonly kind: "index"
  readonly mediaType: string
  readonly children: readonly Descriptor[]
  readonly artifactType?: string
  readonly subject?: Descriptor
  readonly annotations?: Readonly<Record<string, string>>
}

export type ParsedManifest = ImageManifest | IndexManifest

type Json = Readonly<Record<string, unknown>>

function refuse(digest: Digest, why: string): never {
  throw new TransferError("protocol", `manifest ${digest} ${why}`)
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function parseAnnotations(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(value)) return undefined
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"))
}

function parsePlatformField(value: unknown): Platform | undefined {
  if (!isObject(value) || typeof value.os !== "string" || typeof value.architecture !== "string") return undefined
  return {
    os: value.os,
    architecture: value.architecture,
    ...(typeof value.variant === "string" && value.variant !== "" ? { variant: value.variant } : {}),
    ...(typeof value["os.version"] === "string" ? { "os.version": value["os.version"] } : {}),
  }
}

/** Reads one descriptor of JSON; `owner` and `what` say in errors where it stands. @throws TransferError `protocol`. */
export function parseDescriptor(owner: Digest, value: unknown, what: string): Descriptor {
  if (!isObject(value)) return refuse(owner, `has a ${what} that is no descriptor`)
  const { mediaType, digest, size, urls, artifactType } = value
  if (typeof digest !== "string" || !isDigest(digest)) return refuse(owner, `has a ${what} whose digest cannot be verified`)
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
    return refuse(owner, `has a ${what} whose size is no byte count`)
  if (typeof mediaType !== "string" || mediaType === "") return refuse(owner, `has a ${what} without media type`)
  const platform = parsePlatformField(value.platform)
  const annotations = parseAnnotations(value.annotations)
  return {
    mediaType,
    digest,
    size,
    ...(platform ? { platform } : {}),
    ...(annotations ? { annotations } : {}),
    ...(typeof artifactType === "string" ? { artifactType } : {}),
    ...(Array.isArray(urls) ? { urls: urls.filter((url): url is string => typeof url === "string") } : {}),
  }
}

function parseList(owner: Digest, value: unknown, one: string, many: string, most: number): Descriptor[] {
  if (!Array.isArray(value)) return refuse(owner, `has no list of ${many}`)
  if (value.length > most) return refuse(owner, `names ${value.length} ${many}, more than ${most}`)
  return value.map((entry) => parseDescriptor(owner, entry, one))
}

function eachOnce(descriptors: readonly Descriptor[]): Descriptor[] {
  return [...new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values()]
}

/**
 * Reads a manifest's JSON (image-spec manifest.md and image-index.md; Docker schema 2).
 * @throws TransferError `unsupported` for schema 1; `protocol` for anything the specification does not allow: an inner media type other than
 * the outer one, layers beside manifests (CVE-2021-41190), unverifiable digests, too many entries.
 */
export function parseManifest(raw: RawManifest): ParsedManifest {
  const { digest, mediaType } = raw.descriptor
  if (raw.bytes.length > manifestLimits.bytes) refuse(digest, `is larger than ${manifestLimits.bytes} bytes`)
  let json: unknown
  try {
    json = JSON.parse(raw.bytes.toString("utf8"))
  } catch (cause) {
    throw new TransferError("protocol", `manifest ${digest} is not JSON`, { cause })
  }
  if (!isObject(json)) return refuse(digest, "is not a JSON object")
  if (json.schemaVersion === 1 || mediaType === mediaTypes.dockerSchema1 || mediaType === mediaTypes.dockerSchema1Signed) {
    throw new TransferError("unsupported", `manifest ${digest} is Docker schema 1, which registries no longer take`, {
      hint: "push the image again with a current Docker to get a schema 2 manifest",
    })
  }
  if (json.schemaVersion !== 2) refuse(digest, "has a schemaVersion other than 2")
  if (typeof json.mediaType === "string" && json.mediaType !== mediaType) {
    refuse(digest, `calls itself ${json.mediaType.slice(0, 255)} but was served as ${mediaType}`)
  }
  if (!isManifestType(mediaType)) {
    throw new TransferError(
      "unsupported",
      `manifest ${digest} has the media type ${mediaType}, which is neither an image nor an index`,
    )
  }
  if ("manifests" in json && ("layers" in json || "config" in json)) refuse(digest, "is an index and an image at once")

  const subject =
    json.subject === undefined || json.subject === null ? undefined : parseDescriptor(digest, json.subject, "subject")
  const annotations = parseAnnotations(json.annotations)
  const common = {
    mediaType,
    ...(typeof json.artifactType === "string" ? { artifactType: json.artifactType } : {}),
    ...(subject ? { subject } : {}),
    ...(annotations ? { annotations } : {}),
  }
  if (isIndexType(mediaType)) {
    return { kind: "index", ...common, children: parseList(digest, json.manifests, "child", "children", manifestLimits.children) }
  }
  const config = parseDescriptor(digest, json.config, "config")
  const layers = parseList(digest, json.layers, "layer", "layers", manifestLimits.layers)
  return { kind: "image", ...common, config, layers, blobs: eachOnce([config, ...layers]) }
}

/** A new index with only the children that `keep` names, everything else as it was. Its digest is a new one. */
export function subsetIndex(raw: RawManifest, keep: ReadonlySet<Digest>): RawManifest["bytes"] {
  const json: unknown = JSON.parse(raw.bytes.toString("utf8"))
  if (!isObject(json) || !Array.isArray(json.manifests)) return refuse(raw.descriptor.digest, "has no list of children")
  const manifests = json.manifests.filter(
    (child: unknown) => isObject(child) && typeof child.digest === "string" && keep.has(child.digest),
  )
  return Buffer.from(JSON.stringify({ ...json, manifests }, undefined, 2))
}
