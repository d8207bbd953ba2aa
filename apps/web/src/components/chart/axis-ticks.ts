/** Round numbers from 0 to at least `most`, about `count` of them. */
export function valueTicks(most: number, count: number): number[] {
  if (!(most > 0)) return [0]
  const rough = most / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power
  const ticks = [0]
  while ((ticks.at(-1) ?? 0) < most) ticks.push(Number((step * ticks.length).toPrecision(12)))
  return ticks
}

/** Which of `length` places carry a word, so that words of `wordWidth` pixels do not touch each other on `width` pixels. */
export function placesWithWords(length: number, width: number, wordWidth: number): number[] {
  const fitting = Math.max(1, Math.floor(width / wordWidth))
  const every = Math.max(1, Math.ceil(length / fitting))
  return Array.from({ length: Math.ceil(length / every) }, (_, index) => index * every)
}

/** How much room the longest of these words needs beside the axis, pixels; Chinese characters are twice as wide. */
export function axisWidth(words: readonly string[]): number {
  const widths = words.map((word) => [...word].reduce((sum, character) => sum + (character > "\u2e7f" ? 11 : 6.5), 0))
  return Math.ceil(Math.max(24, ...widths)) + 12
}
