import { SerialQueue } from "@entrepot/core"
import type { Log } from "../runtime/runtime.ts"

interface SavedStateOptions<T> {
  /** For the log: `the upstreams`. */
  readonly what: string
  /** What is saved now, as plain data. @throws when the database does not answer. */
  readonly read: () => Promise<T>
  /** Brings it into force. Called only when it is not what it was. */
  readonly apply: (saved: T) => void
  readonly log: Log
}

/** How often it is looked whether another process has saved anything. */
const pollMs = 2000

/**
 * Keeps what is in force in this process equal to what the database holds: its own changes at once, those of other processes by asking. While the
 * database is away, what was read last holds.
 */
export class SavedState<T> {
  readonly #options: SavedStateOptions<T>
  readonly #turns = new SerialQueue()
  /** What was read last, to see whether anything has changed. */
  #text: string | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  #isLost = false

  constructor(options: SavedStateOptions<T>) {
    this.#options = options
  }

  /** Brings into force what is saved now. @throws when the database does not answer. */
  refresh(): Promise<void> {
    return this.inTurn(async () => this.take(await this.#options.read()))
  }

  /** One after the other: what was read earlier is never taken after what was read later. */
  inTurn<R>(work: () => Promise<R>): Promise<R> {
    return this.#turns.run(work)
  }

  /** Brings into force what was read, or saved, in this turn. */
  take(saved: T): void {
    const text = JSON.stringify(saved)
    if (text === this.#text) return
    this.#text = text
    this.#options.apply(saved)
  }

  /** From now on takes over what other processes save, until it is stopped. */
  watch(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.refresh()
        .then(
          () => {
            this.#isLost = false
          },
          (error: unknown) => this.#lose(error),
        )
        .finally(() => this.watch())
    }, pollMs)
  }

  /** Resolves when nothing is being read or saved any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.inTurn(async () => undefined)
  }

  /** Said once, however long the database is away. */
  #lose(error: unknown): void {
    const { log, what } = this.#options
    if (!this.#isLost) log.warn({ error: String(error) }, `${what} could not be looked up`)
    this.#isLost = true
  }
}
