/** Ranges that take two columns of a terminal (Unicode East Asian Width W and F), and emoji. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23f3],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f9ff],
  [0x20000, 0x3fffd],
]

function widthOf(codePoint: number): number {
  if (codePoint < 32 || (codePoint >= 0x7f && codePoint < 0xa0)) return 0
  if ((codePoint >= 0x300 && codePoint <= 0x36f) || codePoint === 0x200b || codePoint === 0x200d || codePoint === 0xfe0f) return 0
  if (codePoint < 0x1100) return 1
  return wide.some(([from, to]) => codePoint >= from && codePoint <= to) ? 2 : 1
}

/** Columns a text without control sequences takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += widthOf(character.codePointAt(0) ?? 0)
  return width
}

/** The text in at most `width` columns; what had to be cut is an ellipsis. */
export function truncate(text: string, width: number, ellipsis = "…"): string {
  if (textWidth(text) <= width) return text
  let result = ""
  let used = textWidth(ellipsis)
  for (const character of text) {
    used += widthOf(character.codePointAt(0) ?? 0)
    if (used > width) break
    result += character
  }
  return width < textWidth(ellipsis) ? "" : result + ellipsis
}

/** The text with its middle left out: names are told apart by their ends. */
export function truncateMiddle(text: string, width: number, ellipsis = "…"): string {
  if (textWidth(text) <= width) return text
  const room = Math.max(0, width - textWidth(ellipsis))
  const characters = [...text]
  let [front, back] = ["", ""]
  while (characters.length > 0) {
    const fromFront = textWidth(front) <= textWidth(back)
    const next = (fromFront ? characters.shift() : characters.pop()) ?? ""
    if (textWidth(front) + textWidth(back) + textWidth(next) > room) break
    if (fromFront) front += next
    else back = next + back
  }
  return front + ellipsis + back
}

/** Fills up to so many columns at the end. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)))
}

/** Fills up to so many columns at the beginning. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - textWidth(text))) + text
}

/**
 * One line without control characters and overrides of the writing direction: names, messages and hosts come from servers, and a terminal
 * obeys what it is sent (RELIABILITY S18). Everything foreign goes through here before it is shown.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (character) => (/[\n\t\u2028\u2029]/.test(character) ? " " : "�"))
}
