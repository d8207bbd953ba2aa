import type { AccessLogQuery, AccessRecord } from "@entrepot/db/stores"
import type { Actor } from "../../accounts/actor.ts"

/** A page of the access log, newest first. */
export interface AccessPage {
  readonly entries: readonly AccessRecord[]
  /** `before` of the next page; null where this is the last. */
  readonly next: number | null
}

/** What the log is narrowed to. */
export type AccessFilter = Omit<AccessLogQuery, "before" | "limit" | "from" | "to">

/** Entries that came since the last such news, the newest first. */
export interface AccessNews {
  /** Where to go on after a break. */
  readonly lastId: number
  readonly entries: readonly AccessRecord[]
  /** More came than are shown: the list has them. */
  readonly hasMore: boolean
}

/** Who pulled and pushed what: for administrators, since it names people and addresses. */
export interface AccessLogService {
  /** What has happened until now, as far as the query allows it. */
  list(actor: Actor, query: AccessLogQuery): Promise<AccessPage>
  /**
   * What happens from now on, or has happened after that entry: by all processes, within a second. However many follow, the table is read once. Does not
   * end by itself; ends without an error when aborted.
   */
  follow(
    actor: Actor,
    filter: AccessFilter,
    options: { readonly after?: number | undefined; readonly signal: AbortSignal },
  ): AsyncGenerator<AccessNews, void>
  /** Removes everything. Returns how many entries that were. */
  clear(actor: Actor): Promise<number>
  /** Entries that this process could not write since it started. */
  dropped(actor: Actor): number
}
