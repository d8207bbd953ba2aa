/** Text styles; they do nothing where colours are off. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  green(text: string): string
  red(text: string): string
  yellow(text: string): string
}

/** Colours for a terminal; plain text where there are to be none. */
export function createPaint(colour: boolean): Paint {
  const style = (on: number, off: number) => (text: string) => (colour && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text)
  return { bold: style(1, 22), dim: style(2, 22), green: style(32, 39), red: style(31, 39), yellow: style(33, 39) }
}
