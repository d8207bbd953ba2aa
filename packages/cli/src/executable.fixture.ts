import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const executable = fileURLToPath(new URL("../bin/entrepot.mjs", import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  /** Without the note of a build. */
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

/** The executable as a person has it, in a directory of its own, with a home of its own. */
export interface Executable extends AsyncDisposable {
  readonly directory: string
  run(args: readonly string[], options?: RunOptions): Promise<Finished>
}

export async function executableIn(): Promise<Executable> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-cli-"))
  return {
    directory,
    run: (args, options = {}) => run(directory, args, options),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

function run(
  directory: string,
  args: readonly string[],
  { input, env = {}, closeStdout, onStderr }: RunOptions,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [executable, ...args], {
      cwd: directory,
      env: { HOME: directory, LANG: "C.UTF-8", ...env },
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
    child.on("close", (code) => resolve({ code, stdout, stderr: stderr.replace(/^entrepot: .*building …\n/gm, "") }))
    child.stdin.on("error", () => undefined)
    child.stdin.end(input ?? "")
  })
}
