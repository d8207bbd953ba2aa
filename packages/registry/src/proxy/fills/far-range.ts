import { BlobFetch, type BlobSource, type ByteStream, canRange, type TransferSession } from "@entrepot/core"
import type { FillRequest, FillSource } from "./fill-request.ts"

/**
 * Bytes of a blob straight from its upstreams, for a reader who wants what a fill will not reach for long. Not verified, so never the whole of it.
 * @throws TransferError.
 */
export function farRange(
  request: FillRequest,
  from: number,
  to: number,
  session: TransferSession,
  signal: AbortSignal,
): ByteStream {
  const fetch = new BlobFetch({ ...request.blob, size: to }, from, {
    sources: request.sources.map((source) => endingAt(to, request, source)),
    width: session.widthOf(request.sources[0]?.host ?? ""),
    window: session.window,
    retry: session.retry,
    stallMs: session.stallMs,
    signal,
  })
  return fetch.bytes()
}

/** The source of a blob that ends early: the fetch thinks that it is no longer than what is wanted. */
function endingAt(end: number, { blob }: FillRequest, source: FillSource): BlobSource {
  return {
    openBlob: async (_, range = {}, signal) => {
      const read = await source.openBlob(blob, { ...range, to: Math.min(range.to ?? end, end) }, signal)
      return { offset: read.offset, bytes: upTo(end - read.offset, read.bytes) }
    },
    ...(canRange(source) ? { canRange: true as const } : {}),
  }
}

async function* upTo(length: number, bytes: ByteStream): ByteStream {
  let left = length
  for await (const chunk of bytes) {
    yield chunk.length <= left ? chunk : chunk.subarray(0, left)
    left -= chunk.length
    if (left <= 0) return
  }
}
