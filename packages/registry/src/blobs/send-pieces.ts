import type { Writable } from "node:stream"
import { TransferError } from "@entrepot/core"
import type { Piece, PieceReader } from "./piece-reader.ts"

/**
 * Writes what a reader reads, one piece ahead, and uses each piece's memory again once it was taken. Closes the reader. Resolves when the last byte
 * was taken; `to` is not ended.
 * @throws TransferError `cancelled` when the signal says so or `to` closes before, `local_io`, and what `to` throws.
 */
export function sendPieces(reader: PieceReader, to: Writable, signal: AbortSignal | undefined): Promise<void> {
  const { buffers } = reader
  return new Promise((resolve, reject) => {
    let isReading = false
    let isOver = false
    let failure: unknown
    let writing: Piece | undefined
    let ready: Piece | undefined

    const finish = () => {
      if (isReading || isOver) return
      isOver = true
      to.off("close", leave)
      to.off("error", fail)
      signal?.removeEventListener("abort", stop)
      // A connection that breaks may hold its memory still.
      if (writing) buffers.forget(writing.memory)
      writing = undefined
      if (ready) buffers.give(ready.memory)
      reader.close()
      if (failure === undefined) resolve()
      else reject(failure)
    }
    const fail = (error: unknown) => {
      failure ??= error
      finish()
    }
    const leave = () => fail(new TransferError("cancelled", "the reader left"))
    const stop = () => fail(new TransferError("cancelled", "stopped on request", { cause: signal?.reason }))

    const write = (piece: Piece) => {
      writing = piece
      const since = performance.now()
      to.write(piece.bytes, (error) => {
        if (writing !== piece) return
        if (error) {
          fail(error)
          return
        }
        writing = undefined
        reader.noteTaken(piece.bytes.length, performance.now() - since)
        buffers.give(piece.memory)
        const next = ready
        ready = undefined
        if (next) write(next)
        advance()
      })
    }
    const advance = () => {
      if (isReading || ready || failure !== undefined) return
      if (reader.isAtEnd) {
        if (!writing) finish()
        return
      }
      if (writing && !buffers.mayReadAhead) return
      isReading = true
      reader.read((error, piece) => {
        isReading = false
        if (piece && failure === undefined) {
          if (writing) ready = piece
          else write(piece)
          advance()
          return
        }
        if (piece) buffers.give(piece.memory)
        fail(error)
      })
    }

    to.on("close", leave)
    to.on("error", fail)
    signal?.addEventListener("abort", stop, { once: true })
    if (signal?.aborted) stop()
    else if (to.destroyed) leave()
    else advance()
  })
}
