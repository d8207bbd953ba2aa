import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { buildProgram } from "@entrepot/testing"
import type { MirrorRequest } from "../jobs/job-service.ts"
import type { ProgramOptions } from "./program.fixture.ts"

/** `program.fixture.ts`, made runnable in that directory. */
export function programIn(directory: string): Promise<string> {
  return buildProgram(new URL("./program.fixture.ts", import.meta.url), join(directory, "program.mjs"))
}

/** The application as a process of its own. */
export class AppProcess {
  readonly child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  #stderr = ""

  constructor(program: string, options: ProgramOptions) {
    this.child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["pipe", "pipe", "pipe"] })
    this.child.stderr.on("data", (chunk) => {
      this.#stderr += String(chunk)
    })
    // Whoever kills it may be writing to it.
    this.child.stdin.on("error", () => {})
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }

  /** False when it died before. @throws Error with what it wrote to stderr. */
  async ready(): Promise<boolean> {
    const { value } = await this.#lines.next()
    if (this.#stderr !== "") throw new Error(this.#stderr)
    return value === "ready"
  }

  /** Number of the acknowledged job; undefined when the process died before. */
  async start(request: MirrorRequest): Promise<number | undefined> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`)
    const { value } = await this.#lines.next()
    return value === undefined ? undefined : Number(value)
  }

  /** Returns when it is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const exited = once(this.child, "exit")
    this.child.kill(signal)
    await exited
  }
}
