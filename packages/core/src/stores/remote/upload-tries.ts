import { setTimeout as delay } from "node:timers/promises"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"

export interface TrySettings {
  /** First wait between tries without progress, in milliseconds; doubled each time, up to a minute, with full jitter. Default 500. */
  readonly backoffMs: number
  readonly random: () => number
  /** Longest time that a registry may ask to wait, in milliseconds. Default 15 minutes. */
  readonly maxWaitMs: number
}

/** Confirmed bytes after which the counting starts anew (RELIABILITY section 2). */
export const progressBytes = 1024 * 1024

const mostTries = 6
const mostSessions = 3
const mostBackoffMs = 60_000

/** Counts what one upload tried without getting on. */
export class UploadTries {
  readonly #settings: TrySettings
  #tries = 0
  #sessions = 0
  #confirmed = 0

  constructor(settings: TrySettings) {
    this.#settings = settings
  }

  /** Tries since the last progress. */
  get count(): number {
    return this.#tries
  }

  /** The registry has so many bytes. Only what it never had before is progress, or a session that is lost each time would go on for ever. */
  confirm(offset: number): void {
    if (offset < this.#confirmed + progressBytes) return
    this.#confirmed = offset
    this.#tries = 0
    this.#sessions = 0
  }

  /** Waits before the next try; the first follows at once. @throws `error` after the last. */
  async next(error: unknown, signal: AbortSignal | undefined): Promise<void> {
    // what the layers below have tried already is not multiplied
    this.#tries += (isTransferError(error) ? error.attempts : undefined) ?? 1
    const asked = isTransferError(error) ? (error.retryAfterMs ?? 0) : 0
    if (this.#tries >= mostTries || asked > this.#settings.maxWaitMs) throw this.#last(error)
    const ceiling = this.#tries === 1 ? 0 : Math.min(mostBackoffMs, this.#settings.backoffMs * 2 ** (this.#tries - 2))
    const ms = Math.max(asked, ceiling * this.#settings.random())
    if (ms > 0) await delay(ms, undefined, { signal })
  }

  /** A session was lost and another is to begin. @throws `error` after the third in a row. */
  nextSession(error: unknown): void {
    this.#sessions += 1
    if (this.#sessions > mostSessions) throw this.#last(error)
  }

  #last(error: unknown): unknown {
    if (!isTransferError(error)) return error
    return new TransferError(error.code, error.message, { ...error, cause: error.cause, attempts: this.#tries })
  }
}
