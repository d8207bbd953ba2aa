import { InvalidArgumentError } from "commander"

/** Reads the number of a job or target. @throws InvalidArgumentError */
export function parseJobId(text: string): number {
  const id = /^#?\d{1,15}$/.test(text) ? Number(text.replace("#", "")) : 0
  if (id > 0) return id
  throw new InvalidArgumentError("Write the number that `history` and `jobs` show.")
}
