import { type ChildProcess, spawn } from "node:child_process"
import { join } from "node:path"
import { buildProgram as bundleProgram } from "@entrepot/testing"

/** A TypeScript program made runnable by this Node, to be started as processes of their own. */
export interface BuiltProgram {
  start(...args: readonly string[]): ChildProcess
  /** @throws Error with the program's stderr unless it ends with 0. */
  run(...args: readonly string[]): Promise<void>
}

/** `url` as from `new URL("./x.fixture.ts", import.meta.url)`; `directory` is where the result goes. */
export async function buildProgram(url: URL, directory: string): Promise<BuiltProgram> {
  const outfile = await bundleProgram(url, join(directory, "program.mjs"))
  const start = (...args: readonly string[]) => spawn(process.execPath, [outfile, ...args], { stdio: ["ignore", "pipe", "pipe"] })
  return {
    start,
    async run(...args) {
      const child = start(...args)
      let stderr = ""
      child.stderr?.on("data", (chunk) => {
        stderr += String(chunk)
      })
      const code = await new Promise((resolve) => child.once("close", resolve))
      if (code !== 0) throw new Error(`the program ended with ${code}\n${stderr}`)
    },
  }
}
