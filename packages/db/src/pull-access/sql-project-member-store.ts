import { and, asc, eq } from "drizzle-orm"
import { type Context, type Engine, row, rows, run, type Work } from "../engine/engine.ts"
import type { ProjectMember, ProjectMemberStore } from "./pull-access-stores.ts"

/** Members of projects over either dialect. */
export class SqlProjectMemberStore implements ProjectMemberStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  put({ projectId, kind, memberId, role }: ProjectMember): Promise<boolean> {
    return this.#engine.write(function* (context) {
      const { db, tables } = context
      const { projects, projectMembers } = tables
      const project = yield* row(db.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)))
      if (!project || !(yield* exists(context, kind, memberId))) return false
      const { projectId: inProject, kind: ofKind, memberId: ofMember } = projectMembers
      yield* run(
        db
          .insert(projectMembers)
          .values({ projectId, kind, memberId, role })
          .onConflictDoUpdate({ target: [inProject, ofKind, ofMember], set: { role } }),
      )
      return true
    })
  }

  async list(projectId?: number): Promise<readonly ProjectMember[]> {
    const found = await this.#engine.read(({ db, tables: { projectMembers } }) =>
      rows(
        db
          .select()
          .from(projectMembers)
          .where(projectId === undefined ? undefined : eq(projectMembers.projectId, projectId))
          .orderBy(asc(projectMembers.projectId), asc(projectMembers.kind), asc(projectMembers.memberId)),
      ),
    )
    return found.map(({ kind, role, ...rest }) => ({
      ...rest,
      kind: kind as ProjectMember["kind"],
      role: role as ProjectMember["role"],
    }))
  }

  remove(projectId: number, kind: ProjectMember["kind"], memberId: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { projectMembers } }) {
      const own = and(
        eq(projectMembers.projectId, projectId),
        eq(projectMembers.kind, kind),
        eq(projectMembers.memberId, memberId),
      )
      const removed = yield* rows(db.delete(projectMembers).where(own).returning({ id: projectMembers.memberId }))
      return removed.length > 0
    })
  }
}

function* exists({ db, tables }: Context, kind: ProjectMember["kind"], id: number): Work<boolean> {
  const people = kind === "pull-user" ? tables.pullUsers : tables.webUsers
  const person = yield* row(db.select({ id: people.id }).from(people).where(eq(people.id, id)))
  return person !== undefined
}
