import { parseRate as rateOf } from "@entrepot/core"
import { InvalidArgumentError } from "commander"

/** Bytes a second of `20M`, `512Ki`, `800000`. @throws InvalidArgumentError */
export function parseRate(text: string): number {
  const rate = rateOf(text)
  if (rate !== undefined) return rate
  throw new InvalidArgumentError("Write bytes a second like 20M, 512K or 1.5G, at least 1024.")
}
