import { type HashRun, HashThread } from "./hash-thread.ts"

/** Threads that hash files, each run in the one with the fewest. */
export class HashThreads {
  readonly #threads: readonly HashThread[]

  constructor(count: number) {
    this.#threads = Array.from({ length: count }, () => new HashThread())
  }

  /** See `HashThread.start`. */
  start(fd: number, algorithm: "sha256" | "sha512"): HashRun {
    return this.#threads.reduce((least, other) => (other.runs < least.runs ? other : least)).start(fd, algorithm)
  }

  /** Hex of the first `size` bytes of what is open as `fd`. @throws Error with the system's `code`; what the signal says. */
  async digest(fd: number, size: number, algorithm: "sha256" | "sha512", signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted()
    const run = this.start(fd, algorithm)
    const stop = () => void run.end()
    signal?.addEventListener("abort", stop, { once: true })
    try {
      run.grow(size)
      return await run.digest()
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener("abort", stop)
      await run.end()
    }
  }

  /** Ends them all; whoever waits gets an error. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }
}
