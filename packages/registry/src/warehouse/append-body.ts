import type { ByteStream } from "@entrepot/core"
import type { PartialBlob } from "../blobs/blob-store.ts"
import { isDiskFull } from "../blobs/is-disk-full.ts"
import { RegistryError } from "../registry-error.ts"

/** Bytes that are gathered before they are written. */
const gatherBytes = 256 * 1024

export interface AppendOptions {
  readonly signal: AbortSignal
  /** Frees so many bytes of a full disk, where it can. False: nothing could be freed. */
  readonly makeRoom: (bytes: number) => Promise<boolean>
}

/**
 * Adds a request's body to what has arrived of a blob. When the body breaks off, what arrived is kept, and its error is thrown.
 * @throws RegistryError UNAVAILABLE when the disk is full and nothing can be evicted (RELIABILITY fault 31).
 */
export async function appendBody(partial: PartialBlob, body: ByteStream, options: AppendOptions): Promise<void> {
  let gathered: Buffer[] = []
  let bytes = 0
  const write = async () => {
    const chunks = gathered
    gathered = []
    bytes = 0
    if (chunks.length > 0) await appendWithRoom(partial, chunks, options)
  }
  try {
    for await (const chunk of body) {
      gathered.push(chunk)
      bytes += chunk.length
      options.signal.throwIfAborted()
      if (bytes >= gatherBytes) await write()
    }
  } finally {
    await write()
  }
}

async function appendWithRoom(partial: PartialBlob, chunks: readonly Buffer[], options: AppendOptions): Promise<void> {
  const before = partial.sizeBytes
  try {
    await partial.append(chunks)
  } catch (error) {
    if (!isDiskFull(error)) throw error
    const full = () =>
      new RegistryError("UNAVAILABLE", "the registry's disk is full", { status: 507, retryAfterS: 60, cause: error })
    const rest = Buffer.concat(chunks).subarray(partial.sizeBytes - before)
    if (!(await options.makeRoom(rest.length))) throw full()
    await partial.append([rest]).catch((again: unknown) => Promise.reject(isDiskFull(again) ? full() : again))
  }
}
