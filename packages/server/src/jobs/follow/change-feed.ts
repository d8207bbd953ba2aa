import type { Database, QueueChange } from "@entrepot/db/stores"
import type { Log } from "../../runtime/runtime.ts"

const pageSize = 500
/** A database that did not answer is asked again after so long. */
const retryMs = 1000

interface ChangeFeedOptions {
  readonly database: Pick<Database, "jobs" | "onChange">
  readonly log: Log
}

/**
 * Every change of any job, read once for all who listen in this process, in the order of revisions: one read for each flush of whoever writes,
 * here or in another process.
 */
export class ChangeFeed {
  readonly #database: ChangeFeedOptions["database"]
  readonly #log: Log
  readonly #listeners = new Set<(changes: readonly QueueChange[]) => void>()
  #started: Promise<void> | undefined
  #unsubscribe: (() => void) | undefined
  #retry: NodeJS.Timeout | undefined
  #revision = 0
  #reading = false
  #again = false
  #stopped = false

  constructor({ database, log }: ChangeFeedOptions) {
    this.#database = database
    this.#log = log
  }

  /** What changes after this has resolved will be told. */
  start(): Promise<void> {
    this.#started ??= this.#begin()
    return this.#started
  }

  /** Returns how to stop being told. Listeners do not throw. */
  subscribe(listener: (changes: readonly QueueChange[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#retry)
    this.#unsubscribe?.()
    this.#listeners.clear()
  }

  async #begin(): Promise<void> {
    // Listening first: what changes while the revision is being read is read again, not missed.
    this.#unsubscribe = this.#database.onChange(() => void this.#read())
    this.#reading = true
    try {
      this.#revision = await this.#database.jobs.revision()
    } catch (error) {
      this.#unsubscribe()
      this.#started = undefined
      throw error
    } finally {
      this.#reading = false
    }
    if (this.#again) void this.#read()
  }

  async #read(): Promise<void> {
    this.#again = true
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false
        await this.#readPage()
      }
    } catch (error) {
      if (this.#stopped) return
      this.#log.warn({ error: String(error) }, "changes of jobs could not be read")
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => void this.#read(), retryMs)
    } finally {
      this.#reading = false
    }
  }

  async #readPage(): Promise<void> {
    const changes = await this.#database.jobs.changes("all", this.#revision, pageSize)
    const last = changes.at(-1)
    if (last === undefined || this.#stopped) return
    this.#revision = last.revision
    for (const listener of [...this.#listeners]) listener(changes)
    if (changes.length === pageSize) this.#again = true
  }
}
