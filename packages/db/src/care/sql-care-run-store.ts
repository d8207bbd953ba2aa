import { desc, eq, lte } from "drizzle-orm"
import { type Engine, row, rows, run } from "../engine/engine.ts"
import type { CareRun, CareRunStore } from "./care-run-store.ts"

/** Looks after the warehouse over either dialect. */
export class SqlCareRunStore implements CareRunStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async begin({ kind, by }: Pick<CareRun, "kind" | "by">, at: number): Promise<number> {
    const begun = await this.#engine.write(({ db, tables: { careRuns } }) =>
      row(db.insert(careRuns).values({ kind, by, startedAt: at, findings: "{}" }).returning({ id: careRuns.id })),
    )
    if (!begun) throw new Error("the run was not stored")
    return begun.id
  }

  async note(id: number, changes: Partial<Pick<CareRun, "findings" | "error" | "endedAt">>): Promise<void> {
    if (Object.keys(changes).length === 0) return
    await this.#engine.write(({ db, tables: { careRuns } }) => run(db.update(careRuns).set(changes).where(eq(careRuns.id, id))))
  }

  async list(limit: number): Promise<readonly CareRun[]> {
    const found = await this.#engine.read(({ db, tables: { careRuns } }) =>
      rows(db.select().from(careRuns).orderBy(desc(careRuns.id)).limit(limit)),
    )
    return found.map((each) => ({ ...each, kind: each.kind as CareRun["kind"] }))
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { careRuns } }) {
      const removed = yield* rows(db.delete(careRuns).where(eq(careRuns.id, id)).returning({ id: careRuns.id }))
      return removed.length > 0
    })
  }

  prune(keep: number): Promise<void> {
    return this.#engine.write(function* ({ db, tables: { careRuns } }) {
      const { id } = careRuns
      const newestGone = yield* row(db.select({ id }).from(careRuns).orderBy(desc(id)).limit(1).offset(keep))
      if (newestGone) yield* run(db.delete(careRuns).where(lte(id, newestGone.id)))
    })
  }
}
