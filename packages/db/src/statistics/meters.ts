import type { Visibility } from "../jobs/job-store.ts"
import type { Tally } from "./statistics-store.ts"

/** What a meter counts, in the order of its columns. */
export const tallyNames = [
  "succeeded",
  "unchanged",
  "failed",
  "cancelled",
  "bytesSent",
  "bytesSkipped",
  "copyMs",
  "copyBytes",
] as const satisfies readonly (keyof Tally)[]

/** Owner of the meters that count what all owners did. Users have numbers from 1 on. */
export const everyone = 0

/** Whose meters answer somebody. */
export function ownerOf(visibility: Visibility): number {
  return visibility === "all" ? everyone : visibility.ownerId
}

/** Before anything was counted. */
export const nothing: Tally = tallyOf(() => 0)

/** A tally of these numbers. */
export function tallyOf(number: (name: keyof Tally) => number): Tally {
  return Object.fromEntries(tallyNames.map((name) => [name, number(name)])) as Record<keyof Tally, number>
}
