import { isCancellation } from "../../errors/transfer-error.ts"
import { connectionNeverOpened } from "./connection-errors.ts"
import { unlessAborted } from "./unless-aborted.ts"

/** Connections in a row that must fail before a host counts as down. */
const threshold = 5

/**
 * Keeps requests from storming a host that is down: one of them knocks, the others wait for how that ends and share it. Each still counts
 * its own tries over its own waits, so nothing fails sooner than without this.
 */
export class Circuit {
  #failures = 0
  #probe: Promise<unknown> | undefined

  /** Runs `work` once, or fails with what the one that knocked met. @throws what `work` throws; TransferError `cancelled`. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    while (this.#failures >= threshold && this.#probe) {
      try {
        await unlessAborted(this.#probe, signal)
      } catch (error) {
        if (signal?.aborted || !isCancellation(error)) throw error
      }
    }
    const attempt = this.#attempt(work)
    if (this.#failures < threshold) return attempt
    this.#probe = attempt
    try {
      return await attempt
    } finally {
      this.#probe = undefined
    }
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      this.#failures = 0
      return result
    } catch (error) {
      if (connectionNeverOpened(error)) this.#failures += 1
      // A probe that ends in any other way has reached the host.
      else if (!isCancellation(error)) this.#failures = 0
      throw error
    }
  }
}
