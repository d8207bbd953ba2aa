import { setImmediate as turn } from "node:timers/promises"
import { expect, test } from "vitest"
import { blobOf, someBytes } from "./remote.fixture.ts"
import { UploadReader } from "./upload-reader.ts"

const bytes = someBytes(1000)
const body = {
  descriptor: blobOf(bytes),
  async *read(offset: number) {
    for (let at = offset; at < bytes.length; at += 100) {
      await turn()
      yield bytes.subarray(at, at + 100)
    }
  },
}

async function all(piece: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of piece) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test("pieces that follow each other are one reading", async () => {
  const reader = new UploadReader(blobOf(bytes), body)
  const offered: number[] = []
  const pieces = [await all(reader.piece(0, 250, (n) => offered.push(n))), await all(reader.piece(250, 1000, () => {}))]
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
  expect(offered).toEqual([100, 200, 250])
})

test.each([0, 100])(
  "a piece that begins again at byte %i while the one before waits for the source misses nothing",
  async (from) => {
    const reader = new UploadReader(blobOf(bytes), body)
    const broken = reader.piece(0, 1000, () => {})
    for (let at = 0; at < from; at += 100) await broken.next()
    const waiting = broken.next()
    const again = await all(reader.piece(from, 1000, () => {}))
    expect(again.equals(bytes.subarray(from))).toBe(true)
    expect((await waiting).done).toBe(true)
  },
)
