import { type ChildProcess, execFile, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { beforeAll, vi } from "vitest"
import type { Output } from "./context.ts"
import { readEnvironment } from "./environment.ts"
import { speak } from "./locale.ts"
import { localeFor, runCommand } from "./run-command.ts"

const executable = fileURLToPath(new URL("../bin/entrepot.mjs", import.meta.url))
const bundle = new URL("../dist/main.js", import.meta.url)
/** What the executable does once it has found its bundle up to date. */
const program = `import(${JSON.stringify(bundle.href)}).then(({ main }) => main(process.argv.slice(1)))`

// A process takes seconds to start where every core is busy.
vi.setConfig({ testTimeout: 60_000 })
// Once and before the tests, so that none of them pays for a build, nor is disturbed by a source that is saved meanwhile.
beforeAll(() => promisify(execFile)(process.execPath, [executable, "--version"]), 300_000)

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** Nobody reads standard output. */
  readonly closeStdout?: boolean
  /** Called with the process and all of its standard error so far, whenever there is more. */
  readonly onStderr?: (text: string, child: ChildProcess) => void
}

/** The command line as a person has it, in a directory of its own, with a home of its own. */
export interface Executable extends AsyncDisposable {
  readonly directory: string
  /** In this process, one at a time: the same but for signals and closed streams, without the start of a process. */
  run(args: readonly string[], options?: Pick<RunOptions, "input" | "env">): Promise<Finished>
  /** In a process of its own, as the executable does. */
  start(args: readonly string[], options?: RunOptions): Promise<Finished>
}

export async function executableIn(): Promise<Executable> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-cli-"))
  return {
    directory,
    run: (args, options = {}) => runHere(directory, args, options),
    start: (args, options = {}) => start(directory, args, options),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

/** A home and a history of its own: nothing is ever written into the repository's. */
function baseEnvironment(directory: string): Record<string, string> {
  return { HOME: directory, LANG: "C.UTF-8", DATA_DIR: join(directory, "data") }
}

async function runHere(directory: string, argv: readonly string[], { input = "", env = {} }: RunOptions): Promise<Finished> {
  // The thread that records is a file of the bundle, and is not there for sources.
  const environment = readEnvironment({ ...baseEnvironment(directory), ENTREPOT_HISTORY: "off", ...env })
  const locale = localeFor(argv, environment)
  const [stdout, stderr] = [collector(), collector()]
  let code: number | null = null
  const before = process.cwd()
  process.chdir(directory)
  try {
    await runCommand(argv, {
      environment,
      locale,
      say: speak(locale),
      stdout,
      stderr,
      readInput: async () => input.replace(/\r?\n$/, ""),
      ask: undefined,
      signal: new AbortController().signal,
      onInterrupt() {},
      now: Date.now,
      finish(given) {
        code = given
      },
    })
  } finally {
    process.chdir(before)
  }
  return { code: code ?? 0, stdout: stdout.text(), stderr: stderr.text() }
}

function collector(): Output & { text(): string } {
  const chunks: Buffer[] = []
  return {
    write: (content) => void chunks.push(Buffer.from(content)),
    isTerminal: false,
    size: () => ({ columns: 80, rows: 24 }),
    onResize: () => () => {},
    text: () => Buffer.concat(chunks).toString("utf8"),
  }
}

function start(
  directory: string,
  args: readonly string[],
  { input, env = {}, closeStdout, onStderr }: RunOptions,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--eval", program, "--", ...args], {
      cwd: directory,
      env: { ...baseEnvironment(directory), ...env },
      stdio: ["pipe", "pipe", "pipe"],
    })
    let stdout = ""
    let stderr = ""
    if (closeStdout) child.stdout.destroy()
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text
      onStderr?.(stderr, child)
    })
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
    child.stdin.on("error", () => undefined)
    child.stdin.end(input ?? "")
  })
}
