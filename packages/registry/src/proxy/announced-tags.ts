import type { Descriptor, Digest } from "@entrepot/core"
import { latelyUsed } from "../lately-used.ts"

interface Announced {
  readonly descriptor: Descriptor
  readonly upstream: string
  readonly at: number
}

/**
 * Tags that an upstream has named in answer to HEAD, while the manifest itself is not here: most clients ask so, and then for the digest. When that comes,
 * it is the tag's.
 */
export class AnnouncedTags {
  readonly #kept = latelyUsed<string, Announced>(10_000)
  readonly #tags = latelyUsed<string, ReadonlySet<string>>(10_000)
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** @param scope the repository, as whoever asks may read it */
  note(scope: string, tag: string, descriptor: Descriptor, upstream: string): void {
    this.#kept.set(`${scope} ${tag}`, { descriptor, upstream, at: this.#now() })
    const key = `${scope} ${descriptor.digest}`
    this.#tags.set(key, new Set([...(this.#tags.get(key) ?? []), tag]))
  }

  /** What was said of a tag so recently. */
  get(scope: string, tag: string, lifetimeMs: number): Announced | undefined {
    const announced = this.#kept.get(`${scope} ${tag}`)
    return announced !== undefined && this.#now() - announced.at < lifetimeMs ? announced : undefined
  }

  /** Tags that were said to be this manifest's so recently; they are announced no more. */
  take(scope: string, digest: Digest, lifetimeMs: number): readonly string[] {
    const key = `${scope} ${digest}`
    const tags = [...(this.#tags.get(key) ?? [])].filter((tag) => this.get(scope, tag, lifetimeMs)?.descriptor.digest === digest)
    this.#tags.delete(key)
    for (const tag of tags) this.#kept.delete(`${scope} ${tag}`)
    return tags
  }
}
