import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, readdir, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { runProgram } from "@entrepot/testing"
import { onTestFinished } from "vitest"

export const repository = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "")

/** Builds the pages and bundles the program, each where it is older than what it is made of. */
export async function buildProgram(): Promise<void> {
  const web = join(repository, "apps/web")
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" }
  const [built, bundled] = await Promise.all([timeOf(join(web, ".next/BUILD_ID")), timeOf(join(web, "dist/server.js"))])
  const shown = await newestOf(["apps/web/src", "packages/client/src", "packages/core/src"])
  const next = join(web, "node_modules/next/dist/bin/next")
  if (shown > built) await runProgram(process.execPath, [next, "build", web], { env })
  // Bundling also compresses what the pages have been built into.
  const files = ["apps/web/build.mjs", "apps/web/.next/BUILD_ID", "pnpm-lock.yaml"].map((path) => timeOf(join(repository, path)))
  const run = await newestOf(["packages/db/src", "packages/registry/src", "packages/server/src", "build"])
  if (Math.max(shown, run, ...(await Promise.all(files))) > bundled)
    await runProgram(process.execPath, [join(web, "build.mjs")], { env })
}

/** When the newest source below these folders was changed, milliseconds since 1970; tests are none. */
async function newestOf(folders: readonly string[]): Promise<number> {
  return Math.max(...(await Promise.all(folders.map((folder) => newestIn(join(repository, folder))))))
}

async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile() && !/\.(test|fixture)\.ts$/.test(entry.name))
  return Math.max(0, ...(await Promise.all(files.map((file) => timeOf(join(file.parentPath, file.name))))))
}

/** When a file was changed, milliseconds since 1970; 0 where there is none. */
async function timeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0
}

/** A directory that goes with the test. */
export async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "entrepot-web-"))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

export interface Program {
  readonly child: ChildProcess
  /** Everything that it printed so far. */
  output(): string
  /** Its exit code; 128 and the signal's number where a signal ended it. */
  readonly ended: Promise<number>
  /** The URL, once it is ready; rejects when it ends before. */
  readonly ready: Promise<string>
}

/** The built program as a process of its own, with a clean environment, for one test. */
export function startProgram(variables: Readonly<Record<string, string>>): Program {
  const program = spawnProgram(variables)
  onTestFinished(() => program[Symbol.asyncDispose]())
  return program
}

/** The same, for as long as its caller wants it: disposing of it kills it. */
export function spawnProgram(variables: Readonly<Record<string, string>>): Program & AsyncDisposable {
  const child = spawn(process.execPath, [join(repository, "apps/web/dist/server.js")], {
    env: { NODE_ENV: "production", PATH: process.env.PATH ?? "", ...variables },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  })
  let text = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (part: string) => {
      text += part
    })
  }
  const ended = new Promise<number>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGKILL" ? 137 : 143)))
  })
  const ready = new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve(String(message)))
    ended.then((code) => reject(new Error(`ended with ${code}: ${text}`)))
  })
  ready.catch(() => undefined)
  return {
    child,
    output: () => text,
    ended,
    ready,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL")
      await ended
    },
  }
}

/** Asks until there is an answer with that status. */
export async function fetchUntil(url: string, status: number): Promise<Response> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.status === status) return answer
    await answer?.arrayBuffer()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
