import { setTimeout as sleep } from "node:timers/promises"
import Sqlite from "better-sqlite3"
import { drizzle } from "drizzle-orm/better-sqlite3"
import { sqliteTables } from "../schema/sqlite-tables.ts"
import { ChangeListeners } from "./change-listeners.ts"
import { DatabaseUnavailable } from "./database-unavailable.ts"
import type { Context, Engine, Queries, Step, Work, WriteOptions } from "./engine.ts"
import { SqliteInserts } from "./sqlite-inserts.ts"
import { SqliteStatements } from "./sqlite-statements.ts"
import { sqliteTextSearch } from "./text-search.ts"

interface SqliteEngineOptions {
  readonly path: string
  /** How long a file that another process writes to is waited for, before `SQLITE_BUSY` is thrown. */
  readonly patienceMs: number
  /** How often is looked for what other processes wrote. */
  readonly pollMs: number
}

/** SQLite sleeps within the call, and nothing else runs then: it may do so for as long as a write usually takes. */
const busyTimeoutMs = 40

/**
 * One connection to a file in WAL mode, where each commit is on disk before it is told (`synchronous=FULL`, fault 35). Transactions that write say so
 * when they begin, so that none is refused half-way, and wait for others without holding up the process (fault 36).
 */
export class SqliteEngine implements Engine {
  readonly dialect = "sqlite"
  readonly #client: Sqlite.Database
  readonly #db: Queries
  readonly #inserts: SqliteInserts
  readonly #options: SqliteEngineOptions
  readonly #listeners: ChangeListeners
  #queue: Promise<unknown> = Promise.resolve()
  #poll: NodeJS.Timeout | undefined
  #seenVersion = 0

  private constructor(client: Sqlite.Database, options: SqliteEngineOptions) {
    this.#client = client
    this.#options = options
    const statements = new SqliteStatements(client)
    this.#db = drizzle({ client: statements as unknown as Sqlite.Database })
    this.#inserts = new SqliteInserts(this.#db, statements)
    this.#listeners = new ChangeListeners(
      () => this.#startPolling(),
      () => clearInterval(this.#poll),
    )
  }

  /** @throws when the file cannot be opened, or is no database. */
  static async open(options: SqliteEngineOptions): Promise<SqliteEngine> {
    const client = new Sqlite(options.path, { timeout: busyTimeoutMs })
    try {
      await patiently(options.patienceMs, () => client.pragma("journal_mode = WAL"))
      client.pragma("synchronous = FULL")
      client.pragma("foreign_keys = ON")
      client.pragma("cache_size = -32000")
    } catch (error) {
      client.close()
      throw error
    }
    return new SqliteEngine(client, options)
  }

  /** Runs statements as they stand, all in one transaction. For migrations. */
  migrate(work: (client: Sqlite.Database) => void): Promise<void> {
    return this.#inTurn(() => this.#transaction("BEGIN IMMEDIATE", () => work(this.#client)))
  }

  read<T>(work: (context: Context) => Work<T>): Promise<T> {
    const attempt = () => this.#transaction("BEGIN", () => this.#runSteps(work(this.#context(() => {}))))
    return patiently(this.#options.patienceMs, attempt).catch(rethrow)
  }

  async write<T>(work: (context: Context) => Work<T>, { lazily = false }: WriteOptions = {}): Promise<T> {
    let announced = false
    const context = this.#context(() => {
      announced = true
    })
    const result = await this.#inTurn(() => {
      announced = false
      const attempt = () => this.#transaction("BEGIN IMMEDIATE", () => this.#runSteps(work(context)))
      return lazily ? this.#lazily(attempt) : attempt()
    }).catch(rethrow)
    if (announced) this.#listeners.call()
    return result
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  async ping(): Promise<void> {
    // A constant would be answered without looking at the file.
    this.#client.prepare("select value from counters").get()
  }

  async close(): Promise<void> {
    this.#listeners.clear()
    await this.#queue
    if (!this.#client.open) return
    this.#client.pragma("wal_checkpoint(TRUNCATE)")
    this.#client.close()
  }

  #context(announce: () => void): Context {
    return { db: this.#db, tables: sqliteTables, textSearch: sqliteTextSearch, announce }
  }

  /** Writes of this process follow each other in the order in which they were asked for, also where one has to wait. */
  #inTurn<T>(attempt: () => T): Promise<T> {
    const turn = this.#queue.then(() => patiently(this.#options.patienceMs, attempt))
    this.#queue = turn.catch(() => {})
    return turn
  }

  #transaction<T>(begin: string, work: () => T): T {
    this.#client.exec(begin)
    try {
      const result = work()
      this.#client.exec("COMMIT")
      return result
    } catch (error) {
      if (this.#client.inTransaction) this.#client.exec("ROLLBACK")
      throw error
    }
  }

  /** The next commit that does wait for the disk takes with it what these have written. */
  #lazily<T>(work: () => T): T {
    this.#client.pragma("synchronous = NORMAL")
    try {
      return work()
    } finally {
      this.#client.pragma("synchronous = FULL")
    }
  }

  #runSteps<T>(work: Work<T>): T {
    let next = work.next()
    while (!next.done) {
      let answer: unknown
      try {
        answer = this.#runStep(next.value)
      } catch (error) {
        next = work.throw(unwrapped(error))
        continue
      }
      next = work.next(answer)
    }
    return next.value
  }

  #runStep(step: Step): unknown {
    if ("rows" in step) return step.rows.all()
    return "command" in step ? step.command.run() : this.#inserts.insert(step.insert)
  }

  #startPolling(): void {
    this.#seenVersion = this.#dataVersion()
    this.#poll = setInterval(() => {
      const version = this.#dataVersion()
      if (version === this.#seenVersion) return
      this.#seenVersion = version
      this.#listeners.call()
    }, this.#options.pollMs)
    this.#poll.unref()
  }

  /** A number that changes when another connection has committed (sqlite.org/pragma.html#pragma_data_version). */
  #dataVersion(): number {
    try {
      return Number(this.#client.pragma("data_version", { simple: true }))
    } catch {
      // Whoever reads or writes next is told what is wrong with the file; a timer has nobody to tell.
      return this.#seenVersion
    }
  }
}

/** Drizzle puts the driver's error inside one of its own, whose message repeats statement and parameters. */
function unwrapped(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Sqlite.SqliteError ? error.cause : error
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)
}

/** Busy, full, unreadable, gone: the file's or the disk's fault, and nothing of the statement's. */
const withoutFile = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|PROTOCOL|NOMEM)/

function rethrow(error: unknown): never {
  const isFault = error instanceof Sqlite.SqliteError && withoutFile.test(error.code)
  throw isFault ? new DatabaseUnavailable(error.message, { cause: error }) : error
}

async function patiently<T>(patienceMs: number, attempt: () => T): Promise<T> {
  const giveUpAt = performance.now() + patienceMs
  for (let delayMs = 1; ; delayMs = Math.min(delayMs * 2, 100)) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error
    }
    await sleep(delayMs * (0.5 + Math.random() / 2))
  }
}
