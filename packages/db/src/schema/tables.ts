import type { sqliteTables } from "./sqlite-tables.ts"

/** The tables as stores see them, whichever dialect they are of. */
export type Tables = typeof sqliteTables
