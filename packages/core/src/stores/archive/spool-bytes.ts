import { type FileHandle, mkdtemp, open, rm, statfs } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { TransferError } from "../../errors/transfer-error.ts"
import { localIoError, throwIfCancelled } from "../files/local-io-error.ts"

/** Where and how much may be kept meanwhile. */
export interface SpoolOptions {
  /** Default: the system's. */
  readonly temporaryDirectory?: string | undefined
  /** Most bytes to keep. Default: nine tenths of what is free there. */
  readonly limitBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Bytes kept in a file without a name: it is gone when it is closed, and when the process dies. */
export interface Spool {
  readonly handle: FileHandle
  readonly size: number
  close(): Promise<void>
}

/**
 * Keeps a stream in a temporary file, to be read at any position. `place` is for messages.
 * @throws TransferError `too_large` over the limit, `local_io`, `cancelled`, and what `bytes` throws.
 */
export async function spoolBytes(bytes: AsyncIterable<Uint8Array>, place: string, options: SpoolOptions = {}): Promise<Spool> {
  const parent = options.temporaryDirectory ?? tmpdir()
  let directory: string
  try {
    directory = await mkdtemp(join(parent, "entrepot-"))
  } catch (error) {
    throw localIoError(error, parent)
  }
  const remove = () => rm(directory, { recursive: true, force: true })
  let handle: FileHandle | undefined
  try {
    handle = await open(join(directory, "spool"), "wx+")
    // An open file without a name goes on being readable, and needs no tidying up after a kill.
    await remove().catch(() => undefined)
    const size = await writeAll(handle, bytes, place, options.limitBytes ?? (await freeBytes(parent)), options.signal)
    const opened = handle
    return {
      handle: opened,
      size,
      close: async () => {
        await opened.close()
        await remove().catch(() => undefined)
      },
    }
  } catch (error) {
    await handle?.close()
    await remove().catch(() => undefined)
    throw localIoError(error, parent)
  }
}

async function writeAll(
  handle: FileHandle,
  bytes: AsyncIterable<Uint8Array>,
  place: string,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let size = 0
  for await (const chunk of bytes) {
    throwIfCancelled(signal)
    if (size + chunk.length > limit) {
      throw new TransferError(
        "too_large",
        `${place} has more than ${limit} bytes, which is all that may be kept in the temporary directory`,
        {
          host: place,
          hint: "make room there, or name another temporary directory",
        },
      )
    }
    await handle.writeFile(chunk)
    size += chunk.length
  }
  return size
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return Math.floor(bavail * bsize * 0.9)
}
