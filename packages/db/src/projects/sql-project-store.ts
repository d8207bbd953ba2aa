import { asc, eq } from "drizzle-orm"
import { NameTaken } from "../accounts/account-stores.ts"
import { type Engine, row, rows } from "../engine/engine.ts"
import { takeTurn } from "../warehouse/take-turn.ts"
import { type NewProject, type Project, ProjectNotEmpty, type ProjectStore } from "./project-store.ts"

/** Projects over either dialect. */
export class SqlProjectStore implements ProjectStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create(project: NewProject, at: number): Promise<Project> {
    const { name, ownerId, targetId, path, isPublic = false } = project
    const created = await this.#engine.write(({ db, tables: { projects } }) =>
      row(
        db.insert(projects).values({ name, ownerId, targetId, path, isPublic, createdAt: at }).onConflictDoNothing().returning(),
      ),
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

  update(id: number, changes: Partial<Pick<Project, "targetId" | "path" | "isPublic">>): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { projects } }) {
      const before = yield* row(db.select().from(projects).where(eq(projects.id, id)))
      if (!before) return false
      const targetId = changes.targetId === undefined ? before.targetId : changes.targetId
      const changed = yield* rows(
        db
          .update(projects)
          .set({ targetId, path: changes.path ?? before.path, isPublic: changes.isPublic ?? before.isPublic })
          .where(eq(projects.id, id))
          .returning({ id: projects.id }),
      )
      return changed.length > 0
    })
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* (context) {
      yield* takeTurn(context)
      const { db, tables } = context
      const { projects, repositories } = tables
      const kept = yield* row(
        db.select({ name: repositories.name }).from(repositories).where(eq(repositories.projectId, id)).limit(1),
      )
      if (kept) throw new ProjectNotEmpty(`the project still has repositories, like "${kept.name}"`)
      const removed = yield* rows(db.delete(projects).where(eq(projects.id, id)).returning({ id: projects.id }))
      return removed.length > 0
    })
  }
}
