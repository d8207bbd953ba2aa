import type { AccessLogQuery, AccessRecord } from "@entrepot/db/stores"
import type { Actor } from "../../accounts/actor.ts"

/** A page of the access log, newest first. */
export interface AccessPage {
  readonly entries: readonly AccessRecord[]
  /** `before` of the next page; null where this is the last. */
  readonly next: number | null
}

/** Who pulled and pushed what: for administrators, since it names people and addresses. */
export interface AccessLogService {
  /** What has happened until now, as far as the query allows it. */
  list(actor: Actor, query: AccessLogQuery): Promise<AccessPage>
  /** Removes everything. Returns how many entries that were. */
  clear(actor: Actor): Promise<number>
  /** Entries that this process could not write since it started. */
  dropped(actor: Actor): number
}
