/** Bytes that had arrived at a time; enough of them to tell the speed of the last few seconds. Plain data. */
export type Samples = readonly Sample[]

interface Sample {
  /** Milliseconds. */
  readonly at: number
  readonly bytes: number
}

const windowMs = 6_000
const spacingMs = 200

/** Adds what has arrived by now, and forgets what is older than the window. Bytes that went back begin a new measurement. */
export function addSample(samples: Samples, at: number, bytes: number): Samples {
  const last = samples.at(-1)
  if (last === undefined || bytes < last.bytes) return [{ at, bytes }]
  const recent = samples.filter((sample, i) => at - sample.at <= windowMs || i === samples.length - 1)
  const beforeLast = recent.at(-2)
  const replaced = beforeLast !== undefined && last.at - beforeLast.at < spacingMs ? recent.slice(0, -1) : recent
  return [...replaced, { at, bytes }]
}

/** Bytes a second over the window that ends now; falls by itself while nothing arrives. Undefined before there is enough to tell. */
export function bytesPerSecond(samples: Samples, now: number): number | undefined {
  const first = samples.find((sample) => now - sample.at <= windowMs) ?? samples.at(-1)
  const last = samples.at(-1)
  if (first === undefined || last === undefined) return undefined
  const elapsed = now - first.at
  return elapsed < 500 ? undefined : ((last.bytes - first.bytes) * 1000) / elapsed
}
