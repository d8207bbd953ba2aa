export type CsvCell = string | number | boolean | null

/** Excel takes a file without it for one in the system's own encoding, and shows Chinese as something else. */
export const byteOrderMark = "\uFEFF"

/** One line of a CSV file (RFC 4180), with its end. Text that a spreadsheet would calculate, fullwidth signs too, gets an apostrophe before it. */
export function csvRow(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`
}

function csvCell(value: CsvCell): string {
  if (value === null) return ""
  if (typeof value !== "string") return String(value)
  const text = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
