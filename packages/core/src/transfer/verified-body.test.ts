import { expect, test } from "vitest"
import { digestOf } from "../content/digest.ts"
import { lend } from "../content/lent-chunk.ts"
import { VerifiedBody } from "./verified-body.ts"

/** Ten chunks of 100 bytes that want their memory back, from a source that can begin anywhere. */
function lendingSource() {
  const whole = Buffer.concat(Array.from({ length: 10 }, (_, n) => Buffer.alloc(100, n)))
  const returned: number[] = []
  const opened: number[] = []
  async function* open(offset: number) {
    opened.push(offset)
    for (let at = offset; at < whole.length; at += 100) {
      const chunk = Buffer.from(whole.subarray(at, at + 100))
      lend(chunk, () => returned.push(at / 100))
      yield chunk
    }
  }
  const descriptor = { mediaType: "x", digest: digestOf(whole), size: whole.length }
  return { body: new VerifiedBody(descriptor, { open, replayBytes: 300 }), whole, returned, opened, descriptor }
}

async function take(stream: AsyncIterable<Buffer>, chunks: number, each: (chunk: Buffer) => void = () => {}): Promise<Buffer> {
  const taken: Buffer[] = []
  for await (const chunk of stream) {
    taken.push(Buffer.from(chunk))
    each(chunk)
    if (taken.length === chunks) break
  }
  return Buffer.concat(taken)
}

test("a chunk goes back when the target is done with it and it has left the replay window", async () => {
  const { body, whole, returned } = lendingSource()
  expect((await take(body.read(0), 10, (chunk) => body.release(chunk))).equals(whole)).toBe(true)
  expect(returned).toEqual([0, 1, 2, 3, 4, 5, 6])
  body.close()
  expect(returned).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test("a chunk that the target holds stays, however far the blob has gone", async () => {
  const { body, returned } = lendingSource()
  const held: Buffer[] = []
  await take(body.read(0), 10, (chunk) => (chunk[0] === 2 ? held.push(chunk) : body.release(chunk)))
  expect(returned).toEqual([0, 1, 3, 4, 5, 6])
  for (const chunk of held) body.release(chunk)
  expect(returned).toEqual([0, 1, 3, 4, 5, 6, 2])
})

test("a target that asks again gets what is at hand, without asking the source, and those chunks count as held again", async () => {
  const { body, whole, returned, opened } = lendingSource()
  await take(body.read(0), 5, (chunk) => body.release(chunk))
  expect(returned).toEqual([0, 1])
  const again = await take(body.read(250), 8)
  expect(again.equals(whole.subarray(250))).toBe(true)
  expect(opened).toEqual([0])
  expect(returned).toEqual([0, 1])
})

test("what has left the window is asked of the source again, and hashed only once", async () => {
  const { body, whole, opened } = lendingSource()
  await take(body.read(0), 9)
  const again = await take(body.read(100), 9)
  expect(again.equals(whole.subarray(100))).toBe(true)
  expect(opened).toEqual([0, 100])
})

test("the last chunk is withheld when the digest is not right", async () => {
  const { whole, descriptor } = lendingSource()
  const wrong = Buffer.from(whole)
  wrong[5] = 9
  const body = new VerifiedBody(descriptor, {
    async *open(offset) {
      for (let at = offset; at < wrong.length; at += 100) yield wrong.subarray(at, at + 100)
    },
  })
  const got: Buffer[] = []
  const reading = (async () => {
    for await (const chunk of body.read(0)) got.push(chunk)
  })()
  await expect(reading).rejects.toMatchObject({ code: "digest_mismatch" })
  expect(Buffer.concat(got).length).toBe(900)
})
