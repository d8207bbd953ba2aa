import type { WarehouseStore } from "@entrepot/db/stores"

/** How long a sum of all blobs is believed, milliseconds: other processes store blobs too. */
const lifetimeMs = 60_000

const restMs = 10_000

/** Keeps what blobs take below a limit: counts what is added, and evicts what is too much. */
export class Quota {
  readonly #store: WarehouseStore
  readonly #limitBytes: number
  readonly #evict: (bytes: number) => Promise<unknown>
  #used: { bytes: number; readonly at: number } | undefined
  #running: Promise<void> | undefined
  /** Until then nothing is tried: what is left cannot be evicted. */
  #restUntil = 0

  constructor(parts: {
    readonly store: WarehouseStore
    readonly limitBytes: number
    /** Frees so many bytes where it can. */
    readonly evict: (bytes: number) => Promise<unknown>
  }) {
    this.#store = parts.store
    this.#limitBytes = parts.limitBytes
    this.#evict = parts.evict
  }

  /** A blob was stored. Resolves when what was too much is gone; nobody has to wait for it. */
  async added(sizeBytes: number): Promise<void> {
    if (this.#used !== undefined) this.#used.bytes += sizeBytes
    const isOld = this.#used === undefined || performance.now() - this.#used.at > lifetimeMs
    if (!isOld && (this.#used?.bytes ?? 0) <= this.#limitBytes) return
    if (performance.now() < this.#restUntil) return
    this.#running ??= this.#enforce().finally(() => {
      this.#running = undefined
    })
    await this.#running
  }

  async #enforce(): Promise<void> {
    const excess = (await this.#count()) - this.#limitBytes
    if (excess <= 0) return
    await this.#evict(excess)
    if ((await this.#count()) > this.#limitBytes) this.#restUntil = performance.now() + restMs
  }

  async #count(): Promise<number> {
    const { bytes } = await this.#store.usage()
    this.#used = { bytes, at: performance.now() }
    return bytes
  }
}
