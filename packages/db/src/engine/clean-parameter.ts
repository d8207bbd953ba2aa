const halfCharacter = /\p{Surrogate}/gu

/** What nearly no text has, found faster than halves alone. */
const suspicious = /[\0\ud800-\udfff]/

/**
 * PostgreSQL's texts cannot hold NUL, SQLite's search ends at one, and neither can say half a surrogate pair: each is kept as the replacement
 * character.
 */
export function cleanParameter(value: unknown): unknown {
  if (typeof value !== "string" || !suspicious.test(value)) return value
  return value.replaceAll("\0", "\u{fffd}").replaceAll(halfCharacter, "\u{fffd}")
}
