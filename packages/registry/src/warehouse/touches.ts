import type { Digest } from "@entrepot/core"
import type { WarehouseStore } from "@entrepot/db/stores"
import type { WarehouseLog } from "./warehouse-log.ts"

interface TouchedManifest {
  readonly repositoryId: number
  readonly digest: Digest
}

/** Rows of one statement. */
const slice = 500

/** Notes what was used, and writes it down together: a pull must not wait for that, and one blob may be pulled a thousand times a second. */
export class Touches {
  readonly #store: WarehouseStore
  readonly #log: WarehouseLog
  readonly #now: () => number
  readonly #everyMs: number
  #blobs = new Set<Digest>()
  #manifests = new Map<string, TouchedManifest>()
  #repositories = new Set<number>()
  #timer: NodeJS.Timeout | undefined

  constructor(parts: {
    readonly store: WarehouseStore
    readonly log: WarehouseLog
    readonly now: () => number
    readonly everyMs: number
  }) {
    this.#store = parts.store
    this.#log = parts.log
    this.#now = parts.now
    this.#everyMs = parts.everyMs
  }

  blob(digest: Digest): void {
    this.#blobs.add(digest)
    this.#schedule()
  }

  /** `key` stands for the two, so that nothing has to be made on a warm request. */
  manifest(key: string, repositoryId: number, digest: Digest): void {
    if (this.#manifests.has(key)) return
    this.#manifests.set(key, { repositoryId, digest })
    this.#repositories.add(repositoryId)
    this.#schedule()
  }

  /** Writes down what was noted until now. A failure is logged, not thrown: it costs the order of eviction at most. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const [blobs, manifests, repositories] = [[...this.#blobs], [...this.#manifests.values()], [...this.#repositories]]
    this.#blobs = new Set()
    this.#manifests = new Map()
    this.#repositories = new Set()
    const most = Math.max(blobs.length, manifests.length, repositories.length)
    try {
      for (let at = 0; at < most; at += slice) {
        const used = {
          blobs: blobs.slice(at, at + slice),
          manifests: manifests.slice(at, at + slice),
          repositories: repositories.slice(at, at + slice),
        }
        await this.#store.touch(used, this.#now())
      }
    } catch (error) {
      this.#log.warn({ error }, "what was used lately could not be written down")
    }
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#everyMs).unref()
  }
}
