import { type FileHandle, open } from "node:fs/promises"
import { localIoError, type ReadRange, systemCode, TransferError, throwIfCancelled } from "@entrepot/core"
import type { ReadBuffers } from "./read-buffers.ts"

/** The bytes of an open file. */
export class DiskStream implements AsyncIterable<Buffer> {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #from: number
  readonly #to: number
  readonly #signal: AbortSignal | undefined

  private constructor(handle: FileHandle, path: string, from: number, to: number, signal: AbortSignal | undefined) {
    this.#handle = handle
    this.#path = path
    this.#from = from
    this.#to = to
    this.#signal = signal
  }

  /** Undefined where there is no such file. @throws TransferError `local_io`. */
  static async open(
    path: string,
    range: ReadRange,
    _buffers: ReadBuffers,
    signal?: AbortSignal,
  ): Promise<DiskStream | undefined> {
    try {
      const handle = await open(path, "r")
      const { size } = await handle.stat()
      const to = Math.min(range.to ?? size, size)
      return new DiskStream(handle, path, Math.min(range.from ?? 0, to), to, signal)
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined
      throw localIoError(error, path)
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (let at = this.#from; at < this.#to; ) {
        throwIfCancelled(this.#signal)
        const buffer = Buffer.allocUnsafeSlow(Math.min(256 * 1024, this.#to - at))
        const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at)
        if (bytesRead === 0) throw new TransferError("local_io", `${this.#path} ends at byte ${at}, before byte ${this.#to}`)
        at += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    } catch (error) {
      throw localIoError(error, this.#path)
    } finally {
      await this.#handle.close()
    }
  }
}
