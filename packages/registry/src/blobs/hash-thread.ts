import { Worker } from "node:worker_threads"
import { type FromHashThread, hashProgram, type ToHashThread } from "./hash-program.ts"

interface Asker {
  resolve(hex: string): void
  reject(error: Error): void
}

/** The file of a run, being hashed from its beginning by a thread that reads it by itself. */
export interface HashRun {
  /** Tells how far the file may be read. Never less than before. */
  grow(to: number): void
  /** Hex of the hash of all bytes that `grow` has named so far, once the thread has come that far. @throws Error with the system's `code`. */
  digest(): Promise<string>
  /** Resolves when the thread will not touch the descriptor again: only then it may be closed. */
  end(): Promise<void>
}

/** A thread that hashes files. Starts with the first run, and keeps no process alive but while somebody waits for it. */
export class HashThread {
  #worker: Worker | undefined
  #lastNumber = 0
  #runs = 0
  readonly #askers = new Map<number, Asker>()

  /** How many runs it has. */
  get runs(): number {
    return this.#runs
  }

  /** Begins to hash what is open as `fd`, of which nothing may be read yet. */
  start(fd: number, algorithm: "sha256" | "sha512"): HashRun {
    const worker = this.#worker ?? this.#begin()
    const run = ++this.#lastNumber
    this.#runs++
    let ending: Promise<void> | undefined
    const tell = (message: ToHashThread) => worker.postMessage(message)
    const ask = (type: "digest" | "end"): Promise<string> => {
      if (worker !== this.#worker) return Promise.reject(new Error("the thread that hashed has ended"))
      return new Promise((resolve, reject) => {
        const number = ++this.#lastNumber
        if (this.#askers.size === 0) worker.ref()
        this.#askers.set(number, { resolve, reject })
        tell({ type, run, ask: number })
      })
    }
    const end = async () => {
      this.#runs--
      // A thread that is gone touches nothing any more.
      await ask("end").catch(() => undefined)
    }
    tell({ type: "grow", run, fd, algorithm, to: 0 })
    return {
      grow: (to) => tell({ type: "grow", run, fd, algorithm, to }),
      digest: () => ask("digest"),
      end() {
        ending ??= end()
        return ending
      },
    }
  }

  /** Ends the thread; whoever waits for it gets an error. */
  async close(): Promise<void> {
    const worker = this.#worker
    this.#lose(new Error("the store was closed"))
    await worker?.terminate()
  }

  #begin(): Worker {
    const worker = new Worker(hashProgram, { eval: true, execArgv: [], env: {}, name: "blob-hash" })
    worker.unref()
    worker.on("message", (message: FromHashThread) => {
      const asker = this.#askers.get(message.ask)
      this.#askers.delete(message.ask)
      if (this.#askers.size === 0) worker.unref()
      if (message.failure === undefined) asker?.resolve(message.hex ?? "")
      else asker?.reject(Object.assign(new Error(message.failure), message.code === undefined ? {} : { code: message.code }))
    })
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#lose(error)
    })
    worker.on("exit", () => {
      if (this.#worker === worker) this.#lose(new Error("the thread that hashed has ended"))
    })
    this.#worker = worker
    return worker
  }

  #lose(error: Error): void {
    this.#worker = undefined
    const askers = [...this.#askers.values()]
    this.#askers.clear()
    for (const asker of askers) asker.reject(error)
  }
}
