import type { Digest } from "@entrepot/core"
import type { ManifestReference, WarehouseStore } from "@entrepot/db/stores"
import type { KeptBlobs } from "./kept-blobs.ts"
import { Memo } from "./memo.ts"
import type { ReadManifest } from "./read-manifest.ts"
import type { ServedManifest } from "./readable-repository.ts"
import type { Touches } from "./touches.ts"

interface KeptManifestsParts {
  readonly store: WarehouseStore
  readonly touches: Touches
  /** Told of each manifest that is stored. */
  readonly blobs: Pick<KeptBlobs, "noteManifest">
  readonly now: () => number
  readonly memoMs: number
  readonly memoBytes: number
}

/** Manifests of all repositories, with what was asked for lately in memory: a warm manifest needs no database. */
export class KeptManifests {
  readonly #parts: KeptManifestsParts
  readonly #memo: Memo<ServedManifest>

  constructor(parts: KeptManifestsParts) {
    this.#parts = parts
    this.#memo = new Memo({
      lifetimeMs: parts.memoMs,
      mostEntries: 50_000,
      bytes: { most: parts.memoBytes, of: (manifest) => manifest.bytes.length + 512 },
    })
  }

  /** From memory alone; the same object while nothing has changed. */
  recall(repositoryId: number, digest: Digest): ServedManifest | undefined {
    const key = keyOf(repositoryId, digest)
    const manifest = this.#memo.peek(key)
    if (manifest !== undefined) this.#parts.touches.manifest(key, repositoryId, digest)
    return manifest
  }

  async get(repositoryId: number, digest: Digest): Promise<ServedManifest | undefined> {
    const key = keyOf(repositoryId, digest)
    const manifest = await this.#memo.get(key, async () => {
      const stored = await this.#parts.store.manifest(repositoryId, digest)
      if (stored === undefined) return undefined
      return {
        descriptor: { mediaType: stored.mediaType, digest, size: stored.sizeBytes },
        bytes: stored.bytes,
        ...(stored.subject === null ? {} : { subject: stored.subject }),
        cache: "hit",
      }
    })
    if (manifest !== undefined) this.#parts.touches.manifest(key, repositoryId, digest)
    return manifest
  }

  /** Stores a manifest, and points the tag at it. Returns what is missing; then nothing was stored. */
  async put(
    repositoryId: number,
    read: ReadManifest,
    bytes: Buffer,
    options: { readonly tag?: string | undefined; readonly complete: boolean },
  ): Promise<readonly ManifestReference[]> {
    const { store, blobs, now } = this.#parts
    const { missing } = await store.putManifest({ repositoryId, ...read, bytes, ...options }, now())
    blobs.noteManifest(repositoryId)
    return missing
  }

  async delete(repositoryId: number, digest: Digest): Promise<boolean> {
    try {
      return await this.#parts.store.deleteManifest(repositoryId, digest)
    } finally {
      this.#memo.forget(keyOf(repositoryId, digest))
    }
  }

  forgetAll(): void {
    this.#memo.clear()
  }
}

function keyOf(repositoryId: number, digest: Digest): string {
  return `${repositoryId}/${digest}`
}
