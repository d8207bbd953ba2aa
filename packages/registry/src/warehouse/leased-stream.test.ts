import { randomBytes } from "node:crypto"
import { PassThrough, Writable } from "node:stream"
import { expect, test } from "vitest"
import { canSend } from "../blobs/blob-store.ts"
import { leasedStream } from "./leased-stream.ts"
import { Leases } from "./leases.ts"
import { bytesOf, calm, pushBlob, testWarehouse } from "./warehouse.fixture.ts"

const digest = `sha256:${"a".repeat(64)}`

async function* two() {
  yield Buffer.from("first ")
  yield Buffer.from("second")
}

test("bytes are leased from the first to the last of them, or until the reader leaves", async () => {
  const leases = new Leases()
  const take = () => leases.take(digest)
  const whole = leasedStream(two(), take)
  expect(canSend(whole)).toBe(false)
  const seen: [text: string, held: boolean][] = []
  for await (const chunk of whole) seen.push([chunk.toString(), leases.holds(digest)])
  expect([seen, leases.holds(digest)]).toEqual([
    [
      ["first ", true],
      ["second", true],
    ],
    false,
  ])
  for await (const _chunk of leasedStream(two(), take)) break
  expect(leases.holds(digest)).toBe(false)
})

test("what can send itself still does, and is leased meanwhile, also where that fails", async () => {
  const leases = new Leases()
  const take = () => leases.take(digest)
  const held: boolean[] = []
  const sends = (end: () => void) => ({
    [Symbol.asyncIterator]: two,
    async sendTo() {
      held.push(leases.holds(digest))
      await Promise.resolve()
      held.push(leases.holds(digest))
      end()
    },
  })
  const fine = leasedStream(
    sends(() => {}),
    take,
  )
  expect(canSend(fine)).toBe(true)
  if (canSend(fine)) await fine.sendTo(new PassThrough())
  expect([held, leases.holds(digest)]).toEqual([[true, true], false])
  const broken = leasedStream(
    sends(() => {
      throw new Error("the reader left")
    }),
    take,
  )
  if (canSend(broken)) await expect(broken.sendTo(new PassThrough())).rejects.toThrow("the reader left")
  expect([held.length, leases.holds(digest)]).toEqual([4, false])
})

test("a stored blob of a repository sends itself", async () => {
  await using test = await testWarehouse()
  const bytes = randomBytes(1_500_000)
  const repository = test.hosted("team/app")
  const { digest: pushed } = await pushBlob(repository, bytes)
  const blob = await repository.blob(pushed, calm)
  const stream = await blob?.read({ from: 1, to: bytes.length }, calm)
  if (stream === undefined || !canSend(stream)) throw new Error("a loop is needed to send it")
  const received: Buffer[] = []
  const taking = new Writable({
    write(chunk: Buffer, _encoding, done) {
      received.push(Buffer.from(chunk))
      done()
    },
  })
  await stream.sendTo(taking)
  expect(Buffer.concat(received).equals(bytes.subarray(1))).toBe(true)
  expect((await bytesOf(blob))?.equals(bytes)).toBe(true)
})
