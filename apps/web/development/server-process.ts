import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"

/** The server as a process of its own, so that it can be started anew. It gets this process's environment and what is given beside. */
export class ServerProcess {
  readonly #program: string
  readonly #variables: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #expected = false
  #closed = false
  #fail: (error: Error) => void = () => undefined
  /** Rejects when the server ends by itself. */
  readonly failed: Promise<never>

  constructor(program: string, variables: Readonly<Record<string, string>>) {
    this.#program = program
    this.#variables = variables
    this.failed = new Promise((_, reject) => {
      this.#fail = reject
    })
    this.failed.catch(() => undefined)
  }

  /** Returns the server's URL once it is ready. */
  async start(): Promise<string> {
    const child = spawn(process.execPath, [this.#program, "--development"], {
      env: { ...process.env, ...this.#variables },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    })
    this.#child = child
    this.#expected = false
    child.once("exit", (code) => {
      if (!this.#expected) this.#fail(new Error(`the server ended with code ${code}`))
    })
    const ready = new Promise<string>((resolve) => {
      child.once("message", (message) => resolve(String(message)))
    })
    return Promise.race([ready, this.failed])
  }

  async restart(): Promise<void> {
    await this.#stop()
    if (!this.#closed) await this.start()
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#stop()
  }

  async #stop(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    this.#expected = true
    const ended = once(child, "exit")
    child.kill("SIGTERM")
    // A second signal does not wait for jobs, which go on after the next start.
    const impatient = setTimeout(() => child.kill("SIGTERM"), 500)
    await ended
    clearTimeout(impatient)
  }
}
