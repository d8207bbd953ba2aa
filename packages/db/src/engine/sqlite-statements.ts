import type { Database, Statement } from "better-sqlite3"
import { cleanParameter } from "./clean-parameter.ts"

const most = 300

/** What Drizzle asks of better-sqlite3, with each statement prepared once. */
export class SqliteStatements {
  readonly #client: Database
  readonly #prepared = new Map<string, CachedStatement>()

  constructor(client: Database) {
    this.#client = client
  }

  prepare(text: string): CachedStatement {
    const known = this.#prepared.get(text)
    if (known) {
      this.#prepared.delete(text)
      this.#prepared.set(text, known)
      return known
    }
    const statement = new CachedStatement(this.#client.prepare(text))
    this.#prepared.set(text, statement)
    const [oldest] = this.#prepared.keys()
    if (this.#prepared.size > most && oldest !== undefined) this.#prepared.delete(oldest)
    return statement
  }
}

class CachedStatement {
  readonly #statement: Statement

  constructor(statement: Statement) {
    this.#statement = statement
  }

  run(...parameters: unknown[]) {
    return this.#statement.run(...parameters.map(cleanParameter))
  }

  all(...parameters: unknown[]) {
    return this.#statement.raw(false).all(...parameters.map(cleanParameter))
  }

  get(...parameters: unknown[]) {
    return this.#statement.raw(false).get(...parameters.map(cleanParameter))
  }

  raw() {
    const statement = this.#statement
    return {
      all: (...parameters: unknown[]) => statement.raw(true).all(...parameters.map(cleanParameter)),
      get: (...parameters: unknown[]) => statement.raw(true).get(...parameters.map(cleanParameter)),
    }
  }
}
