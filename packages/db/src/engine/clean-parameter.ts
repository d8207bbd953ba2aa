/** PostgreSQL's texts cannot hold NUL, and SQLite's search ends at one: it is kept as the replacement character in both. */
export function cleanParameter(value: unknown): unknown {
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\u{fffd}") : value
}
