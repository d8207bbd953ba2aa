import { formatDuration } from "@entrepot/core/progress"

/** How long an answer took: `12 ms`, `1.4 s`, then as jobs are told: `1:05`. */
export function formatElapsed(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 10_000) return `${(milliseconds / 1_000).toFixed(1)} s`
  return formatDuration(milliseconds).replace(/s$/, " s")
}
