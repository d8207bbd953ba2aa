import { setImmediate as othersFirst } from "node:timers/promises"
import {
  type Descriptor,
  type Digest,
  type ImageManifest,
  isTransferError,
  manifestLimits,
  mediaTypes,
  parseManifest,
} from "@entrepot/core"
import type { BlobRecord, Repository, WarehouseStore } from "@entrepot/db/stores"
import type { BlobStore } from "@entrepot/registry"
import { platformIn, platformOf } from "./image-platform.ts"
import type { ImageLayer, ImagePlatform, ImageView } from "./registry-service.ts"

/** What one view may show and look up (RELIABILITY S9): pushed and fetched manifests are made by anybody. */
const mostChildren = 200
const mostLayers = 5000
const mostReferrers = 200
const mostTags = 1000
/** Characters of JSON. */
export const longestAnnotations = 16 * 1024

/** Where an image is read from: what is here, and nothing else. */
export interface ImageParts {
  readonly store: WarehouseStore
  readonly blobs: Pick<BlobStore, "read">
}

/** A manifest of a repository with what it is made of, as far as it is here. Undefined: it is not. Nothing counts as used by being looked at. */
export async function readImage(
  parts: ImageParts,
  repository: Repository,
  digest: Digest,
): Promise<Omit<ImageView, "removable"> | undefined> {
  const record = await parts.store.manifestRecord(repository.id, digest)
  if (record === undefined) return undefined
  const reading = new Reading(parts, repository.id)
  const tags = await parts.store.tagsOf(repository.id, digest, mostTags)
  const referrers = await parts.store.referrers(repository.id, digest, { limit: mostReferrers, longestAnnotations })
  return {
    repository: repository.name,
    ...{ digest, mediaType: record.mediaType, artifactType: record.artifactType },
    ...{ createdAt: record.createdAt, usedAt: record.usedAt, annotations: brief(record.annotations) },
    tags: tags.map(({ name }) => name),
    ...(await reading.contents(digest)),
    referrers: referrers.map(({ digest, artifactType, sizeBytes, annotations }) => ({
      ...{ digest, artifactType, sizeBytes, annotations },
    })),
  }
}

function brief(annotations: ImageView["annotations"]): ImageView["annotations"] {
  return JSON.stringify(annotations).length <= longestAnnotations ? annotations : null
}

type Contents = Pick<ImageView, "platforms" | "layers">

/** One view: it remembers what it has looked up, and how much it may still show. */
class Reading {
  readonly #parts: ImageParts
  readonly #repositoryId: number
  readonly #here = new Map<Digest, Promise<BlobRecord | undefined>>()
  #children = mostChildren
  #layers = mostLayers

  constructor(parts: ImageParts, repositoryId: number) {
    this.#parts = parts
    this.#repositoryId = repositoryId
  }

  async contents(digest: Digest): Promise<Contents> {
    const read = await this.#manifest(digest)
    if (read === undefined) return { platforms: [], layers: null }
    const { manifest, size } = read
    if (manifest.kind === "index") return { platforms: await this.#platforms(manifest.children, 1), layers: null }
    if (!isImage(manifest)) return { platforms: [], layers: await this.#layersOf(manifest) }
    return { platforms: [await this.#platform({ digest, size }, manifest)], layers: null }
  }

  /** Of every child that is an image, or may be one; those of an index among them in its place. */
  async #platforms(children: readonly Descriptor[], depth: number): Promise<readonly ImagePlatform[]> {
    const platforms: ImagePlatform[] = []
    for (const child of children) {
      if (this.#children-- <= 0) break
      if (isAttestation(child) || child.artifactType !== undefined) continue
      await othersFirst()
      const read = await this.#manifest(child.digest)
      if (read === undefined) {
        platforms.push({ platform: platformOf(child.platform), digest: child.digest, bytes: null, layers: null })
      } else if (read.manifest.kind === "image") {
        if (isImage(read.manifest)) platforms.push(await this.#platform(child, read.manifest))
      } else if (depth < manifestLimits.depth) {
        platforms.push(...(await this.#platforms(read.manifest.children, depth + 1)))
      }
    }
    return platforms
  }

  async #platform(of: Pick<Descriptor, "digest" | "size" | "platform">, manifest: ImageManifest): Promise<ImagePlatform> {
    return {
      platform: of.platform === undefined ? await this.#configured(manifest.config) : platformOf(of.platform),
      digest: of.digest,
      bytes: manifest.blobs.reduce((sum, { size }) => sum + size, of.size),
      layers: await this.#layersOf(manifest),
    }
  }

  async #layersOf({ layers }: ImageManifest): Promise<readonly ImageLayer[] | null> {
    this.#layers -= layers.length
    if (this.#layers < 0) return null
    return await Promise.all(
      layers.map(async ({ digest, mediaType, size }) => ({
        ...{ digest, mediaType, sizeBytes: size },
        isHere: (await this.#blob(digest)) !== undefined,
      })),
    )
  }

  /** One that this repository has a right to: whether others have it is nobody's business here (RELIABILITY S6). */
  #blob(digest: Digest): Promise<BlobRecord | undefined> {
    const known = this.#here.get(digest)
    if (known !== undefined) return known
    const asked = this.#parts.store.linkedBlob(this.#repositoryId, digest).then((found) => found?.blob)
    this.#here.set(digest, asked)
    return asked
  }

  async #configured(config: Descriptor): Promise<string> {
    const blob = await this.#blob(config.digest)
    return blob === undefined ? platformOf(undefined) : await platformIn(this.#parts.blobs, blob)
  }

  /** Undefined: it is not here, or cannot be understood. */
  async #manifest(digest: Digest) {
    const stored = await this.#parts.store.manifest(this.#repositoryId, digest)
    if (stored === undefined) return undefined
    const { bytes, mediaType, sizeBytes: size } = stored
    try {
      return { manifest: parseManifest({ descriptor: { digest, mediaType, size }, bytes }), size }
    } catch (error) {
      if (isTransferError(error)) return undefined
      throw error
    }
  }
}

/** An artifact in the form of an image says what it is, or has a configuration that is none. */
function isImage({ artifactType, config }: ImageManifest): boolean {
  return artifactType === undefined && (config.mediaType === mediaTypes.ociConfig || config.mediaType === mediaTypes.dockerConfig)
}

/** What BuildKit says of an image stands beside it in the index, as if it were one. */
function isAttestation({ annotations }: Descriptor): boolean {
  return annotations?.["vnd.docker.reference.type"] !== undefined
}
