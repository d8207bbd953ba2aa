import { eq, lt, or } from "drizzle-orm"
import { type Engine, row, run } from "../engine/engine.ts"
import type { WebSession } from "./account.ts"
import type { SessionStore } from "./account-stores.ts"

/** Sessions over either dialect. */
export class SqlSessionStore implements SessionStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  create(session: WebSession): Promise<void> {
    const { idHash, userId, mustChange, createdAt, seenAt, address } = session
    return this.#engine.write(({ db, tables: { sessions } }) =>
      run(db.insert(sessions).values({ idHash, userId, mustChange, createdAt, seenAt, address })),
    )
  }

  get(idHash: string): Promise<WebSession | undefined> {
    return this.#engine.read(({ db, tables: { sessions } }) => row(db.select().from(sessions).where(eq(sessions.idHash, idHash))))
  }

  touch(idHash: string, at: number): Promise<void> {
    return this.#engine.write(({ db, tables: { sessions } }) =>
      run(db.update(sessions).set({ seenAt: at }).where(eq(sessions.idHash, idHash))),
    )
  }

  end(idHash: string): Promise<void> {
    return this.#engine.write(({ db, tables: { sessions } }) => run(db.delete(sessions).where(eq(sessions.idHash, idHash))))
  }

  endAllOf(userId: number): Promise<void> {
    return this.#engine.write(({ db, tables: { sessions } }) => run(db.delete(sessions).where(eq(sessions.userId, userId))))
  }

  endAll(): Promise<void> {
    return this.#engine.write(({ db, tables: { sessions } }) => run(db.delete(sessions)))
  }

  sweep(seenBefore: number, createdBefore: number): Promise<void> {
    return this.#engine.write(({ db, tables: { sessions } }) =>
      run(db.delete(sessions).where(or(lt(sessions.seenAt, seenBefore), lt(sessions.createdAt, createdBefore)))),
    )
  }
}
