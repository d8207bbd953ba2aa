import type { Writable } from "node:stream"
import { lend, type ReadRange, throwIfCancelled } from "@entrepot/core"
import type { CanSend } from "./blob-store.ts"
import type { OpenFile } from "./open-files.ts"
import { type Piece, PieceReader } from "./piece-reader.ts"
import type { ReadBuffers } from "./read-buffers.ts"
import { sendPieces } from "./send-pieces.ts"

/** Streams that nobody ever reads let go of their files when they are garbage. */
const unread = new FinalizationRegistry<PieceReader>((reader) => reader.close())

/**
 * The bytes of an open file, to be read once: by a loop, or straight into a response. One piece is read ahead of whoever takes them. What is read
 * is the file that was opened, whatever becomes of its name. A loop's chunks are lent: `giveBack` makes it nearly as cheap as `sendTo`.
 */
export class DiskStream implements AsyncIterable<Buffer>, CanSend {
  readonly #reader: PieceReader
  readonly #signal: AbortSignal | undefined
  #isTaken = false

  /** Takes over the caller's use of the file. */
  constructor(file: OpenFile, range: ReadRange, buffers: ReadBuffers, signal: AbortSignal | undefined) {
    this.#reader = new PieceReader(file, range, buffers)
    this.#signal = signal
    unread.register(this, this.#reader, this)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    const reader = this.#take()
    const { buffers } = reader
    let ahead: Promise<Piece> | undefined
    try {
      while (ahead !== undefined || !reader.isAtEnd) {
        throwIfCancelled(this.#signal)
        const { memory, bytes } = await (ahead ?? readPiece(reader))
        ahead = !reader.isAtEnd && buffers.mayReadAhead ? readPiece(reader) : undefined
        // The consumer may never come back for a read that failed.
        ahead?.catch(() => undefined)
        let isOut = true
        lend(bytes, () => {
          if (isOut) buffers.give(memory)
          else buffers.recycle(memory)
          isOut = false
        })
        const since = performance.now()
        try {
          yield bytes
        } finally {
          if (isOut) buffers.forget(memory)
          isOut = false
        }
        reader.noteTaken(bytes.length, performance.now() - since)
      }
    } finally {
      await ahead?.then(({ memory }) => buffers.give(memory)).catch(() => undefined)
      reader.close()
    }
  }

  async sendTo(to: Writable): Promise<void> {
    await sendPieces(this.#take(), to, this.#signal)
  }

  #take(): PieceReader {
    if (this.#isTaken) throw new Error("this stream was read already")
    this.#isTaken = true
    unread.unregister(this)
    return this.#reader
  }
}

function readPiece(reader: PieceReader): Promise<Piece> {
  return new Promise((resolve, reject) => reader.read((error, piece) => (piece ? resolve(piece) : reject(error))))
}
