import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { newJob } from "./database.fixture.ts"
import { openDatabase } from "./open-database.ts"

/** Writes without end, and says on stdout what was acknowledged, a line each. Runs in a process of its own, which is killed. */
export async function writeUntilKilled(path: string): Promise<void> {
  const { jobs } = await openDatabase({ kind: "sqlite", path })
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const log = { type: "log", level: "info", message: "x".repeat(2_000) } as const
  for (let at = 1; ; at++) {
    const { batch } = await jobs.createBatch({ ownerId: 1, priority: 0, title: "two", children: [newJob(), newJob()] }, at)
    say(`created ${batch.id}`)
    const lease = await jobs.claim({ runnerId: String(process.pid), now: at })
    if (!lease) throw new Error("nothing to claim")
    await jobs.record(lease, { at, events: [log, log, log] })
    await jobs.finish(lease, { at, state: "succeeded", events: [log] })
    say(`finished ${lease.jobId}`)
  }
}

interface Writer extends AsyncDisposable {
  /** Lines that it has said so far, whole ones only. */
  lines(): readonly string[]
  /** Resolves once it has said so many. */
  said(count: number): Promise<void>
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>
}

const script = `
import { createViteServer } from "vitest/node"
const [file, name, path] = process.argv.slice(1)
const server = await createViteServer({ configFile: false, logLevel: "error", appType: "custom", optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null } })
const module = await server.ssrLoadModule(file)
await module[name](path)
`

/** Starts \`writeUntilKilled\` as a process. */
export function startWriter(path: string): Writer {
  const directory = join(import.meta.dirname, "..")
  const file = join(import.meta.dirname, "crash-writer.fixture.ts")
  const args = ["--input-type=module", "-e", script, file, writeUntilKilled.name, path]
  const child = spawn(process.execPath, args, {
    cwd: directory,
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env.PATH },
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
