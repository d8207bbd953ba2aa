import { type NewJob, openDatabase } from "@entrepot/db"
import { createScheduler } from "./create-scheduler.ts"

/** Run as its own process: `DATABASE FIRST LAST` says that it is ready, waits for a line, and looks once at each hour from FIRST to LAST. */
const [path = "", first = "0", last = "0"] = process.argv.slice(2)
const hour = 3_600_000

const job: NewJob = {
  ownerId: 1,
  source: "127.0.0.1:1/app:1",
  target: "127.0.0.1:1/mirror/app:1",
  sourceHost: "127.0.0.1:1",
  targetHost: "127.0.0.1:1",
  request: { source: "docker://127.0.0.1:1/app:1", target: "docker://127.0.0.1:1/mirror/app:1", engine: "direct" },
  priority: 0,
}

const stores = await openDatabase({ kind: "sqlite", path })
let now = Number(first)
const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => process.stderr.write(`${JSON.stringify(fields)}\n`) }
const scheduler = createScheduler({ stores, jobs: { prepare: async () => job }, log, now: () => now })
process.stdout.write("ready\n")
await new Promise((resolve) => process.stdin.once("data", resolve))
let made = 0
for (; now <= Number(last); now += hour) made += (await scheduler.pass()).length
await stores.close()
process.stdout.write(`${made}\n`)
process.exit(0)
