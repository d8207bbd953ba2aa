import { RecentMap } from "./recent-map.ts"

const everyMs = 60_000

/** Says when a time of last use is to be written: at most once a minute, however many requests come with one credential at once. */
export class Touches {
  readonly #written = new RecentMap<string, number>(10_000)

  /** Whether to write `now` in place of `storedAt`. Who is told so does it: nobody else will. */
  isDue(id: string, storedAt: number | null, now: number): boolean {
    if (now - Math.max(storedAt ?? 0, this.#written.get(id) ?? 0) < everyMs) return false
    this.#written.set(id, now)
    return true
  }
}
