import { createInterface } from "node:readline"
import type { MirrorRequest } from "../jobs/job-service.ts"
import { createRuntime } from "./create-runtime.ts"
import { impatient, silentLog, testActor, testConfiguration } from "./runtime-settings.fixture.ts"

export interface ProgramOptions {
  readonly directory: string
  /** Shown to registries, so that their logs tell processes apart. */
  readonly userAgent: string
  readonly concurrency?: number
  readonly leaseMs?: number
  readonly graceMs?: number
}

/**
 * Run as its own process with ProgramOptions as JSON: runs jobs over the database in that directory, says `ready`, starts what comes on standard input
 * (a MirrorRequest in each line) and answers each with its job's number once that is acknowledged. SIGTERM drains it.
 */
const options = JSON.parse(process.argv[2] ?? "{}") as ProgramOptions
const { directory, userAgent, concurrency = 3, leaseMs = 30_000, graceMs = 0 } = options
const configuration = testConfiguration(directory, { concurrency })
const runtime = await createRuntime(configuration, {
  ...impatient,
  log: silentLog,
  http: { ...impatient.http, userAgent },
  leaseMs,
})
const actor = await testActor(runtime)
const lines = createInterface({ input: process.stdin })
lines.on("line", (line) => {
  const request = JSON.parse(line) as MirrorRequest
  void runtime.services.jobs.start(actor, request).then(({ id }) => process.stdout.write(`${id}\n`))
})
process.once("SIGTERM", () => {
  lines.close()
  void runtime
    .drain(graceMs)
    .then(() => runtime.close())
    .then(() => process.exit(0))
})
process.stdout.write("ready\n")
