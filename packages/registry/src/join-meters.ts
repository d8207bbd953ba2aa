import type { RegistryMeter } from "./registry-meter.ts"

/** One meter that tells several, each what it wants to know; undefined where there is none of them: then nothing is counted at all. */
export function joinMeters(meters: readonly Partial<RegistryMeter>[]): RegistryMeter | undefined {
  if (meters.length === 0) return undefined
  return {
    request(entry) {
      for (const meter of meters) meter.request?.(entry)
    },
    upstreamAnswered(upstream, tookMs) {
      for (const meter of meters) meter.upstreamAnswered?.(upstream, tookMs)
    },
    upstreamFailed(upstream, code) {
      for (const meter of meters) meter.upstreamFailed?.(upstream, code)
    },
    upstreamSent(upstream, bytes) {
      for (const meter of meters) meter.upstreamSent?.(upstream, bytes)
    },
    upstreamUnhealthy(upstream, error) {
      for (const meter of meters) meter.upstreamUnhealthy?.(upstream, error)
    },
    upstreamRecovered(upstream) {
      for (const meter of meters) meter.upstreamRecovered?.(upstream)
    },
  }
}
