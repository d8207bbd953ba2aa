import { asc, eq } from "drizzle-orm"
import { NameTaken } from "../accounts/account-stores.ts"
import { type Engine, row, rows } from "../engine/engine.ts"
import type { Project, ProjectStore } from "./project-store.ts"

/** Projects over either dialect. */
export class SqlProjectStore implements ProjectStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create(project: Omit<Project, "id" | "createdAt">, at: number): Promise<Project> {
    const { name, ownerId, targetId, path } = project
    const created = await this.#engine.write(({ db, tables: { projects } }) =>
      row(db.insert(projects).values({ name, ownerId, targetId, path, createdAt: at }).onConflictDoNothing().returning()),
    )
    if (!created) throw new NameTaken(`there is a project "${name}" already`)
    return created
  }

  get(id: number): Promise<Project | undefined> {
    return this.#engine.read(({ db, tables: { projects } }) => row(db.select().from(projects).where(eq(projects.id, id))))
  }

  byName(name: string): Promise<Project | undefined> {
    return this.#engine.read(({ db, tables: { projects } }) => row(db.select().from(projects).where(eq(projects.name, name))))
  }

  list(): Promise<readonly Project[]> {
    return this.#engine.read(({ db, tables: { projects } }) => rows(db.select().from(projects).orderBy(asc(projects.id))))
  }

  update(id: number, changes: { readonly targetId?: number | null; readonly path?: string }): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { projects } }) {
      const before = yield* row(db.select().from(projects).where(eq(projects.id, id)))
      if (!before) return false
      const targetId = changes.targetId === undefined ? before.targetId : changes.targetId
      const changed = yield* rows(
        db
          .update(projects)
          .set({ targetId, path: changes.path ?? before.path })
          .where(eq(projects.id, id))
          .returning({ id: projects.id }),
      )
      return changed.length > 0
    })
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { projects } }) {
      const removed = yield* rows(db.delete(projects).where(eq(projects.id, id)).returning({ id: projects.id }))
      return removed.length > 0
    })
  }
}
