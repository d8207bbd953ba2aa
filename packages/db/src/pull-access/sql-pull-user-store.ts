import { and, asc, eq } from "drizzle-orm"
import { NameTaken } from "../accounts/account-stores.ts"
import { type Engine, row, rows, run } from "../engine/engine.ts"
import type { PullUser, PullUserStore } from "./pull-access-stores.ts"

/** Pull users over either dialect. */
export class SqlPullUserStore implements PullUserStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create({ name, passwordHash }: Pick<PullUser, "name" | "passwordHash">, at: number): Promise<PullUser> {
    const created = await this.#engine.write(({ db, tables: { pullUsers } }) =>
      row(
        db
          .insert(pullUsers)
          .values({ name, passwordHash, disabled: false, createdAt: at, updatedAt: at })
          .onConflictDoNothing()
          .returning(),
      ),
    )
    if (!created) throw new NameTaken(`there is a pull user "${name}" already`)
    return created
  }

  get(id: number): Promise<PullUser | undefined> {
    return this.#engine.read(({ db, tables: { pullUsers } }) => row(db.select().from(pullUsers).where(eq(pullUsers.id, id))))
  }

  byName(name: string): Promise<PullUser | undefined> {
    return this.#engine.read(({ db, tables: { pullUsers } }) => row(db.select().from(pullUsers).where(eq(pullUsers.name, name))))
  }

  list(): Promise<readonly PullUser[]> {
    return this.#engine.read(({ db, tables: { pullUsers } }) => rows(db.select().from(pullUsers).orderBy(asc(pullUsers.id))))
  }

  update(id: number, changes: { readonly passwordHash?: string; readonly disabled?: boolean }, at: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { pullUsers } }) {
      const before = yield* row(db.select().from(pullUsers).where(eq(pullUsers.id, id)))
      if (!before) return false
      const passwordHash = changes.passwordHash ?? before.passwordHash
      const disabled = changes.disabled ?? before.disabled
      yield* run(db.update(pullUsers).set({ passwordHash, disabled, updatedAt: at }).where(eq(pullUsers.id, id)))
      return true
    })
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { pullUsers, projectMembers } }) {
      const removed = yield* rows(db.delete(pullUsers).where(eq(pullUsers.id, id)).returning({ id: pullUsers.id }))
      yield* run(db.delete(projectMembers).where(and(eq(projectMembers.kind, "pull-user"), eq(projectMembers.memberId, id))))
      return removed.length > 0
    })
  }
}
