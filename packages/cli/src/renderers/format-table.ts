import { padEnd, printable, textWidth } from "./text-width.ts"

/** Rows as lines with their columns below each other, two blanks between them. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, textWidth(printable(cell)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => padEnd(printable(cell), widths[i] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("")
}
