import { type Clock, systemClock } from "../content/clock.ts"
import type { Descriptor } from "../content/descriptor.ts"
import type { Digest } from "../content/digest.ts"
import { longestWaitMs } from "../http/layers/retry.ts"
import type { WindowBudget } from "./fetch-blob.ts"
import { RangeWidth } from "./range-width.ts"
import { type Pace, paceOf } from "./rate-limit.ts"
import type { RetryPolicy } from "./retry-policy.ts"

export interface SessionOptions {
  /** Cap on the bytes of all blobs together, bytes per second. */
  readonly limitRate?: number | undefined
  /** A cap that several sessions share, in place of `limitRate`. */
  readonly pace?: Pace | undefined
  /** Tries of one blob without progress. Default 6. */
  readonly retryAttempts?: number | undefined
  /** Most connections to one source host for blob bodies. Default 32. */
  readonly maxRanges?: number | undefined
  readonly retryMinMs?: number
  readonly retryMaxMs?: number
  /** Longest time that a host may ask us to wait, milliseconds. Default 15 minutes. */
  readonly maxWaitMs?: number | undefined
  /** No byte for so long: asked again at the offset reached. Default 10,000. */
  readonly stallMs?: number
  readonly random?: () => number
  readonly clock?: Clock
}

/** What the transfers of one process share: where blobs are known to be, which are under way, how wide hosts are read, and the rate cap. */
export class TransferSession {
  readonly clock: Clock
  readonly retry: RetryPolicy
  readonly pace: Pace
  readonly stallMs: number
  /** Segments of all blobs that wait for their turn, bytes. */
  readonly window: WindowBudget = { free: 40 * 1024 * 1024 }
  readonly #maxRanges: number
  readonly #widths = new Map<string, RangeWidth>()
  readonly #known = new Map<string, Map<Digest, Set<string>>>()
  readonly #underWay = new Map<string, Promise<unknown>>()
  readonly #fresh = new Map<string, "no-tags" | "fresh">()

  constructor(options: SessionOptions = {}) {
    this.clock = options.clock ?? systemClock
    this.retry = {
      attempts: options.retryAttempts ?? 6,
      minMs: options.retryMinMs ?? 500,
      maxMs: options.retryMaxMs ?? 60_000,
      maxWaitMs: options.maxWaitMs ?? longestWaitMs,
      random: options.random ?? Math.random,
      clock: this.clock,
    }
    this.pace = options.pace ?? paceOf(options.limitRate, this.clock)
    this.stallMs = options.stallMs ?? 10_000
    this.#maxRanges = options.maxRanges ?? 32
  }

  widthOf(host: string): RangeWidth {
    let width = this.#widths.get(host)
    if (width === undefined) {
      width = new RangeWidth({ clock: this.clock, maxConnections: this.#maxRanges })
      this.#widths.set(host, width)
    }
    return width
  }

  /** A blob is now in a repository of a host. */
  remember(host: string, repository: string, digest: Digest): void {
    const digests = this.#known.get(host) ?? new Map<Digest, Set<string>>()
    this.#known.set(host, digests)
    digests.set(digest, (digests.get(digest) ?? new Set()).add(repository))
  }

  knows(host: string, repository: string, digest: Digest): boolean {
    return this.#known.get(host)?.get(digest)?.has(repository) === true
  }

  /** A repository of this host, other than the one given, that has the blob. */
  siblingWith(host: string, repository: string, digest: Digest): string | undefined {
    for (const sibling of this.#known.get(host)?.get(digest) ?? []) if (sibling !== repository) return sibling
    return undefined
  }

  /** Runs `work` unless the same blob is already on its way to the same place: then waits for that, and says so. */
  async once(host: string, repository: string, blob: Descriptor, work: () => Promise<void>): Promise<"ran" | "waited"> {
    const key = `${host}/${repository}@${blob.digest}`
    for (let other = this.#underWay.get(key); other !== undefined; other = this.#underWay.get(key)) {
      // One that fails does so for reasons of its own: then it is our turn.
      if (
        await other.then(
          () => true,
          () => false,
        )
      )
        return "waited"
    }
    const running = work()
    this.#underWay.set(key, running)
    try {
      await running
      return "ran"
    } finally {
      this.#underWay.delete(key)
    }
  }

  /** Forgets what is known of a repository: its registry has lost something. */
  forget(host: string, repository: string): void {
    for (const repositories of this.#known.get(host)?.values() ?? []) repositories.delete(repository)
    this.#fresh.delete(`${host}/${repository}`)
  }

  /**
   * A repository without any tag may still hold blobs of an interrupted run, which would have begun with the same image. So it counts as fresh,
   * and its blobs are no longer asked for one by one, only when it has no tag and the first image found none of its blobs there.
   */
  hasNoTags(host: string, repository: string): void {
    this.#fresh.set(`${host}/${repository}`, "no-tags")
  }

  /** A blob was found there that no transfer of this session brought. */
  foundBlob(host: string, repository: string): void {
    this.#fresh.delete(`${host}/${repository}`)
  }

  /** All blobs of an image have been asked for. */
  foundNothing(host: string, repository: string): void {
    const key = `${host}/${repository}`
    if (this.#fresh.get(key) === "no-tags") this.#fresh.set(key, "fresh")
  }

  isFresh(host: string, repository: string): boolean {
    return this.#fresh.get(`${host}/${repository}`) === "fresh"
  }
}
