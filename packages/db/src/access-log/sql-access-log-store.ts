import { asc, count, desc, gt, inArray, lt } from "drizzle-orm"
import { type Engine, insertRows, row, rows, run } from "../engine/engine.ts"
import { waitTurn } from "../engine/wait-turn.ts"
import type { AccessLogQuery, AccessLogStore, AccessRecord } from "./access-log-store.ts"
import { listAccess } from "./list-access.ts"

/** The access log over either dialect. */
export class SqlAccessLogStore implements AccessLogStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async append(entries: readonly Omit<AccessRecord, "id">[]): Promise<void> {
    if (entries.length === 0) return
    await this.#engine.write(
      function* (context) {
        // Whoever follows by number would miss entries of a lower one that are there only later.
        yield* waitTurn(context, "access log")
        yield* insertRows(context.tables.accessLog, entries.map(whole))
      },
      { lazily: true },
    )
  }

  list(query: AccessLogQuery): Promise<readonly AccessRecord[]> {
    return listAccess(this.#engine, query)
  }

  newest(after: number, limit: number): Promise<readonly AccessRecord[]> {
    return this.#engine.read(({ db, tables: { accessLog } }) =>
      rows(db.select().from(accessLog).where(gt(accessLog.id, after)).orderBy(desc(accessLog.id)).limit(limit)),
    )
  }

  async lastId(): Promise<number> {
    const newest = await this.#engine.read(({ db, tables: { accessLog } }) =>
      row(db.select({ id: accessLog.id }).from(accessLog).orderBy(desc(accessLog.id)).limit(1)),
    )
    return newest?.id ?? 0
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

/** Both dialects keep whole numbers. */
function whole<T extends Pick<AccessRecord, "at" | "durationMs">>(entry: T): T {
  return { ...entry, at: Math.round(entry.at), durationMs: Math.round(entry.durationMs) }
}
