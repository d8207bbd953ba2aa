import { createHash, type Hash } from "node:crypto"
import type { DigestAlgorithm } from "@entrepot/core"
import type { HashRun } from "./hash-thread.ts"
import type { HashThreads } from "./hash-threads.ts"

/** Below this, handing the work to a thread costs more than the work. */
const inlineBytes = 1024 * 1024

/** How much the file grows before the thread is told. */
const tellEveryBytes = 1024 * 1024

/**
 * The hash of a file that grows. A small one is hashed by whoever appends; beyond 1 MiB, and for what an earlier process left, a thread reads the file
 * after them and starts over at its beginning.
 */
export class RunningHash {
  readonly algorithm: DigestAlgorithm
  readonly #threads: HashThreads
  readonly #fd: number
  #inline: Hash | undefined
  #run: HashRun | undefined
  #sizeBytes: number
  #toldBytes = 0

  constructor(threads: HashThreads, fd: number, sizeBytes: number, algorithm: DigestAlgorithm) {
    this.algorithm = algorithm
    this.#threads = threads
    this.#fd = fd
    this.#sizeBytes = sizeBytes
    if (sizeBytes === 0) this.#inline = createHash(algorithm)
  }

  /** These bytes are now at the end of the file. */
  update(chunks: readonly Buffer[], addedBytes: number): void {
    this.#sizeBytes += addedBytes
    if (this.#inline === undefined || this.#sizeBytes > inlineBytes) {
      if (this.#run === undefined || this.#sizeBytes - this.#toldBytes >= tellEveryBytes) this.#handOver()
    } else {
      let left = addedBytes
      for (const chunk of chunks) {
        if (left <= 0) break
        this.#inline.update(chunk.length <= left ? chunk : chunk.subarray(0, left))
        left -= chunk.length
      }
    }
  }

  /** Hex of all bytes so far. After a failure the next call starts over. @throws Error with the system's `code`. */
  async digest(): Promise<string> {
    if (this.#inline !== undefined) return this.#inline.copy().digest("hex")
    try {
      return await this.#handOver().digest()
    } catch (error) {
      await this.end()
      throw error
    }
  }

  /** Resolves when nothing reads the file any more for this hash. */
  async end(): Promise<void> {
    const run = this.#run
    this.#run = undefined
    await run?.end()
  }

  #handOver(): HashRun {
    this.#inline = undefined
    this.#run ??= this.#threads.start(this.#fd, this.algorithm)
    this.#run.grow(this.#sizeBytes)
    this.#toldBytes = this.#sizeBytes
    return this.#run
  }
}
