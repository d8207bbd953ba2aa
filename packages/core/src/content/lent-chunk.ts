/** Who would like to have a chunk's memory back. Keyed by the very Buffer: views of a part of it lead nowhere. */
const lenders = new WeakMap<Buffer, () => void>()

/** Says that a chunk stands in memory which its producer fills again once it is given back. One that never is, is garbage-collected. */
export function lend(chunk: Buffer, takeBack: () => void): void {
  lenders.set(chunk, takeBack)
}

/**
 * Gives a chunk's memory back, which then changes under everybody who still looks at it: only for whoever knows that nobody does. Does
 * nothing for chunks that were not lent, or were given back before.
 */
export function giveBack(chunk: Buffer): void {
  const takeBack = lenders.get(chunk)
  if (takeBack === undefined) return
  lenders.delete(chunk)
  takeBack()
}
