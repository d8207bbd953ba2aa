/**
 * JSON on one line with its end, in which what a terminal could obey is escaped too: JSON itself escapes control characters only up to
 * U+001F (RELIABILITY S18).
 */
export function jsonText(value: unknown): string {
  const escaped = JSON.stringify(value).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
  return `${escaped}\n`
}
