import type { RegistryMeter } from "./registry-meter.ts"

/** One meter that tells several, each what it wants to know; undefined where there is none of them: then nothing is counted at all. */
export function joinMeters(meters: readonly Partial<RegistryMeter>[]): RegistryMeter | undefined {
  if (meters.length === 0) return undefined
  return {
    request: told(meters, "request"),
    upstreamAnswered: told(meters, "upstreamAnswered"),
    upstreamFailed: told(meters, "upstreamFailed"),
    upstreamSent: told(meters, "upstreamSent"),
    upstreamUnhealthy: told(meters, "upstreamUnhealthy"),
    upstreamRecovered: told(meters, "upstreamRecovered"),
  }
}

function told<What extends keyof RegistryMeter>(
  meters: readonly Partial<RegistryMeter>[],
  what: What,
): (...news: Parameters<RegistryMeter[What]>) => void {
  const each = meters.flatMap((meter) => {
    const tell: ((...news: never[]) => void) | undefined = meter[what]
    return tell === undefined ? [] : [(news: Parameters<RegistryMeter[What]>) => Reflect.apply(tell, meter, news)]
  })
  return (...news) => {
    for (const tell of each) tell(news)
  }
}
