import type { Clock } from "../../content/clock.ts"
import { SingleFlight } from "./single-flight.ts"
import type { Token } from "./token.ts"

interface Entry {
  readonly value: string
  readonly refreshAt: number
  readonly expiresAt: number
}

/** Share of its lifetime after which a token is replaced beforehand. */
const refreshAfter = 0.8
/** Entries kept at most: a sync over a whole catalog has a token for each repository. */
const maxEntries = 10_000

/**
 * Tokens by key (host, service, scopes). One fetch at a time for each key. Past 80 % of its lifetime a token is replaced in the
 * background while the old one still serves; age is measured with the monotonic clock.
 */
export class TokenCache {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  readonly #flights = new SingleFlight<string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The token for `key`, fetched where there is none. @throws what `fetch` throws. */
  async get(key: string, signal: AbortSignal | undefined, fetch: (signal: AbortSignal) => Promise<Token>): Promise<string> {
    const entry = this.#entries.get(key)
    const now = this.#clock.now()
    const load = (within: AbortSignal | undefined) => this.#flights.run(key, within, (flight) => this.#load(key, flight, fetch))
    if (!entry || now >= entry.expiresAt) return load(signal)
    if (now >= entry.refreshAt) load(undefined).catch(() => this.#postpone(key, entry))
    return entry.value
  }

  /** Drops a token that the registry has refused, unless it has been replaced since. */
  forget(key: string, refused: string): void {
    if (this.#entries.get(key)?.value === refused) this.#entries.delete(key)
  }

  /** A failure beforehand is nobody's failure yet: it is tried again halfway to the end. */
  #postpone(key: string, entry: Entry): void {
    if (this.#entries.get(key) !== entry) return
    const now = this.#clock.now()
    this.#entries.set(key, { ...entry, refreshAt: now + (entry.expiresAt - now) / 2 })
  }

  async #load(key: string, signal: AbortSignal, fetch: (signal: AbortSignal) => Promise<Token>): Promise<string> {
    const asked = this.#clock.now()
    const token = await fetch(signal)
    if (this.#entries.size >= maxEntries) this.#entries.clear()
    this.#entries.set(key, {
      value: token.value,
      refreshAt: asked + token.lifetimeMs * refreshAfter,
      expiresAt: asked + token.lifetimeMs,
    })
    return token.value
  }
}
