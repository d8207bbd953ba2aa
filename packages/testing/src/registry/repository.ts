import { createHash, type Hash, randomUUID } from "node:crypto"
import { type BlobContent, contentDigest, memoryContent } from "../images/blob-content.ts"

export interface StoredManifest {
  readonly bytes: Buffer
  readonly mediaType: string
}

/** One upload session: its bytes in memory, and who may write to it. */
export class Upload {
  readonly id = randomUUID()
  #pieces: Buffer[] = []
  readonly #hash: Hash = createHash("sha256")
  #size = 0
  #writer = 0
  /** Set when a chunk was shorter than the least chunk length: only the last may be. */
  shortChunk = false

  get size(): number {
    return this.#size
  }

  /** Takes the pen: an older request that still writes loses it. The function appends; false says that the pen is gone. */
  write(): (bytes: Buffer) => boolean {
    const writer = ++this.#writer
    return (bytes) => {
      if (writer !== this.#writer) return false
      this.#pieces.push(Buffer.from(bytes))
      this.#hash.update(bytes)
      this.#size += bytes.length
      return true
    }
  }

  /** The content, undefined if it is not what the digest says. */
  finish(digest: string): BlobContent | undefined {
    this.#writer++
    const content = memoryContent(...this.#pieces)
    const actual = digest.startsWith("sha512:") ? contentDigest(content, "sha512") : `sha256:${this.#hash.digest("hex")}`
    return actual === digest ? content : undefined
  }
}

/** What a repository holds. Blobs lie here by reference to a content: two repositories may share one. */
export class Repository {
  readonly manifests = new Map<string, StoredManifest>()
  readonly tags = new Map<string, string>()
  readonly blobs = new Map<string, BlobContent>()
  readonly uploads = new Map<string, Upload>()

  /** The manifest under a tag or digest. */
  manifest(reference: string): (StoredManifest & { readonly digest: string }) | undefined {
    const digest = reference.includes(":") ? reference : this.tags.get(reference)
    const found = digest === undefined ? undefined : this.manifests.get(digest)
    return found && digest !== undefined ? { ...found, digest } : undefined
  }

  sortedTags(): string[] {
    return [...this.tags.keys()].sort()
  }
}
