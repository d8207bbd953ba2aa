const sizes = [64, 8, 1] as const

/** Lists of 64, 8 and 1, each item once: for rows of one statement, where each length is another statement to prepare. */
export function* wholeBatches<T>(list: readonly T[]): Generator<readonly T[]> {
  let start = 0
  for (const size of sizes) {
    for (; list.length - start >= size; start += size) yield list.slice(start, start + size)
  }
}
