/** Units as `formatBytes` shows them. */
export const sizeUnits = { MB: 1_000_000, GB: 1_000_000_000, TB: 1_000_000_000_000 } as const
export type SizeUnit = keyof typeof sizeUnits

/** Whole bytes of what was typed; undefined for what is no size. */
export function bytesOf(text: string, unit: SizeUnit): number | undefined {
  const trimmed = text.trim().replace(",", ".")
  if (!/^\d{1,9}(?:\.\d{0,3})?$/.test(trimmed)) return undefined
  const bytes = Math.round(Number(trimmed) * sizeUnits[unit])
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** What an eviction down to so many bytes would do; hosted images are left alone, however much they are. */
export function evictionOf(usage: { readonly bytes: number; readonly hostedBytes: number }, toBytes: number) {
  const wanted = Math.max(0, usage.bytes - toBytes)
  const atMost = Math.max(0, usage.bytes - usage.hostedBytes)
  return { removes: Math.min(wanted, atMost), falls: wanted > atMost ? "short" : wanted === 0 ? "nothing" : "there" } as const
}
