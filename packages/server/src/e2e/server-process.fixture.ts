import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { performance } from "node:perf_hooks"
import { buildProgram } from "@entrepot/testing"

/** The server of server-program.fixture.ts, bundled; its directory goes with it. */
export interface ServerProgram extends AsyncDisposable {
  readonly path: string
}

export async function buildServerProgram(): Promise<ServerProgram> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-server-"))
  const path = await buildProgram(new URL("./server-program.fixture.ts", import.meta.url), join(directory, "server.mjs"))
  return { path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) }
}

export interface ServerProcessOptions {
  readonly program: Pick<ServerProgram, "path">
  /** Working directory of the process; its data stands in `data` below. */
  readonly directory: string
  /** Nothing of the environment of the tests gets there but PATH. */
  readonly variables?: Readonly<Record<string, string>>
  /** For Node itself: `--cpu-prof`. */
  readonly nodeOptions?: readonly string[]
}

export interface ServerProcess extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  readonly pid: number
  /** From the start of the process until it answered. */
  readonly startedInMs: number
  /** Everything that it has printed so far, both channels. */
  output(): string
  /** Sends the signal and waits for the end. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<{ readonly code: number | null; readonly signal: string | null }>
}

/** @throws Error with what the process printed, when it ends before it is ready. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { program, directory, variables = {}, nodeOptions = [] } = options
  const began = performance.now()
  const child = spawn(process.execPath, [...nodeOptions, program.path], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? "", HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "info", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const ended = once(child, "exit") as Promise<[number | null, string | null]>
  let output = ""
  const url = await new Promise<string>((resolve, reject) => {
    const read = (piece: unknown) => {
      output += String(piece)
      const ready = /^\{"ready":"([^"]+)"\}$/m.exec(output)?.[1]
      if (ready !== undefined) resolve(ready)
    }
    child.stdout.on("data", read)
    child.stderr.on("data", read)
    ended.then(([code, signal]) => reject(new Error(`the server ended with ${code ?? signal}\n${output}`)), reject)
  })
  const startedInMs = performance.now() - began
  const stop = async (signal: "SIGTERM" | "SIGKILL" = "SIGTERM") => {
    if (!hasEnded(child)) child.kill(signal)
    const [code, by] = await ended
    return { code, signal: by }
  }
  return {
    url,
    pid: child.pid ?? 0,
    startedInMs,
    output: () => output,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop("SIGKILL")),
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
