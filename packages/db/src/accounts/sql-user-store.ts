import { and, asc, eq } from "drizzle-orm"
import { type Engine, row, rows, run } from "../engine/engine.ts"
import type { Role, WebUser } from "./account.ts"
import { NameTaken, type UserStore } from "./account-stores.ts"

/** Users over either dialect. */
export class SqlUserStore implements UserStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create(user: Pick<WebUser, "name" | "role" | "passwordHash">, at: number): Promise<WebUser> {
    const { name, role, passwordHash } = user
    const created = await this.#engine.write(({ db, tables: { webUsers } }) =>
      row(
        db
          .insert(webUsers)
          .values({ name, role, passwordHash, disabled: false, createdAt: at, updatedAt: at })
          .onConflictDoNothing()
          .returning(),
      ),
    )
    if (!created) throw new NameTaken(`there is a user "${name}" already`)
    return toUser(created)
  }

  async get(id: number): Promise<WebUser | undefined> {
    const found = await this.#engine.read(({ db, tables: { webUsers } }) =>
      row(db.select().from(webUsers).where(eq(webUsers.id, id))),
    )
    return found && toUser(found)
  }

  async byName(name: string): Promise<WebUser | undefined> {
    const found = await this.#engine.read(({ db, tables: { webUsers } }) =>
      row(db.select().from(webUsers).where(eq(webUsers.name, name))),
    )
    return found && toUser(found)
  }

  async list(): Promise<readonly WebUser[]> {
    const found = await this.#engine.read(({ db, tables: { webUsers } }) =>
      rows(db.select().from(webUsers).orderBy(asc(webUsers.id))),
    )
    return found.map(toUser)
  }

  update(
    id: number,
    changes: { readonly role?: Role; readonly passwordHash?: string | null; readonly disabled?: boolean },
    at: number,
  ): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { webUsers, sessions } }) {
      const before = yield* row(db.select().from(webUsers).where(eq(webUsers.id, id)))
      if (!before) return false
      const after = {
        role: changes.role ?? before.role,
        passwordHash: changes.passwordHash === undefined ? before.passwordHash : changes.passwordHash,
        disabled: changes.disabled ?? before.disabled,
      }
      yield* run(
        db
          .update(webUsers)
          .set({ ...after, updatedAt: at })
          .where(eq(webUsers.id, id)),
      )
      const loses = after.role !== before.role || after.passwordHash !== before.passwordHash || after.disabled !== before.disabled
      if (loses) yield* run(db.delete(sessions).where(eq(sessions.userId, id)))
      return true
    })
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { webUsers, projectMembers } }) {
      const removed = yield* rows(db.delete(webUsers).where(eq(webUsers.id, id)).returning({ id: webUsers.id }))
      yield* run(db.delete(projectMembers).where(and(eq(projectMembers.kind, "web-user"), eq(projectMembers.memberId, id))))
      return removed.length > 0
    })
  }
}

function toUser(found: Omit<WebUser, "role"> & { readonly role: string }): WebUser {
  return { ...found, role: found.role as Role }
}
