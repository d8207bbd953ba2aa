const sizes = [1, 8, 64, 512] as const

/**
 * Lists of 1, 8, 64 or 512, the last item repeated where they would be shorter: for `in (…)`, where repetition does no harm and each length is
 * another statement to prepare.
 */
export function* paddedBatches<T>(list: readonly T[]): Generator<T[]> {
  const longest = sizes[sizes.length - 1] ?? 1
  for (let start = 0; start < list.length; start += longest) {
    const batch = list.slice(start, start + longest)
    const [last] = batch.slice(-1)
    const size = sizes.find((each) => each >= batch.length) ?? longest
    yield [...batch, ...Array.from({ length: last === undefined ? 0 : size - batch.length }, () => last as T)]
  }
}
