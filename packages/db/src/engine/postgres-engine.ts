import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { drizzle } from "drizzle-orm/node-postgres"
import pg from "pg"
import { postgresTables } from "../schema/postgres-tables.ts"
import type { Tables } from "../schema/tables.ts"
import { ChangeChannel, channel } from "./change-channel.ts"
import { ChangeListeners } from "./change-listeners.ts"
import { cleanParameter } from "./clean-parameter.ts"
import { DatabaseUnavailable } from "./database-unavailable.ts"
import type { Context, Engine, Queries, Step, Work, WriteOptions } from "./engine.ts"
import { driverError, isPassing } from "./postgres-errors.ts"
import { insertOf } from "./postgres-inserts.ts"
import { postgresPlainTextSearch, postgresTextSearch } from "./text-search.ts"

interface PostgresEngineOptions {
  readonly url: string
  /** How long a server that is away is waited for before a call fails. */
  readonly patienceMs: number
  readonly connections: number
}

const connectTimeoutMs = 5_000
/** Any number, the same for every process that migrates. */
const migrationLock = 5_310_172

/**
 * A pool of connections, and one that listens. A transaction that breaks before it was to be committed is begun again once the server is back (fault
 * 37); whether a broken COMMIT took place nobody can tell, so that one is thrown.
 */
export class PostgresEngine implements Engine {
  readonly dialect = "postgres"
  readonly #id = randomUUID()
  readonly #pool: pg.Pool
  readonly #patienceMs: number
  readonly #listeners: ChangeListeners
  readonly #queries = new WeakMap<pg.PoolClient, Queries>()
  #channel: ChangeChannel | undefined
  #textSearch = postgresPlainTextSearch

  constructor({ url, patienceMs, connections }: PostgresEngineOptions) {
    this.#patienceMs = patienceMs
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections,
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs,
    })
    // A connection that breaks while nobody uses it is replaced when it is needed.
    this.#pool.on("error", () => {})
    // While it is lent, the pool leaves a lost connection to its borrower, who is told by the statement that fails. From its first moment on: that it
    // is ready and that it is lost may come in one packet, before the borrower has it.
    this.#pool.on("connect", (client) => client.on("error", () => {}))
    this.#listeners = new ChangeListeners(
      () => {
        this.#channel = new ChangeChannel(url, (sender) => {
          if (sender !== this.#id) this.#listeners.call()
        })
      },
      () => {
        void this.#channel?.stop()
      },
    )
  }

  /** Runs statements as they stand, all in one transaction, while no other process does. For migrations. */
  migrate(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    return this.#transaction("begin", async (client) => {
      await client.query("select pg_advisory_xact_lock($1)", [migrationLock])
      await work(client)
    })
  }

  /** To be called after migrations: looks whether names can be searched by index. */
  async findTextSearch(): Promise<void> {
    const found = await this.#transaction("begin read only", (client) =>
      client.query("select to_regclass('jobs_search_source') is not null as found"),
    )
    if (found.rows[0]?.found) this.#textSearch = postgresTextSearch
  }

  read<T>(work: (context: Context) => Work<T>): Promise<T> {
    const begin = "begin isolation level repeatable read read only"
    return this.#transaction(begin, (client) =>
      runSteps(
        work,
        this.#context(client, () => {}),
      ),
    )
  }

  async write<T>(work: (context: Context) => Work<T>, { lazily = false }: WriteOptions = {}): Promise<T> {
    let announced = false
    const begin = lazily ? "begin; set local synchronous_commit = off" : "begin"
    const result = await this.#transaction(begin, async (client) => {
      announced = false
      const context = this.#context(client, () => {
        announced = true
      })
      const value = await runSteps(work, context)
      if (announced) await client.query("select pg_notify($1, $2)", [channel, this.#id])
      return value
    })
    if (announced) this.#listeners.call()
    return result
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  async ping(): Promise<void> {
    await this.#pool.query("select 1")
  }

  async close(): Promise<void> {
    this.#listeners.clear()
    await this.#channel?.stop()
    await this.#pool.end()
  }

  #context(client: pg.PoolClient, announce: () => void): Context {
    let db = this.#queries.get(client)
    if (!db) {
      const cleaning: Pick<pg.PoolClient, "query"> = {
        query: (config: pg.QueryConfig, parameters: unknown[]) => client.query(config, parameters.map(cleanParameter)),
      } as never
      // The one place where PostgreSQL's builder and tables pass for SQLite's: tables.test.ts shows that they are alike.
      db = drizzle({ client: cleaning as pg.PoolClient }) as unknown as Queries
      this.#queries.set(client, db)
    }
    return { db, tables: postgresTables as unknown as Tables, textSearch: this.#textSearch, announce }
  }

  async #transaction<T>(begin: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const giveUpAt = performance.now() + this.#patienceMs
    for (let delayMs = 10; ; delayMs = Math.min(delayMs * 2, 500)) {
      const outcome = await this.#attempt(begin, work)
      if ("value" in outcome) return outcome.value
      if (!outcome.again || performance.now() > giveUpAt) throw unavailable(outcome.error)
      await sleep(delayMs * (0.5 + Math.random() / 2))
    }
  }

  async #attempt<T>(
    begin: string,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly error: unknown; readonly again: boolean }> {
    let client: pg.PoolClient
    try {
      client = await this.#pool.connect()
    } catch (error) {
      return { error, again: isPassing(error) }
    }
    let value: T
    try {
      await client.query(begin)
      value = await work(client)
    } catch (thrown) {
      const error = driverError(thrown)
      const isClean = await client.query("rollback").then(
        () => true,
        () => false,
      )
      client.release(!isClean)
      return { error, again: isPassing(error) }
    }
    try {
      await client.query("commit")
    } catch (error) {
      client.release(true)
      return { error, again: error instanceof pg.DatabaseError && isPassing(error) && error.code?.startsWith("40") === true }
    }
    client.release(false)
    return { value }
  }
}

/** Out of disk, memory or connections (class 53) counts like a server that is away. */
function unavailable(error: unknown): unknown {
  const isOutOfRoom = error instanceof pg.DatabaseError && error.code?.startsWith("53") === true
  if (!(error instanceof Error) || !(isOutOfRoom || isPassing(error))) return error
  const { code } = error as { readonly code?: unknown }
  // Where several addresses were tried in vain there is a code and no message.
  return new DatabaseUnavailable(error.message || String(code), { cause: error })
}

async function runSteps<T>(begun: (context: Context) => Work<T>, context: Context): Promise<T> {
  const work = begun(context)
  let next = work.next()
  while (!next.done) {
    let answer: unknown
    try {
      answer = await runStep(context, next.value)
    } catch (error) {
      next = work.throw(driverError(error))
      continue
    }
    next = work.next(answer)
  }
  return next.value
}

/** PostgreSQL's builders are promises of their rows. */
async function runStep({ db }: Context, step: Step): Promise<unknown> {
  if ("rows" in step) return await step.rows
  return await ("command" in step ? step.command : insertOf(db, step.insert))
}
