const halfCharacter = /\p{Surrogate}/gu

/**
 * PostgreSQL's texts cannot hold NUL, SQLite's search ends at one, and neither can say half a surrogate pair: each is kept as the replacement
 * character.
 */
export function cleanParameter(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "\u{fffd}").replaceAll(halfCharacter, "\u{fffd}") : value
}
