import { and, asc, eq, ne } from "drizzle-orm"
import { NameTaken } from "../accounts/account-stores.ts"
import { type Engine, row, rows, type Work } from "../engine/engine.ts"
import type { Tables } from "../schema/tables.ts"
import type { UpstreamRecord, UpstreamStore } from "./upstream-store.ts"

type NewUpstream = Omit<UpstreamRecord, "id" | "createdAt" | "updatedAt">
type UpstreamRow = Tables["upstreams"]["$inferSelect"]

/** Upstreams over either dialect. */
export class SqlUpstreamStore implements UpstreamStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create(upstream: NewUpstream, at: number): Promise<UpstreamRecord> {
    const values = { ...columnsOf(upstream), createdAt: at, updatedAt: at }
    const created = await this.#engine.write(({ db, tables: { upstreams } }) =>
      row(db.insert(upstreams).values(values).onConflictDoNothing().returning()),
    )
    if (!created) throw taken(upstream.name)
    return toUpstream(created)
  }

  async get(id: number): Promise<UpstreamRecord | undefined> {
    const found = await this.#engine.read(({ db, tables: { upstreams } }) =>
      row(db.select().from(upstreams).where(eq(upstreams.id, id))),
    )
    return found && toUpstream(found)
  }

  async list(): Promise<readonly UpstreamRecord[]> {
    const found = await this.#engine.read(({ db, tables: { upstreams } }) =>
      rows(db.select().from(upstreams).orderBy(asc(upstreams.registry), asc(upstreams.priority), asc(upstreams.id))),
    )
    return found.map(toUpstream)
  }

  async update(id: number, changes: Partial<NewUpstream>, at: number): Promise<UpstreamRecord | undefined> {
    const updated = await this.#engine.write(function* ({ db, tables: { upstreams } }): Work<UpstreamRow | undefined> {
      const before = yield* row(db.select().from(upstreams).where(eq(upstreams.id, id)))
      if (!before) return undefined
      const after = columnsOf({ ...toUpstream(before), ...changes })
      const other = yield* row(
        db
          .select({ id: upstreams.id })
          .from(upstreams)
          .where(and(eq(upstreams.name, after.name), ne(upstreams.id, id))),
      )
      if (other) throw taken(after.name)
      return yield* row(
        db
          .update(upstreams)
          .set({ ...after, updatedAt: at })
          .where(eq(upstreams.id, id))
          .returning(),
      )
    })
    return updated && toUpstream(updated)
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { upstreams } }) {
      const removed = yield* rows(db.delete(upstreams).where(eq(upstreams.id, id)).returning({ id: upstreams.id }))
      return removed.length > 0
    })
  }
}

function columnsOf(upstream: NewUpstream) {
  const { name, registry, url, pathPrefix, priority, enabled, tagLifetimeMs, tlsVerify, ca, username, sealed, version } = upstream
  const virtualHosts = JSON.stringify(upstream.virtualHosts)
  return {
    ...{ name, registry, url, pathPrefix, priority, enabled, virtualHosts },
    ...{ tagLifetimeMs, tlsVerify, ca, username, sealed, version },
  }
}

function toUpstream(found: UpstreamRow): UpstreamRecord {
  return { ...found, virtualHosts: JSON.parse(found.virtualHosts) as string[] }
}

function taken(name: string): NameTaken {
  return new NameTaken(`there is an upstream "${name}" already`)
}
