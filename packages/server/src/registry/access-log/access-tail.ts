import { setTimeout as sleep } from "node:timers/promises"
import type { AccessLogStore, AccessRecord } from "@entrepot/db/stores"
import { Bell } from "../../jobs/follow/bell.ts"
import type { Log } from "../../runtime/runtime.ts"
import type { AccessFilter, AccessNews } from "./access-log-service.ts"
import { WaitingNews } from "./waiting-news.ts"

/** Entries that one look at the table reads: where somebody filters them, more, so that there is something to be found. */
const plainRead = 200
const filteredRead = 1000

/** How long a number that was left out is looked for, milliseconds: with PostgreSQL what has a lower number may be written later. */
const lateMs = 2000

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
  /** Numbers below `#lastId` that have not been seen, and until when they are looked for. */
  readonly #late = new Map<number, number>()
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
      this.#late.clear()
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
    this.#forgetLate()
    const known = this.#lastId
    const rows = await this.#store.newest(Math.min(known, ...[...this.#late.keys()].map((id) => id - 1)), limit + 1)
    const isCut = rows.length > limit && (rows.at(-1)?.id ?? 0) > known
    const fresh = rows.slice(0, limit).filter(({ id }) => id > known || this.#late.has(id))
    this.#note(fresh, isCut ? (fresh.at(-1)?.id ?? known) : known)
    if (fresh.length === 0) return
    for (const follower of this.#followers) follower.add(fresh, isCut)
    this.#bell.ring()
  }

  /** Remembers where the log ends, and which numbers above `floor` are not among these. */
  #note(fresh: readonly AccessRecord[], floor: number): void {
    const seen = new Set(fresh.map(({ id }) => id))
    for (const id of seen) this.#late.delete(id)
    const last = Math.max(this.#lastId, ...seen)
    const until = performance.now() + lateMs
    const missing = last - Math.max(floor, this.#lastId) - [...seen].filter((id) => id > floor).length
    for (let id = floor + 1; missing > 0 && missing <= filteredRead && id < last; id++)
      if (!seen.has(id)) this.#late.set(id, until)
    this.#lastId = last
  }

  #forgetLate(): void {
    const now = performance.now()
    for (const [id, until] of this.#late) if (until < now) this.#late.delete(id)
  }

  /** What the shared reader has read before this follower came. */
  async #catchUp(waiting: WaitingNews, after: number): Promise<void> {
    const known = this.#lastId
    const late = new Set(this.#late.keys())
    const rows = await this.#store.newest(after, filteredRead + 1)
    const missed = rows.slice(0, filteredRead).filter(({ id }) => id <= known && !late.has(id))
    waiting.addOlder(missed, rows.length > filteredRead)
  }
}
