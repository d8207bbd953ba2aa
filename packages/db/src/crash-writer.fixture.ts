import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { buildProgram } from "@entrepot/testing"

interface Writer extends AsyncDisposable {
  /** Lines that it has said so far, whole ones only. */
  lines(): readonly string[]
  /** Resolves once it has said so many. */
  said(count: number): Promise<void>
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>
}

/** `crash-writer-program.fixture.ts`, made runnable in that directory. */
export function writerIn(directory: string): Promise<string> {
  return buildProgram(new URL("./crash-writer-program.fixture.ts", import.meta.url), join(directory, "writer.mjs"))
}

/** Starts that program on the database at `path`. */
export function startWriter(program: string, path: string): Writer {
  const child = spawn(process.execPath, [program, path], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { NODE_ENV: "test", PATH: process.env.PATH },
  })
  const end = once(child, "exit")
  let text = ""
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString()
  })
  const lines = () => text.split("\n").slice(0, -1)
  const kill = async () => {
    child.kill("SIGKILL")
    await end
  }
  return {
    lines,
    async said(count) {
      while (lines().length < count) {
        if (child.exitCode !== null) throw new Error(`the writer ended after ${lines().length} lines`)
        await Promise.race([once(child.stdout, "data"), end])
      }
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}
