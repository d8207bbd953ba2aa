import { performance } from "node:perf_hooks"
import { setImmediate as breath, setTimeout as delay } from "node:timers/promises"
import type { AccessEntry } from "./access-entry.ts"
import type { AccessLogOptions } from "./create-access-log.ts"

/** How often the same entries are given to a store that refuses them. */
const tries = 5

/** A database in this process takes the thread that answers requests: for every millisecond of writing it has so many for itself. */
const restFactor = 3
const longestRestMs = 100

/** Longest text of one field; names and tags are shorter, user agents may not be. */
const longestField = 512

/** Entries on their way into the store, one write at a time. */
export class AccessQueue {
  readonly #options: Pick<AccessLogOptions, "store" | "log">
  readonly #batchSize: number
  readonly #queueSize: number
  readonly #flushMs: number
  readonly #retryMs: number
  readonly #ending: AbortSignal
  #waiting: AccessEntry[] = []
  /** Taken from `#waiting`, not yet written. */
  #taken = 0
  #dropped = 0
  /** Somebody waits for everything to be written. */
  #hurried = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined

  constructor(options: AccessLogOptions, ending: AbortSignal) {
    this.#options = options
    this.#batchSize = options.batchSize ?? 500
    this.#queueSize = options.queueSize ?? 50_000
    this.#flushMs = options.flushMs ?? 250
    this.#retryMs = options.retryMs ?? 1_000
    this.#ending = ending
  }

  get dropped(): number {
    return this.#dropped
  }

  add(entry: AccessEntry): void {
    if (this.#ending.aborted || this.#waiting.length + this.#taken >= this.#queueSize) {
      this.#dropped += 1
      return
    }
    this.#waiting.push(shortened(entry))
    if (this.#writing !== undefined) return
    if (this.#waiting.length >= this.#batchSize) this.#write()
    else this.#timer ??= setTimeout(() => this.#write(), this.#flushMs).unref()
  }

  async flush(): Promise<void> {
    this.#hurried += 1
    try {
      // What came while the last write was under way waits for another.
      while (this.#waiting.length > 0 || this.#writing !== undefined) await this.#write()
    } finally {
      this.#hurried -= 1
    }
  }

  /** Counts what is still here as lost: nothing is written any more. */
  dropRest(): void {
    this.#dropped += this.#waiting.length + this.#taken
    this.#waiting = []
    this.#taken = 0
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined
      if (this.#waiting.length > 0 && !this.#ending.aborted)
        this.#timer ??= setTimeout(() => this.#write(), this.#flushMs).unref()
    })
    return this.#writing
  }

  async #writeAll(): Promise<void> {
    // Out of the request that added the last entry.
    await breath()
    do {
      const batch = this.#waiting.length <= this.#batchSize ? this.#waiting : this.#waiting.slice(0, this.#batchSize)
      this.#waiting = batch === this.#waiting ? [] : this.#waiting.slice(this.#batchSize)
      this.#taken = batch.length
      const began = performance.now()
      if (!(await this.#writeOne(batch)) && !this.#ending.aborted) this.#dropped += batch.length
      if (this.#ending.aborted) return
      this.#taken = 0
      const restMs = Math.min(longestRestMs, restFactor * (performance.now() - began))
      await (this.#hurried > 0 ? breath() : delay(restMs, undefined, { ref: false }))
    } while (this.#waiting.length >= this.#batchSize)
  }

  /** False: the store did not take it, however often it was asked. */
  async #writeOne(batch: readonly AccessEntry[]): Promise<boolean> {
    for (let tried = 1; !this.#ending.aborted; tried++) {
      try {
        await this.#options.store.append(batch)
        return true
      } catch (error) {
        if (tried === 1) this.#options.log.warn({ error }, "the access log cannot be written; it is tried again")
        if (tried >= tries) return false
        await delay(this.#retryMs * tried, undefined, { signal: this.#ending, ref: false }).catch(() => undefined)
      }
    }
    return false
  }
}

function shortened(entry: AccessEntry): AccessEntry {
  const { user, repository, reference, userAgent } = entry
  if (Math.max(user.length, repository.length, reference.length, userAgent.length) <= longestField) return entry
  const cut = (text: string) => text.slice(0, longestField)
  return { ...entry, user: cut(user), repository: cut(repository), reference: cut(reference), userAgent: cut(userAgent) }
}
