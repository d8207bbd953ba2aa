import type { ByteStream } from "@entrepot/core"
import { type CanSend, canSend } from "../blobs/blob-store.ts"

/** Bytes in two parts, the second of which is opened when the first was read, and not before: what opening it throws ends the stream there. */
export function withheldEnd(first: ByteStream, openEnd: () => Promise<ByteStream>): ByteStream {
  const reading: ByteStream = {
    async *[Symbol.asyncIterator]() {
      yield* first
      yield* await openEnd()
    },
  }
  if (!canSend(first)) return reading
  const sending: CanSend = {
    async sendTo(to) {
      await first.sendTo(to)
      const end = await openEnd()
      if (canSend(end)) await end.sendTo(to)
      else throw new Error("the end of a stream that sends itself does not")
    },
  }
  return { ...reading, ...sending }
}
