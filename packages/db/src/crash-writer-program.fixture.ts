import { newJob } from "./database.fixture.ts"
import { openDatabase } from "./open-database.ts"

/** Run as a process of its own with the path of a database: writes without end, and says on stdout what was acknowledged, a line each. It is killed. */
const { jobs } = await openDatabase({ kind: "sqlite", path: process.argv[2] ?? "" })
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
