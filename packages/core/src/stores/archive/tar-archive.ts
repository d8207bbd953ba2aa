import { createReadStream } from "node:fs"
import { type FileHandle, open, stat } from "node:fs/promises"
import { createGunzip } from "node:zlib"
import type { ByteStream } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { localIoError, systemCode } from "../files/local-io-error.ts"
import { readHandleBytes } from "../files/read-file-bytes.ts"
import { type Spool, type SpoolOptions, spoolBytes } from "./spool-bytes.ts"
import { findTarFile, indexTar, type TarEntries, type TarFile } from "./tar-index.ts"

/** A tar opened for reading at any position. Nothing of it is ever extracted. */
export class TarArchive {
  /** The file's path, or what stands for it in messages. */
  readonly place: string
  readonly #handle: FileHandle
  readonly #entries: TarEntries
  readonly #close: () => Promise<void>

  constructor(place: string, handle: FileHandle, entries: TarEntries, close: () => Promise<void>) {
    this.place = place
    this.#handle = handle
    this.#entries = entries
    this.#close = close
  }

  /** The file of that name, links followed inside the archive. Undefined where there is none. @throws TransferError `archive_invalid`. */
  find(name: string): TarFile | undefined {
    return findTarFile(this.#entries, name, this.place)
  }

  /** A small file whole. Undefined where there is none. @throws TransferError `too_large` over `limitBytes`. */
  async readSmall(name: string, limitBytes: number): Promise<Buffer | undefined> {
    const file = this.find(name)
    if (file === undefined) return undefined
    if (file.size > limitBytes) {
      throw new TransferError(
        "too_large",
        `${name.slice(0, 200)} in ${this.place} has ${file.size} bytes, more than ${limitBytes}`,
        {
          host: this.place,
        },
      )
    }
    const chunks: Buffer[] = []
    for await (const chunk of this.read(file)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  /** Bytes `from` (inclusive) to `to` (exclusive) of a file; any number of readers at once. */
  read(file: TarFile, from = 0, to = file.size, signal?: AbortSignal): ByteStream {
    const end = file.offset + Math.min(to, file.size)
    return readHandleBytes(this.#handle, this.place, Math.min(file.offset + from, end), end, signal)
  }

  close(): Promise<void> {
    return this.#close()
  }
}

/** Limits on unpacking compressed archives. */
export interface TarOptions extends SpoolOptions {
  /** Unpacked bytes for one packed byte, once `freeBytes` have come out (RELIABILITY S9). Default 200 and 256 MiB: real images stay below 10. */
  readonly unpack?: { readonly ratio: number; readonly freeBytes: number } | undefined
}

const unpackLimits = { ratio: 200, freeBytes: 256 * 1024 * 1024 }

const packers: readonly { readonly magic: readonly number[]; readonly name: string; readonly unpack: string }[] = [
  { magic: [0x28, 0xb5, 0x2f, 0xfd], name: "zstd", unpack: "zstd -d" },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: "xz", unpack: "xz -d" },
  { magic: [0x42, 0x5a, 0x68], name: "bzip2", unpack: "bzip2 -d" },
]

/**
 * Opens a tar, plain or compressed by gzip. A compressed one is unpacked to a temporary file first, since only then can it be read at any position.
 * @throws TransferError `not_found`, `archive_invalid`, `unsupported` for other compressions, `too_large` for a bomb, `local_io`, `cancelled`.
 */
export async function openTarArchive(path: string, options: TarOptions = {}): Promise<TarArchive> {
  const handle = await openFile(path)
  try {
    const head = Buffer.alloc(6)
    await handle.read(head, 0, head.length, 0)
    const packer = packers.find(({ magic }) => magic.every((byte, i) => head[i] === byte))
    if (packer !== undefined) {
      throw new TransferError("unsupported", `${path} is compressed by ${packer.name}, which is not read here`, {
        host: path,
        hint: `unpack it first: ${packer.unpack} ${path}`,
      })
    }
    if (head[0] !== 0x1f || head[1] !== 0x8b) {
      const entries = await indexTar(handle, (await handle.stat()).size, path, options.signal)
      return new TarArchive(path, handle, entries, () => handle.close())
    }
  } catch (error) {
    await handle.close()
    throw localIoError(error, path)
  }
  await handle.close()
  return indexSpool(await spoolBytes(gunzipFile(path, options.unpack ?? unpackLimits), path, options), path, options.signal)
}

/** Looked at before it is opened: opening a pipe would wait for its writer. */
async function openFile(path: string): Promise<FileHandle> {
  try {
    const found = await stat(path)
    if (found.isFile()) return await open(path, "r")
    throw new TransferError("archive_invalid", `${path} is not a file`, {
      host: path,
      hint: found.isDirectory() ? `a layout in a directory is oci:${path}` : undefined,
    })
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw localIoError(error, path)
    throw new TransferError("not_found", `there is no file ${path}`, { host: path, hint: "check the path", cause: error })
  }
}

/** Opens a tar that comes as a stream, by way of a temporary file. `place` is for messages. */
export async function openTarStream(
  bytes: AsyncIterable<Uint8Array>,
  place: string,
  options: SpoolOptions = {},
): Promise<TarArchive> {
  return indexSpool(await spoolBytes(bytes, place, options), place, options.signal)
}

async function indexSpool(spool: Spool, place: string, signal: AbortSignal | undefined): Promise<TarArchive> {
  try {
    return new TarArchive(place, spool.handle, await indexTar(spool.handle, spool.size, place, signal), spool.close)
  } catch (error) {
    await spool.close()
    throw error
  }
}

async function* gunzipFile(path: string, limits: typeof unpackLimits): AsyncGenerator<Buffer, void> {
  const packed = createReadStream(path, { highWaterMark: 256 * 1024 })
  const gunzip = packed.pipe(createGunzip({ chunkSize: 256 * 1024 }))
  packed.on("error", (error) => gunzip.destroy(error))
  let size = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > limits.freeBytes && size > packed.bytesRead * limits.ratio) {
        throw new TransferError("too_large", `${path} unpacks to more than ${limits.ratio} times its size`, { host: path })
      }
      yield chunk
    }
  } catch (error) {
    if (error instanceof TransferError || !systemCode(error)?.startsWith("Z_")) throw error
    throw new TransferError("archive_invalid", `${path} is damaged: its gzip data cannot be unpacked`, {
      host: path,
      hint: "make or download the archive again",
      cause: error,
    })
  } finally {
    packed.destroy()
    gunzip.destroy()
  }
}
