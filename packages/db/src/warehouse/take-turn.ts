import type { Context, Work } from "../engine/engine.ts"
import { waitTurn } from "../engine/wait-turn.ts"

/**
 * The right to change what hangs together in the warehouse, for the length of a transaction: in PostgreSQL these changes follow each other as they do
 * in SQLite, so that what was looked up still holds when it is acted upon. What concerns one row alone needs no turn.
 */
export function takeTurn(context: Context): Work<void> {
  return waitTurn(context, "warehouse")
}
