import { and, asc, eq, gt } from "drizzle-orm"
import { type Context, row, rows, run, type Work } from "../engine/engine.ts"
import { forgetContents } from "./remove-manifest.ts"
import { takeTurn } from "./take-turn.ts"
import type { PageQuery, Repository } from "./warehouse-store.ts"

/** WarehouseStore.repository. */
export function findRepository({ db, tables: { repositories } }: Context, name: string): Work<Repository | undefined> {
  return row(db.select().from(repositories).where(eq(repositories.name, name)))
}

/** WarehouseStore.ensureRepository, for one that was not there a moment ago. */
export function* makeRepository(
  context: Context,
  { name, projectId, registry }: Pick<Repository, "name" | "projectId" | "registry">,
  at: number,
): Work<Repository> {
  // A project is removed in turn, too.
  yield* takeTurn(context)
  const { db, tables } = context
  const { repositories } = tables
  const values = { name, projectId, registry, shared: false, createdAt: at, usedAt: at }
  const made = yield* row(db.insert(repositories).values(values).onConflictDoNothing().returning())
  const found = made ?? (yield* findRepository(context, name))
  if (!found) throw new Error("the repository was not stored")
  return found
}

/** WarehouseStore.listRepositories. */
export function listRepositories(
  { db, tables: { repositories } }: Context,
  query: PageQuery & { readonly projectId?: number | undefined; readonly registry?: string | undefined },
): Work<readonly Repository[]> {
  const { after, limit, projectId, registry } = query
  const where = and(
    after === undefined ? undefined : gt(repositories.name, after),
    projectId === undefined ? undefined : eq(repositories.projectId, projectId),
    registry === undefined ? undefined : eq(repositories.registry, registry),
  )
  return rows(db.select().from(repositories).where(where).orderBy(asc(repositories.name)).limit(limit))
}

/** WarehouseStore.removeRepository. */
export function* removeRepository(context: Context, id: number): Work<boolean> {
  yield* takeTurn(context)
  const { db, tables } = context
  const { repositories, manifests } = tables
  const held = yield* rows(db.select({ digest: manifests.digest }).from(manifests).where(eq(manifests.repositoryId, id)))
  const removed = yield* rows(db.delete(repositories).where(eq(repositories.id, id)).returning({ id: repositories.id }))
  yield* forgetContents(
    context,
    held.map(({ digest }) => digest),
  )
  return removed.length > 0
}

/** WarehouseStore.setShared. */
export function setShared({ db, tables: { repositories } }: Context, id: number, shared: boolean): Work<void> {
  return run(db.update(repositories).set({ shared }).where(eq(repositories.id, id)))
}
