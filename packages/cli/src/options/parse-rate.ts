import { InvalidArgumentError } from "commander"

const scales: Readonly<Record<string, number>> = {
  "": 1,
  k: 1000,
  m: 1000 ** 2,
  g: 1000 ** 3,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
}

/**
 * Bytes a second of `20M`, `512K`, `1.5G`, `800000`; decimal as all sizes we show, `20Mi` where the binary one is meant; `B` and `/s` may follow.
 * @throws InvalidArgumentError
 */
export function parseRate(text: string): number {
  const found = /^(\d{1,15}(?:\.\d{1,6})?) ?([kmg]i?)?b?(?:\/s)?$/i.exec(text.slice(0, 40).trim())
  const rate = Number(found?.[1]) * (scales[found?.[2]?.toLowerCase() ?? ""] ?? Number.NaN)
  if (Number.isSafeInteger(Math.round(rate)) && rate >= 1024) return Math.round(rate)
  throw new InvalidArgumentError("Write bytes a second like 20M, 512K or 1.5G, at least 1024.")
}
