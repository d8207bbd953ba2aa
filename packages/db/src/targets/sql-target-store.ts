import { and, asc, eq } from "drizzle-orm"
import { type Engine, row, rows } from "../engine/engine.ts"
import type { NewTarget, Target, TargetStore } from "./target-store.ts"

/** Targets over either dialect. */
export class SqlTargetStore implements TargetStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create(target: NewTarget, at: number): Promise<Target> {
    const created = await this.#engine.write(({ db, tables: { targets } }) =>
      row(
        db
          .insert(targets)
          .values({ ...columnsOf(target), version: 1, createdAt: at, updatedAt: at })
          .returning(),
      ),
    )
    if (!created) throw new Error("the target was not stored")
    return created
  }

  get(id: number): Promise<Target | undefined> {
    return this.#engine.read(({ db, tables: { targets } }) => row(db.select().from(targets).where(eq(targets.id, id))))
  }

  list(): Promise<readonly Target[]> {
    return this.#engine.read(({ db, tables: { targets } }) => rows(db.select().from(targets).orderBy(asc(targets.id))))
  }

  update(id: number, version: number, changes: Partial<NewTarget>, at: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { targets } }) {
      const before = yield* row(
        db
          .select()
          .from(targets)
          .where(and(eq(targets.id, id), eq(targets.version, version))),
      )
      if (!before) return false
      const changed = yield* rows(
        db
          .update(targets)
          .set({ ...columnsOf({ ...before, ...changes }), version: version + 1, updatedAt: at })
          .where(and(eq(targets.id, id), eq(targets.version, version)))
          .returning({ id: targets.id }),
      )
      return changed.length > 0
    })
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { targets } }) {
      const removed = yield* rows(db.delete(targets).where(eq(targets.id, id)).returning({ id: targets.id }))
      return removed.length > 0
    })
  }
}

function columnsOf(target: NewTarget): NewTarget {
  const { ownerId, shared, name, host, project, naming, plainHttp, tlsVerify, ca, username, sealed } = target
  return { ownerId, shared, name, host, project, naming, plainHttp, tlsVerify, ca, username, sealed }
}
