import { setTimeout as delay } from "node:timers/promises"
import type { AccessLogStore } from "@entrepot/db/stores"
import type { AccessEntry, AccessLog } from "./access-entry.ts"
import { AccessQueue } from "./access-queue.ts"
import { pruneAccessLog } from "./prune-access-log.ts"

/** What the access log tells of itself. */
export interface AccessLogReporter {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}

export interface AccessLogOptions {
  readonly store: Pick<AccessLogStore, "append" | "prune">
  readonly log: AccessLogReporter
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
  /** Entries are forgotten after so many days; undefined keeps them. */
  readonly keepDays?: number | undefined
  /** How long an entry may wait to be written. Default 250 ms. */
  readonly flushMs?: number
  /** Most entries of one write. Default 500. */
  readonly batchSize?: number
  /** Entries that may wait; what comes beyond is dropped. Default 50,000. */
  readonly queueSize?: number
  /** Between two tries to write the same entries. Default 1 s. */
  readonly retryMs?: number
  /** Between two reports of what was dropped. Default a minute. */
  readonly reportMs?: number
  /** Between two looks for what is too old. Default an hour. */
  readonly pruneMs?: number
  /** What the entries that wait are given when the log is closed. Default 5 s. */
  readonly closeMs?: number
}

/** An access log that can be asked to write now what waits. */
export interface WrittenAccessLog extends AccessLog {
  /** Resolves when everything that was added before is written, or was dropped. */
  flush(): Promise<void>
}

/**
 * The access log over its store: entries are written in batches, in their order, beside the requests. A database that does not answer is tried again;
 * while it lasts, entries wait as far as there is room.
 */
export function createAccessLog(options: AccessLogOptions): WrittenAccessLog {
  const { log, now = Date.now, keepDays, reportMs = 60_000, closeMs = 5_000 } = options
  const ending = new AbortController()
  const queue = new AccessQueue(options, ending.signal)
  let told = 0

  function report(): void {
    const lost = queue.dropped - told
    if (lost === 0) return
    told = queue.dropped
    log.warn({ dropped: lost, inAll: told }, "requests are missing from the access log: the database does not keep up")
  }

  const reports = setInterval(report, reportMs)
  reports.unref()
  const pruning = keepDays === undefined ? undefined : pruneAccessLog({ ...options, keepDays, now }, ending.signal)

  async function close(): Promise<void> {
    clearInterval(reports)
    const over = new AbortController()
    await Promise.race([queue.flush(), delay(closeMs, undefined, { signal: over.signal }).catch(() => undefined)])
    over.abort()
    ending.abort()
    queue.dropRest()
    await pruning
    report()
  }

  let closed: Promise<void> | undefined
  return {
    add: (entry: AccessEntry) => queue.add(entry),
    get dropped() {
      return queue.dropped
    },
    flush: () => queue.flush(),
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
