import { postgres as postgres1 } from "./0001-first/postgres.ts"
import { sqlite as sqlite1 } from "./0001-first/sqlite.ts"
import { postgres as postgres2 } from "./0002-statistics/postgres.ts"
import { sqlite as sqlite2 } from "./0002-statistics/sqlite.ts"
import { postgres as postgres3 } from "./0003-registry/postgres.ts"
import { sqlite as sqlite3 } from "./0003-registry/sqlite.ts"
import { postgres as postgres4 } from "./0004-administration/postgres.ts"
import { sqlite as sqlite4 } from "./0004-administration/sqlite.ts"

/** A step from one schema to the next; never changed once it was released. */
export interface Migration {
  readonly number: number
  readonly name: string
  /** Statements of each dialect, run in one transaction. */
  readonly sqlite: readonly string[]
  readonly postgres: readonly string[]
}

/** In their order, numbered from 1 without gaps. What was once released is never changed, only followed by another. */
export const migrations: readonly Migration[] = [
  { number: 1, name: "first", sqlite: sqlite1, postgres: postgres1 },
  { number: 2, name: "statistics", sqlite: sqlite2, postgres: postgres2 },
  { number: 3, name: "registry", sqlite: sqlite3, postgres: postgres3 },
  { number: 4, name: "administration", sqlite: sqlite4, postgres: postgres4 },
]
