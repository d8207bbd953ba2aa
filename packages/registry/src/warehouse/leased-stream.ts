import type { ByteStream } from "@entrepot/core"
import { type CanSend, canSend } from "../blobs/blob-store.ts"

/** The same bytes, with a lease taken before the first of them is read or sent and let go of after the last, or when the reader leaves. */
export function leasedStream(bytes: ByteStream, take: () => () => void): ByteStream {
  const reading: ByteStream = {
    async *[Symbol.asyncIterator]() {
      const release = take()
      try {
        yield* bytes
      } finally {
        release()
      }
    },
  }
  if (!canSend(bytes)) return reading
  const sending: CanSend = {
    async sendTo(to) {
      const release = take()
      try {
        await bytes.sendTo(to)
      } finally {
        release()
      }
    },
  }
  return { ...reading, ...sending }
}
