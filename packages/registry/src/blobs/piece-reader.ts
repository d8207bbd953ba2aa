import { read } from "node:fs"
import { localIoError, type ReadRange } from "@entrepot/core"
import type { OpenFile } from "./open-files.ts"
import type { ReadBuffers } from "./read-buffers.ts"

/** Some of a file's bytes, at the beginning of lent memory. */
export interface Piece {
  readonly memory: Buffer
  readonly bytes: Buffer
}

/** Whoever takes less would hold a large piece for more than two seconds. */
const slowBytesPerMs = 256

/** Reads a range of a file piece by piece, one at a time. */
export class PieceReader {
  readonly buffers: ReadBuffers
  readonly #file: OpenFile
  readonly #to: number
  #position: number
  #isSlow = false

  /** Takes over the caller's use of the file. */
  constructor(file: OpenFile, range: ReadRange, buffers: ReadBuffers) {
    this.buffers = buffers
    this.#file = file
    this.#to = Math.min(range.to ?? file.sizeBytes, file.sizeBytes)
    this.#position = Math.min(range.from ?? 0, this.#to)
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#to
  }

  /** The next piece, or a TransferError `local_io`. */
  read(done: (error: unknown, piece?: Piece) => void): void {
    this.buffers.take(this.#to - this.#position, this.#isSlow, (memory) => {
      const { fd, path } = this.#file
      const at = this.#position
      read(fd, memory, 0, Math.min(memory.length, this.#to - at), at, (error, length) => {
        if (error || length === 0) {
          this.buffers.give(memory)
          done(localIoError(error ?? new Error(`it ends at byte ${at}, before byte ${this.#to}`), path))
          return
        }
        this.#position = at + length
        done(undefined, { memory, bytes: memory.subarray(0, length) })
      })
    })
  }

  /** How long it took until somebody had taken these bytes. */
  noteTaken(bytes: number, elapsedMs: number): void {
    this.#isSlow = bytes < slowBytesPerMs * elapsedMs
  }

  /** Lets go of the file; not while a piece is being read. */
  close(): void {
    this.#file.release()
  }
}
