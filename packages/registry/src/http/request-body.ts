import type { IncomingMessage } from "node:http"
import type { ByteStream } from "@entrepot/core"
import { RegistryError } from "../registry-error.ts"

export interface BodyLimits {
  /** One byte more, and nothing is read any further (RELIABILITY S9). */
  readonly mostBytes?: number | undefined
  /** A client that sends nothing for so long is cut off (RELIABILITY S22). Waiting for our own disk does not count. */
  readonly idleMs: number
  /** Told of every piece that came. */
  readonly onBytes?: (count: number) => void
}

/**
 * A request's body. Leaving early leaves the connection open, so that the client still gets its answer.
 * @throws RegistryError SIZE_INVALID (413) beyond `mostBytes`, BLOB_UPLOAD_INVALID (408) for a client that has stopped sending. Error ECONNRESET where
 * it has left.
 */
export async function* requestBody(request: IncomingMessage, { mostBytes, idleMs, onBytes }: BodyLimits): ByteStream {
  const chunks = request.iterator({ destroyOnReturn: false })
  let total = 0
  try {
    for (;;) {
      const next = await beforeIdle(chunks.next(), idleMs)
      if (next.done === true) return
      const chunk: Buffer = next.value
      total += chunk.length
      if (mostBytes !== undefined && total > mostBytes) throw tooLarge(mostBytes)
      onBytes?.(chunk.length)
      yield chunk
    }
  } finally {
    // Not awaited: where the next piece never comes, this never ends either.
    void chunks.return?.()
  }
}

/** All of it. @throws as `requestBody`; at once where Content-Length tells too much. */
export async function readBody(request: IncomingMessage, limits: BodyLimits & { readonly mostBytes: number }): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > limits.mostBytes) throw tooLarge(limits.mostBytes)
  const chunks: Buffer[] = []
  for await (const chunk of requestBody(request, limits)) chunks.push(chunk)
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

/** What is left of a body that nobody wants is thrown away, up to so much and so long: then the connection is. */
const mostThrownAway = 16 * 1024 * 1024
const mostThrownAwayMs = 30_000

/**
 * Makes the connection ready for its next request, whatever of this one's body has not been read. A client that is still sending might miss its answer
 * if the connection were closed at once.
 */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed || !hasBody(request)) return
  let left = mostThrownAway
  const timer = setTimeout(() => request.destroy(), mostThrownAwayMs)
  timer.unref()
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) request.destroy()
  })
  request.on("error", () => {})
  request.once("close", () => clearTimeout(timer))
  request.resume()
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0"
}

function tooLarge(mostBytes: number): RegistryError {
  return new RegistryError("SIZE_INVALID", `the body is larger than the ${mostBytes} bytes that it may have`, { status: 413 })
}

async function beforeIdle<T>(next: Promise<T>, idleMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(stalled(idleMs)), idleMs)
    timer.unref()
  })
  try {
    return await Promise.race([next, idle])
  } finally {
    clearTimeout(timer)
  }
}

function stalled(idleMs: number): RegistryError {
  const message = `nothing of the body came for ${Math.round(idleMs / 1000)} seconds`
  return new RegistryError("BLOB_UPLOAD_INVALID", message, { status: 408 })
}
