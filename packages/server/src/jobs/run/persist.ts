import { setTimeout as delay } from "node:timers/promises"
import type { Log } from "../../runtime/runtime.ts"

const firstPauseMs = 50
const longestPauseMs = 5000

/**
 * Tries a write until the database takes it: a busy or absent database must not make a job's end be forgotten. Undefined once `isOver` says that
 * trying has no use any more.
 */
export async function persist<Result>(
  write: () => Promise<Result>,
  isOver: () => boolean,
  log: Log,
): Promise<Result | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      log.warn({ error: String(error), attempt }, "the database did not take a write")
      if (isOver()) return undefined
      await delay(Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 10)))
    }
  }
}
