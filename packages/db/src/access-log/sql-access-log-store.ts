import { asc, count, inArray, lt } from "drizzle-orm"
import { type Engine, row, rows, run } from "../engine/engine.ts"
import type { AccessLogQuery, AccessLogStore, AccessRecord } from "./access-log-store.ts"
import { listAccess } from "./list-access.ts"

/** Rows of one statement; SQLite takes 32,766 values. */
const rowsAtOnce = 1_000

/** The access log over either dialect. */
export class SqlAccessLogStore implements AccessLogStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async append(entries: readonly Omit<AccessRecord, "id">[]): Promise<void> {
    if (entries.length === 0) return
    await this.#engine.write(function* ({ db, tables: { accessLog } }) {
      for (let start = 0; start < entries.length; start += rowsAtOnce) {
        yield* run(db.insert(accessLog).values(entries.slice(start, start + rowsAtOnce).map(columnsOf)))
      }
    })
  }

  list(query: AccessLogQuery): Promise<readonly AccessRecord[]> {
    return listAccess(this.#engine, query)
  }

  prune(before: number, limit: number): Promise<number> {
    return this.#engine.write(function* ({ db, tables: { accessLog } }) {
      const old = db
        .select({ id: accessLog.id })
        .from(accessLog)
        .where(lt(accessLog.at, before))
        .orderBy(asc(accessLog.at))
        .limit(limit)
      const removed = yield* rows(db.delete(accessLog).where(inArray(accessLog.id, old)).returning({ id: accessLog.id }))
      return removed.length
    })
  }

  clear(): Promise<number> {
    return this.#engine.write(function* ({ db, tables: { accessLog } }) {
      const kept = yield* row(db.select({ count: count() }).from(accessLog))
      yield* run(db.delete(accessLog))
      return kept?.count ?? 0
    })
  }
}

function columnsOf(entry: Omit<AccessRecord, "id">): Omit<AccessRecord, "id"> {
  const { at, user, address, action, method, repository, reference, status, bytes, durationMs, cache, upstream, userAgent } =
    entry
  return { at, user, address, action, method, repository, reference, status, bytes, durationMs, cache, upstream, userAgent }
}
