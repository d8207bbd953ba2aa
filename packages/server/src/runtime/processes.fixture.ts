import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { once } from "node:events"
import { createRequire } from "node:module"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build, type Plugin } from "esbuild"
import type { MirrorRequest } from "../jobs/job-service.ts"
import type { ProgramOptions } from "./program.fixture.ts"

/** Native, or never needed here: loaded from where they are installed. */
const installed: Plugin = {
  name: "installed",
  setup(bundler) {
    bundler.onResolve({ filter: /^(better-sqlite3|dockerode|pg|pino|vitest)$/ }, ({ path, importer }) => {
      try {
        return { path: pathToFileURL(createRequire(importer).resolve(path)).href, external: true }
      } catch {
        return { path, external: true }
      }
    })
  },
}

/** `program.fixture.ts`, made runnable in that directory. */
export async function buildProgram(directory: string): Promise<string> {
  const outfile = join(directory, "program.mjs")
  await build({
    entryPoints: [fileURLToPath(new URL("./program.fixture.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: {
      js: `import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url)`,
    },
    plugins: [installed],
    logLevel: "error",
  })
  return outfile
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
