import { once } from "node:events"
import type { ServerResponse } from "node:http"

export interface SendChunksOptions {
  /** Aborted when the client has left, or is not to get any more. */
  readonly signal: AbortSignal
  /** How long a client may take to read what waits for it. Default 30 s. */
  readonly drainMs?: number | undefined
}

/**
 * Answers with text that is made while it is sent, no faster than the client reads it; the maker is told when nobody does any more. An answer that
 * cannot be finished is broken off, so that nobody takes it for whole.
 * @throws whatever the maker throws, before the first byte as afterwards.
 */
export async function sendChunks(
  response: ServerResponse,
  status: number,
  chunks: AsyncIterable<string>,
  { signal, drainMs = 30_000 }: SendChunksOptions,
): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    let next = await iterator.next()
    if (response.destroyed) return
    response.writeHead(status)
    for (; next.done !== true && !signal.aborted; next = await iterator.next()) {
      if (!response.write(next.value)) await drained(response, signal, drainMs)
    }
    if (signal.aborted) response.destroy()
    else response.end()
  } catch (error) {
    if (response.headersSent) response.destroy()
    throw error
  } finally {
    await iterator.return?.()
  }
}

async function drained(response: ServerResponse, signal: AbortSignal, drainMs: number): Promise<void> {
  const timer = setTimeout(() => response.destroy(), drainMs)
  try {
    await once(response, "drain", { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    clearTimeout(timer)
  }
}
