import { type BlobContent, contentDigest } from "../images/blob-content.ts"
import type { Descriptor, TestImage } from "../images/image.ts"
import { allChildren, splitReference } from "../registry-client.ts"
import type { BlobRedirect } from "./blob-redirect.ts"
import type { Exchange } from "./exchange.ts"
import type { Quirks } from "./registry-options.ts"
import { errorReply, type Reply } from "./reply.ts"
import { Repository } from "./repository.ts"

/** Everything that a test registry holds. */
export class RegistryState {
  readonly repositories = new Map<string, Repository>()
  readonly quirks: Quirks
  redirect: BlobRedirect | undefined
  #pulls = 0

  constructor(quirks: Quirks) {
    this.quirks = quirks
  }

  /** The repository of this name, made when there is none. */
  repository(name: string): Repository {
    const repository = this.repositories.get(name) ?? new Repository()
    this.repositories.set(name, repository)
    return repository
  }

  /** Puts an image there as if it had been pushed; where there is no referrers API, its subject's referrers tag is kept too. */
  add(reference: string, image: TestImage): void {
    const { repository: name, tag } = splitReference(reference)
    const repository = this.repository(name)
    for (const [digest, content] of image.blobs) repository.blobs.set(digest, content)
    for (const each of [...allChildren(image), image])
      repository.manifests.set(each.descriptor.digest, { bytes: each.manifest, mediaType: each.descriptor.mediaType })
    if (tag !== undefined) repository.tags.set(tag, image.descriptor.digest)
    if (this.quirks.noReferrers) this.#tagReferrers(name, repository)
  }

  /** True when exactly this image is there, every byte of it. */
  holds(reference: string, image: TestImage): boolean {
    const { repository: name, tag } = splitReference(reference)
    const repository = this.repositories.get(name)
    if (!repository) return false
    if (repository.manifest(tag ?? image.descriptor.digest)?.digest !== image.descriptor.digest) return false
    const manifests = [...allChildren(image), image]
    if (!manifests.every((each) => repository.manifests.get(each.descriptor.digest)?.bytes.equals(each.manifest))) return false
    return [...image.blobs.keys()].every((digest) => {
      const content = repository.blobs.get(digest)
      return content !== undefined && contentDigest(content, digest.startsWith("sha512") ? "sha512" : "sha256") === digest
    })
  }

  /** Descriptors of the manifests whose subject is this digest. */
  referrers(name: string, digest: string): Descriptor[] {
    const found: Descriptor[] = []
    for (const [own, { bytes, mediaType }] of this.repositories.get(name)?.manifests ?? []) {
      const manifest = JSON.parse(bytes.toString()) as {
        subject?: { digest: string }
        artifactType?: string
        config?: { mediaType: string }
        annotations?: Record<string, string>
      }
      if (manifest.subject?.digest !== digest) continue
      const artifactType = manifest.artifactType ?? manifest.config?.mediaType
      found.push({
        mediaType,
        digest: own,
        size: bytes.length,
        ...(artifactType ? { artifactType } : {}),
        ...(manifest.annotations ? { annotations: manifest.annotations } : {}),
      })
    }
    return found
  }

  /** Counts one manifest GET against the rate limit, where there is one. */
  countPull(): { headers: Record<string, string>; refusal?: Reply } | undefined {
    const { rateLimit } = this.quirks
    if (!rateLimit) return undefined
    this.#pulls++
    const remaining = Math.max(0, rateLimit.limit - this.#pulls)
    const headers = {
      "ratelimit-limit": `${rateLimit.limit};w=${rateLimit.windowSeconds}`,
      "ratelimit-remaining": `${remaining};w=${rateLimit.windowSeconds}`,
      "docker-ratelimit-source": "127.0.0.1",
    }
    if (this.#pulls <= rateLimit.limit) return { headers }
    const message = "You have reached your pull rate limit."
    const retryAfter: Record<string, string> = rateLimit.retryAfter === undefined ? {} : { "retry-after": rateLimit.retryAfter }
    return { headers, refusal: errorReply(429, "TOOMANYREQUESTS", message, { ...headers, ...retryAfter }) }
  }

  /** Starts the rate limit's window anew. */
  resetPulls(): void {
    this.#pulls = 0
  }

  location(exchange: Exchange, path: string): string {
    return this.quirks.absoluteLocations ? `${exchange.url.origin}${path}` : path
  }

  /** Blob contents by digest, wherever they are. */
  content(digest: string): BlobContent | undefined {
    for (const repository of this.repositories.values()) {
      const content = repository.blobs.get(digest)
      if (content) return content
    }
    return undefined
  }

  #tagReferrers(name: string, repository: Repository): void {
    const mediaType = "application/vnd.oci.image.index.v1+json"
    for (const digest of [...repository.manifests.keys()]) {
      const manifests = this.referrers(name, digest)
      if (manifests.length === 0) continue
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }))
      const own = contentDigest({ sizeBytes: bytes.length, read: () => [bytes] })
      repository.manifests.set(own, { bytes, mediaType })
      repository.tags.set(digest.replace(":", "-"), own)
    }
  }
}
