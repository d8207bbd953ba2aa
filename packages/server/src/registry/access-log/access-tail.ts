import { setTimeout as sleep } from "node:timers/promises"
import type { AccessLogStore } from "@entrepot/db/stores"
import { Bell } from "../../jobs/follow/bell.ts"
import type { Log } from "../../runtime/runtime.ts"
import type { AccessFilter, AccessNews } from "./access-log-service.ts"
import { WaitingNews } from "./waiting-news.ts"

/** Entries that one look at the table reads: where somebody filters them, more, so that there is something to be found. */
const plainRead = 200
const filteredRead = 1000

interface AccessTailOptions {
  readonly store: Pick<AccessLogStore, "newest" | "lastId">
  readonly log: Log
  /** Between two looks at the table. Default 400. */
  readonly everyMs?: number | undefined
}

/** The end of the access log as it grows: one reader of the table for all who follow, and none while nobody does. */
export class AccessTail {
  readonly #store: AccessTailOptions["store"]
  readonly #log: Log
  readonly #everyMs: number
  readonly #followers = new Set<WaitingNews>()
  readonly #bell = new Bell()
  #count = 0
  #begun: Promise<void> | undefined
  #lastId = 0
  #isFailing = false

  constructor({ store, log, everyMs = 400 }: AccessTailOptions) {
    this.#store = store
    this.#log = log
    this.#everyMs = everyMs
  }

  /**
   * What comes from now on, or came after that entry. The first news come at once and may be empty: they say where it begins. Ends without an error when
   * aborted. @throws when the database does not answer at the beginning.
   */
  async *follow(filter: AccessFilter, after: number | undefined, signal: AbortSignal): AsyncGenerator<AccessNews, void> {
    this.#count++
    let waiting: WaitingNews | undefined
    try {
      this.#begun ??= this.#begin()
      await this.#begun
      waiting = new WaitingNews(filter, this.#lastId)
      this.#followers.add(waiting)
      if (after !== undefined) await this.#catchUp(waiting, after)
      yield waiting.takeAnyway()
      while (!signal.aborted) {
        const news = waiting.take()
        if (news === undefined) await this.#bell.wait(signal)
        else yield news
      }
    } finally {
      this.#count--
      if (waiting !== undefined) this.#followers.delete(waiting)
    }
  }

  async #begin(): Promise<void> {
    try {
      this.#lastId = await this.#store.lastId()
    } catch (error) {
      this.#begun = undefined
      throw error
    }
    void this.#readOn()
  }

  async #readOn(): Promise<void> {
    for (;;) {
      await sleep(this.#everyMs, undefined, { ref: false })
      if (this.#count === 0) break
      try {
        await this.#look()
        this.#isFailing = false
      } catch (error) {
        if (!this.#isFailing) this.#log.warn({ error: String(error) }, "the access log could not be read for those who follow it")
        this.#isFailing = true
      }
    }
    this.#begun = undefined
  }

  async #look(): Promise<void> {
    const limit = [...this.#followers].some(({ isFiltered }) => isFiltered) ? filteredRead : plainRead
    const rows = await this.#store.newest(this.#lastId, limit + 1)
    const [newest] = rows
    if (newest === undefined) return
    this.#lastId = newest.id
    for (const follower of this.#followers) follower.add(rows.slice(0, limit), rows.length > limit)
    this.#bell.ring()
  }

  /** What came before this follower did; of what the shared reader has not read yet, this one will not be told again. */
  async #catchUp(waiting: WaitingNews, after: number): Promise<void> {
    const rows = await this.#store.newest(after, filteredRead + 1)
    // Before a backup came back, there were more.
    const isKnown = rows.length > 0 || (await this.#store.lastId()) >= after
    if (isKnown) waiting.catchUp(after, rows.slice(0, filteredRead), rows.length > filteredRead)
  }
}
