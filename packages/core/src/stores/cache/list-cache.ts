import type { Digest } from "../../content/digest.ts"
import { type ParsedManifest, parseManifest } from "../../content/manifest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import { formatPlatform } from "../../content/platform.ts"
import { isTransferError } from "../../errors/transfer-error.ts"
import type { BlobDirectory } from "../files/blob-directory.ts"
import { type CacheIndexEntry, readCacheIndex } from "./cache-index.ts"
import { readCacheManifest } from "./cache-manifests.ts"
import { openCacheBlobs } from "./cache-store.ts"

/** An image of the cache, as a person wants to see it. */
export interface CachedImage {
  /** `library/nginx`, `gcr.io/google-containers/pause`. */
  readonly repository: string
  /** A tag, or a digest. */
  readonly reference: string
  readonly digest: Digest
  /** Bytes of all its blobs; those shared with other images count for each. */
  readonly sizeBytes: number
  /** Number of blobs. */
  readonly blobs: number
  /** `linux/amd64`; empty for artifacts. */
  readonly platforms: readonly string[]
  /** When it was put into the cache. */
  readonly createdAt: Date
}

/** What the cache has, by repository and reference. Entries whose manifest is missing or damaged are left out. */
export async function listCache(directory: string): Promise<readonly CachedImage[]> {
  const blobs = openCacheBlobs(directory)
  const images: CachedImage[] = []
  for (const entry of Object.values(await readCacheIndex(directory))) {
    const image = await describe(directory, entry, blobs).catch((error: unknown) => {
      if (isTransferError(error)) return undefined
      throw error
    })
    if (image !== undefined) images.push(image)
  }
  return images.sort((a, b) => compare(a.repository, b.repository) || compare(a.reference, b.reference))
}

async function describe(directory: string, entry: CacheIndexEntry, blobs: BlobDirectory): Promise<CachedImage | undefined> {
  const found = await readCacheManifest(directory, entry.repository, entry.reference)
  if (found === undefined) return undefined
  const sizes = Object.values(entry.blobs).map((blob) => blob.size)
  return {
    repository: entry.repository,
    reference: entry.reference,
    digest: found.raw.descriptor.digest,
    sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
    blobs: sizes.length,
    platforms: await listPlatforms(parseManifest(found.raw), blobs),
    createdAt: new Date(found.modifiedMs),
  }
}

async function listPlatforms(manifest: ParsedManifest, blobs: BlobDirectory): Promise<string[]> {
  if (manifest.kind === "index") {
    const platforms = manifest.children.flatMap(({ platform }) =>
      platform && platform.os !== "unknown" ? [formatPlatform(platform)] : [],
    )
    return [...new Set(platforms)]
  }
  const { config } = manifest
  if (config.mediaType !== mediaTypes.ociConfig && config.mediaType !== mediaTypes.dockerConfig) return []
  const bytes = await blobs.read(config.digest, 8 * 1024 * 1024)
  try {
    const json: unknown = JSON.parse(bytes?.toString("utf8") ?? "")
    return isPlatform(json) ? [formatPlatform(json)] : []
  } catch {
    return []
  }
}

function isPlatform(json: unknown): json is { os: string; architecture: string } {
  return (
    typeof json === "object" &&
    json !== null &&
    "os" in json &&
    typeof json.os === "string" &&
    "architecture" in json &&
    typeof json.architecture === "string" &&
    (!("variant" in json) || typeof json.variant === "string")
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
