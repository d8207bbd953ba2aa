import { and, asc, eq } from "drizzle-orm"
import { type Engine, row, rows, run } from "../engine/engine.ts"
import type { ConfigStore } from "./config-store.ts"

/** Settings over either dialect. */
export class SqlConfigStore implements ConfigStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get(key: string): Promise<string | undefined> {
    return this.#engine.read(function* ({ db, tables: { config } }) {
      const found = yield* row(db.select({ value: config.value }).from(config).where(eq(config.key, key)))
      return found?.value
    })
  }

  set(key: string, value: string, at: number): Promise<void> {
    return this.#engine.write(function* ({ db, tables: { config } }) {
      const entry = { value, updatedAt: at }
      yield* run(
        db
          .insert(config)
          .values({ key, ...entry })
          .onConflictDoUpdate({ target: config.key, set: entry }),
      )
    })
  }

  replace(key: string, expected: string | undefined, value: string, at: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { config } }) {
      const changed =
        expected === undefined
          ? yield* rows(
              db.insert(config).values({ key, value, updatedAt: at }).onConflictDoNothing().returning({ key: config.key }),
            )
          : yield* rows(
              db
                .update(config)
                .set({ value, updatedAt: at })
                .where(and(eq(config.key, key), eq(config.value, expected)))
                .returning({ key: config.key }),
            )
      return changed.length > 0
    })
  }

  remove(key: string): Promise<void> {
    return this.#engine.write(function* ({ db, tables: { config } }) {
      yield* run(db.delete(config).where(eq(config.key, key)))
    })
  }

  async entries() {
    const all = await this.#engine.read(({ db, tables: { config } }) => rows(db.select().from(config).orderBy(asc(config.key))))
    return all.map(({ key, value, updatedAt }) => ({ key, value, updatedAt }))
  }
}
