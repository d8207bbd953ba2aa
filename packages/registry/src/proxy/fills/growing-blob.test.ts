import { expect, test } from "vitest"
import { GrowingBlob } from "./growing-blob.ts"

const KiB = 1024
const MiB = 1024 * KiB

/** A blob of 8 MiB that is stored whole and not in memory, and the lengths of what was read of it. */
function stored() {
  const sizeBytes = 8 * MiB
  const lengths: number[] = []
  const blob = new GrowingBlob(sizeBytes, () => undefined)
  blob.begin({
    readableBytes: sizeBytes,
    async read(from, to) {
      lengths.push(to - from)
      return Buffer.alloc(to - from, from / (128 * KiB))
    },
  })
  blob.verified()
  return { blob, lengths, sizeBytes }
}

test.each([
  [1, MiB],
  [16, MiB],
  [64, 256 * KiB],
  [1_000, 128 * KiB],
])("%i readers that are behind read %i bytes at once", async (count, pieceBytes) => {
  const { blob, lengths, sizeBytes } = stored()
  const { signal } = new AbortController()
  const readers = Array.from({ length: count }, () => blob.join(0, sizeBytes, signal))
  let bytes = 0
  for await (const piece of readers[0]?.bytes() ?? []) bytes += piece.length
  expect([bytes, new Set(lengths)]).toEqual([sizeBytes, new Set([pieceBytes])])
})
