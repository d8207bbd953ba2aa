import { setTimeout as delay } from "node:timers/promises"
import type { AccessLogOptions } from "./create-access-log.ts"

interface PruneOptions extends Pick<AccessLogOptions, "store" | "log" | "pruneMs"> {
  readonly now: () => number
  readonly keepDays: number
}

const dayMs = 86_400_000

/** Few enough that no other write waits long. */
const prunedAtOnce = 1_000

/** Removes what is older than `keepDays`, now and every `pruneMs`, a little at a time. Resolves after `ending` is aborted. */
export async function pruneAccessLog(options: PruneOptions, ending: AbortSignal): Promise<void> {
  const { store, log, now, keepDays, pruneMs = 3_600_000 } = options
  const pause = (ms: number) => delay(ms, undefined, { signal: ending, ref: false }).catch(() => undefined)
  while (!ending.aborted) {
    try {
      let removed: number
      do {
        removed = await store.prune(now() - keepDays * dayMs, prunedAtOnce)
        await pause(removed === prunedAtOnce ? 20 : 0)
      } while (removed === prunedAtOnce && !ending.aborted)
    } catch (error) {
      log.warn({ error }, "old entries of the access log could not be removed; it is tried again")
    }
    await pause(pruneMs)
  }
}
