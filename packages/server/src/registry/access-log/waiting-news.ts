import type { AccessRecord } from "@entrepot/db/stores"
import type { AccessFilter, AccessNews } from "./access-log-service.ts"
import { matchesFilter } from "./matches-filter.ts"

/** Entries of one news: of more, the newest. */
const mostShown = 200

/** A follower whose filter lets nothing through is told so often how far the log has come, so that it goes on from near there after a break. */
const mostUntold = 500

/** What came for one follower of the access log, and was not handed over yet. */
export class WaitingNews {
  readonly isFiltered: boolean
  readonly #filter: AccessFilter
  #entries: readonly AccessRecord[] = []
  #hasMore = false
  /** What it was told of before it came, or caught up with. */
  #after = 0
  readonly #caughtUp = new Set<number>()
  #lastId: number
  #toldId: number

  /** @param lastId where it begins */
  constructor(filter: AccessFilter, lastId: number) {
    this.#filter = filter
    this.isFiltered = Object.values(filter).some((value) => value !== undefined)
    this.#lastId = lastId
    this.#toldId = lastId
  }

  /** @param isCut there were more */
  add(newest: readonly AccessRecord[], isCut: boolean): void {
    this.#keep([...this.#matching(newest), ...this.#entries], isCut)
    for (const { id } of newest) this.#lastId = Math.max(this.#lastId, id)
  }

  /** What came since an entry that it was told of earlier. Of these it is not told again. */
  catchUp(after: number, newest: readonly AccessRecord[], isCut: boolean): void {
    this.#after = after
    this.#lastId = Math.max(this.#lastId, after)
    const all = new Map([...this.#entries, ...this.#matching(newest)].map((entry) => [entry.id, entry]))
    this.#keep(
      [...all.values()].sort((one, other) => other.id - one.id),
      isCut,
    )
    for (const { id } of newest) {
      this.#caughtUp.add(id)
      this.#lastId = Math.max(this.#lastId, id)
    }
  }

  /** Undefined: there is nothing worth telling. */
  take(): AccessNews | undefined {
    const isWorthTelling = this.#entries.length > 0 || this.#hasMore || this.#lastId - this.#toldId >= mostUntold
    return isWorthTelling ? this.takeAnyway() : undefined
  }

  takeAnyway(): AccessNews {
    const news = { lastId: this.#lastId, entries: this.#entries, hasMore: this.#hasMore }
    this.#toldId = this.#lastId
    this.#entries = []
    this.#hasMore = false
    return news
  }

  #matching(entries: readonly AccessRecord[]): readonly AccessRecord[] {
    return entries.filter(
      (entry) => entry.id > this.#after && !this.#caughtUp.has(entry.id) && matchesFilter(entry, this.#filter),
    )
  }

  #keep(entries: readonly AccessRecord[], isCut: boolean): void {
    this.#entries = entries.slice(0, mostShown)
    this.#hasMore ||= isCut || entries.length > mostShown
  }
}
