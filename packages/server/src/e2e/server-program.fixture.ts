import { readConfiguration } from "../configuration/read-configuration.ts"
import { createLog, secretsOf } from "../logging/create-log.ts"
import { serveUntilSignal } from "../serve-until-signal.ts"
import { startServer } from "../start-server.ts"

/**
 * Run as a process of its own: the whole server without its pages, configured by the environment like the real one; its files are below the working
 * directory; TEST_GRACE_MS is what running jobs are given when it stops. Prints its log, and a line `{"ready":"http://…"}`.
 */
const configuration = await readConfiguration(process.env, { root: process.cwd() })
const log = createLog({
  level: configuration.logLevel,
  write: (line) => process.stdout.write(line),
  secrets: secretsOf(configuration),
})
const server = await startServer(configuration, { log, graceMs: Number(process.env.TEST_GRACE_MS ?? 30_000) })
for (const notice of server.runtime.notices) log.warn({}, notice)
process.stdout.write(`${JSON.stringify({ ready: server.url })}\n`)
await serveUntilSignal(server, log)
process.exit(0)
