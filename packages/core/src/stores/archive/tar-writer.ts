import { type FileHandle, open, rename, unlink } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import type { ByteStream } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { localIoError, throwIfCancelled } from "../files/local-io-error.ts"
import { newOwner } from "../files/owner.ts"
import { syncDirectory } from "../files/write-file-atomically.ts"
import { encodeTarHeader, tarBlockBytes } from "./tar-header.ts"

/** A regular file that goes into a tar. `name` has at most 100 ASCII characters; `read` gives exactly `size` bytes. */
export interface TarInput {
  readonly name: string
  readonly size: number
  read(): ByteStream
}

/** A small file that is in memory already. */
export function bufferInput(name: string, bytes: Buffer): TarInput {
  return {
    name,
    size: bytes.length,
    async *read() {
      yield bytes
    },
  }
}

/** A tar as a stream; the same inputs give the same bytes. @throws TransferError `local_io` when an input has another size than it said. */
export async function* packTar(inputs: Iterable<TarInput>, signal?: AbortSignal): AsyncGenerator<Buffer, void> {
  for (const input of inputs) {
    yield encodeTarHeader(input.name, input.size)
    let size = 0
    for await (const chunk of input.read()) {
      throwIfCancelled(signal)
      size += chunk.length
      yield chunk
    }
    if (size !== input.size) throw new TransferError("local_io", `${input.name} has ${size} bytes instead of ${input.size}`)
    const padding = (tarBlockBytes - (size % tarBlockBytes)) % tarBlockBytes
    if (padding > 0) yield Buffer.alloc(padding)
  }
  yield Buffer.alloc(2 * tarBlockBytes)
}

/** Writes a tar whole or not at all, replacing what had its name. @throws TransferError `local_io`, `cancelled`. */
export async function writeTarFile(path: string, inputs: Iterable<TarInput>, signal?: AbortSignal): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.partial-${newOwner()}`)
  try {
    const handle = await open(temporary, "wx")
    try {
      await writeBatches(handle, packTar(inputs, signal))
      await handle.datasync()
    } finally {
      await handle.close()
    }
    throwIfCancelled(signal)
    await rename(temporary, path)
    await syncDirectory(dirname(path))
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw localIoError(error, path)
  }
}

async function writeBatches(handle: FileHandle, bytes: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of bytes) await handle.writeFile(chunk)
}
