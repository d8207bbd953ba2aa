/** Index of the first whose number is at most `id`; numbers fall. */
export function indexOfNumber(numbers: readonly { readonly id: number }[], id: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle]?.id ?? 0) > id) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * By how many rows a list has to be scrolled, so that the row at the top of the window stays there when others came or went above it. None while
 * the list's beginning is to be seen: there the new ones are.
 */
export function rowsToScroll(
  before: readonly { readonly id: number }[],
  after: readonly { readonly id: number }[],
  topRow: number,
): number {
  const held = before[topRow]
  return topRow <= 0 || held === undefined ? 0 : indexOfNumber(after, held.id) - topRow
}
