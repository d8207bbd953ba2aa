import type { Measured } from "./measure.ts"

/** What a copy asked of one end, and what moved there. */
export interface EndCount {
  readonly requests: number
  readonly bytes: number
}

/** All runs of one peer on one workload. */
export interface Result {
  readonly workload: string
  readonly title: string
  readonly peer: string
  readonly version: string
  readonly runs: readonly Measured[]
  readonly source?: EndCount
  readonly target?: EndCount
  /** What went wrong, undefined when the image arrived whole each time. */
  readonly failure?: string
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
