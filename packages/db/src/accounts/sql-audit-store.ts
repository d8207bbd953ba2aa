import { desc, lt } from "drizzle-orm"
import { type Engine, rows, run } from "../engine/engine.ts"
import type { AuditEntry } from "./account.ts"
import type { AuditStore } from "./account-stores.ts"

/** The audit log over either dialect. */
export class SqlAuditStore implements AuditStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  append(entry: Omit<AuditEntry, "id">): Promise<void> {
    const { at, actorId, actorName, action, subject, outcome, address } = entry
    return this.#engine.write(({ db, tables: { auditLog } }) =>
      run(db.insert(auditLog).values({ at, actorId, actorName, action, subject, outcome, address })),
    )
  }

  async list(query: { readonly before?: number; readonly limit: number }): Promise<readonly AuditEntry[]> {
    const found = await this.#engine.read(({ db, tables: { auditLog } }) =>
      rows(
        db
          .select()
          .from(auditLog)
          .where(query.before === undefined ? undefined : lt(auditLog.id, query.before))
          .orderBy(desc(auditLog.id))
          .limit(query.limit),
      ),
    )
    return found.map((entry) => ({ ...entry, outcome: entry.outcome as AuditEntry["outcome"] }))
  }
}
