import { latelyUsed } from "../lately-used.ts"
import type { TurnedAway } from "./turned-away.ts"

/** Longest that anything is believed not to be there (fault 42). */
const longestMs = 30_000
const most = 10_000

interface Absence {
  readonly until: number
  /** What to answer; undefined for a plain 404. */
  readonly error: TurnedAway | undefined
}

/** What upstreams lately said is not there, so that they are not asked for it all the time. */
export class Absences {
  readonly #kept = latelyUsed<string, Absence>(most)
  readonly #now: () => number
  readonly #lifetimeMs: number

  /** @param lifetimeMs at most 30,000. */
  constructor(now: () => number, lifetimeMs: number = longestMs) {
    this.#now = now
    this.#lifetimeMs = Math.min(lifetimeMs, longestMs)
  }

  note(key: string, error?: TurnedAway): void {
    this.#kept.set(key, { until: this.#now() + this.#lifetimeMs, error })
  }

  forget(key: string): void {
    this.#kept.delete(key)
  }

  /** True where it is known not to be there. @throws TurnedAway where that was the answer. */
  has(key: string): boolean {
    const absence = this.#kept.get(key)
    if (absence === undefined) return false
    if (this.#now() >= absence.until) {
      this.#kept.delete(key)
      return false
    }
    if (absence.error !== undefined) throw absence.error
    return true
  }
}
