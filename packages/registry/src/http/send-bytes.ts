import { once } from "node:events"
import { type ByteStream, giveBack } from "@entrepot/core"
import { canSend } from "../blobs/blob-store.ts"
import type { Exchange } from "./exchange.ts"

/**
 * Answers with bytes as they come, no faster than the client takes them. Headers go out with the first of them, so that what fails before can still be
 * told; what fails later breaks the connection off (RELIABILITY section 2).
 * @throws whatever the stream throws before its first byte.
 */
export async function sendBytes(
  exchange: Exchange,
  status: number,
  headers: readonly string[],
  stream: ByteStream,
  length: number,
): Promise<void> {
  const { response } = exchange
  if (canSend(stream)) {
    response.writeHead(status, headers as string[])
    const { socket } = response
    const before = socket?.bytesWritten ?? 0
    try {
      await stream.sendTo(response)
      exchange.bytes += length
    } catch (error) {
      exchange.bytes += Math.max(0, (socket?.bytesWritten ?? 0) - before)
      throw error
    }
  } else {
    await pump(exchange, status, headers, stream, length)
  }
  response.end()
  exchange.finish(status)
}

async function pump(
  exchange: Exchange,
  status: number,
  headers: readonly string[],
  stream: ByteStream,
  length: number,
): Promise<void> {
  const { response, signal } = exchange
  let sent = 0
  for await (const chunk of stream) {
    if (sent === 0) response.writeHead(status, headers as string[])
    sent += chunk.length
    if (sent > length) throw new Error(`a blob is longer than the ${length} bytes that were promised of it`)
    exchange.bytes += chunk.length
    const written = (error: unknown) => {
      if (!error) giveBack(chunk)
    }
    if (!response.write(chunk, written)) await once(response, "drain", { signal })
  }
  if (sent < length) throw new Error(`a blob ended after ${sent} of the ${length} bytes that were promised of it`)
}
