const scales: Readonly<Record<string, number>> = {
  "": 1,
  k: 1000,
  m: 1000 ** 2,
  g: 1000 ** 3,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
}

/** Bytes a second; below it a transfer would not be seen to move. */
export const slowestRate = 1024

/**
 * Bytes a second of `20M`, `512K`, `1.5G`, `800000`; decimal as all sizes we show, `20Mi` where the binary one is meant; `B` and `/s` may follow.
 * Undefined where it says no rate, or one below `slowestRate`.
 */
export function parseRate(text: string): number | undefined {
  if (text.length > 40) return undefined
  const found = /^(\d{1,15}(?:\.\d{1,6})?) ?([kmg]i?)?b?(?:\/s)?$/i.exec(text.trim())
  const rate = Math.round(Number(found?.[1]) * (scales[found?.[2]?.toLowerCase() ?? ""] ?? Number.NaN))
  return Number.isSafeInteger(rate) && rate >= slowestRate ? rate : undefined
}
