import { asc, eq } from "drizzle-orm"
import { type Engine, row, rows, run } from "../engine/engine.ts"
import type { ApiKey, Scope } from "./account.ts"
import type { ApiKeyStore } from "./account-stores.ts"

/** Keys over either dialect. */
export class SqlApiKeyStore implements ApiKeyStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  create(key: ApiKey): Promise<void> {
    const { id, userId, name, hash, expiresAt, lastUsedAt, createdAt } = key
    const scopes = JSON.stringify(key.scopes)
    return this.#engine.write(({ db, tables: { apiKeys } }) =>
      run(db.insert(apiKeys).values({ id, userId, name, hash, scopes, expiresAt, lastUsedAt, createdAt })),
    )
  }

  async get(id: string): Promise<ApiKey | undefined> {
    const found = await this.#engine.read(({ db, tables: { apiKeys } }) =>
      row(db.select().from(apiKeys).where(eq(apiKeys.id, id))),
    )
    return found && toApiKey(found)
  }

  async listOf(userId: number): Promise<readonly ApiKey[]> {
    const found = await this.#engine.read(({ db, tables: { apiKeys } }) =>
      rows(db.select().from(apiKeys).where(eq(apiKeys.userId, userId)).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))),
    )
    return found.map(toApiKey)
  }

  async list(): Promise<readonly ApiKey[]> {
    const found = await this.#engine.read(({ db, tables: { apiKeys } }) =>
      rows(db.select().from(apiKeys).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))),
    )
    return found.map(toApiKey)
  }

  touch(id: string, at: number): Promise<void> {
    return this.#engine.write(({ db, tables: { apiKeys } }) =>
      run(db.update(apiKeys).set({ lastUsedAt: at }).where(eq(apiKeys.id, id))),
    )
  }

  remove(id: string): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { apiKeys } }) {
      const removed = yield* rows(db.delete(apiKeys).where(eq(apiKeys.id, id)).returning({ id: apiKeys.id }))
      return removed.length > 0
    })
  }
}

function toApiKey(found: Omit<ApiKey, "scopes"> & { readonly scopes: string }): ApiKey {
  return { ...found, scopes: JSON.parse(found.scopes) as Scope[] }
}
