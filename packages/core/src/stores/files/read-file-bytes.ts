import { type FileHandle, open } from "node:fs/promises"
import { TransferError } from "../../errors/transfer-error.ts"
import { localIoError, throwIfCancelled } from "./local-io-error.ts"

const chunkBytes = 256 * 1024

/**
 * Bytes `from` (inclusive) to `to` (exclusive) of a file, one read ahead of the consumer. The file is opened when the first byte is asked for and
 * closed when the loop ends, however it ends.
 * @throws TransferError `local_io` also when the file ends before `to`, `cancelled`.
 */
export async function* readFileBytes(path: string, from: number, to: number, signal?: AbortSignal): AsyncGenerator<Buffer, void> {
  const handle = await open(path, "r").catch((error: unknown) => Promise.reject(localIoError(error, path)))
  try {
    yield* readHandleBytes(handle, path, from, to, signal)
  } finally {
    await handle.close()
  }
}

/** The same over a file that is open already; the handle stays open. `path` is for messages. */
export async function* readHandleBytes(
  handle: FileHandle,
  path: string,
  from: number,
  to: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void> {
  let position = from
  let ahead = readChunk(handle, path, position, to)
  try {
    while (position < to) {
      throwIfCancelled(signal)
      const chunk = await ahead
      position += chunk.length
      ahead = readChunk(handle, path, position, to)
      // The consumer may never come back for a read that failed.
      ahead.catch(() => undefined)
      yield chunk
    }
  } finally {
    await ahead.catch(() => undefined)
  }
}

async function readChunk(handle: FileHandle, path: string, position: number, to: number): Promise<Buffer> {
  const wanted = Math.min(chunkBytes, to - position)
  if (wanted <= 0) return Buffer.alloc(0)
  const buffer = Buffer.allocUnsafeSlow(wanted)
  const { bytesRead } = await handle.read(buffer, 0, wanted, position).catch((error: unknown) => {
    throw localIoError(error, path)
  })
  if (bytesRead === 0) throw new TransferError("local_io", `${path} ends at byte ${position}, before byte ${to}`, { host: path })
  return bytesRead === wanted ? buffer : buffer.subarray(0, bytesRead)
}
