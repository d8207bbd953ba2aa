import type { BatchRow } from "./batch-rows.ts"

/** How many rows, from the first on, hold no more than `most` that are not drawn yet. */
export function rowsToDraw(rows: readonly Pick<BatchRow, "text">[], drawn: ReadonlySet<string>, most: number): number {
  let room = most
  const end = rows.findIndex(({ text }) => !drawn.has(text) && room-- === 0)
  return end === -1 ? rows.length : end
}
