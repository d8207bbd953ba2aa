import type { AccessLogQuery, Database } from "@entrepot/db/stores"
import type { WrittenAccessLog } from "@entrepot/registry"
import type { Actor } from "../../accounts/actor.ts"
import { AuditTrail } from "../../accounts/audit-trail.ts"
import { requireScope } from "../../accounts/rights.ts"
import type { Log } from "../../runtime/runtime.ts"
import type { AccessFilter, AccessLogService, AccessNews, AccessPage } from "./access-log-service.ts"
import { AccessTail } from "./access-tail.ts"

interface AccessLogServiceOptions {
  readonly stores: Pick<Database, "accessLog" | "audit">
  /** What this process writes: it is asked to, before anybody looks. */
  readonly written: Pick<WrittenAccessLog, "flush" | "dropped">
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The access log as it is looked at, over the store of one database. */
export function createAccessLogService({ stores, written, log, now }: AccessLogServiceOptions): AccessLogService {
  const trail = new AuditTrail(stores.audit, log, now)
  const tail = new AccessTail({ store: stores.accessLog, log })
  return {
    async list(actor: Actor, query: AccessLogQuery): Promise<AccessPage> {
      requireScope(actor, "admin")
      // Later pages hold what is older, and is written.
      if (query.before === undefined) await written.flush()
      const found = await stores.accessLog.list({ ...query, limit: query.limit + 1 })
      const entries = found.slice(0, query.limit)
      return { entries, next: found.length > query.limit ? (entries.at(-1)?.id ?? null) : null }
    },

    async *follow(
      actor: Actor,
      filter: AccessFilter,
      { after, signal }: { readonly after?: number | undefined; readonly signal: AbortSignal },
    ): AsyncGenerator<AccessNews, void> {
      requireScope(actor, "admin")
      yield* tail.follow(filter, after, signal)
    },

    async clear(actor: Actor): Promise<number> {
      requireScope(actor, "admin")
      await written.flush()
      const removed = await stores.accessLog.clear()
      await trail.ok(actor, "access-log.clear", `${removed} entries`)
      return removed
    },

    dropped(actor: Actor): number {
      requireScope(actor, "admin")
      return written.dropped
    },
  }
}
