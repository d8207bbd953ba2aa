import type { Log } from "./runtime/runtime.ts"
import type { RunningServer } from "./start-server.ts"

const signals = [
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const

/**
 * Waits for SIGTERM or SIGINT, then closes the server and resolves (fault 50). A second signal ends the process at once with the usual 128 plus
 * the signal's number; jobs then go on as after a crash.
 */
export async function serveUntilSignal(server: Pick<RunningServer, "close">, log: Log): Promise<void> {
  const first = await new Promise<NodeJS.Signals>((resolve) => {
    let asked = false
    for (const [signal, code] of signals) {
      process.on(signal, () => {
        if (asked) process.exit(code)
        asked = true
        resolve(signal)
      })
    }
  })
  log.info({ signal: first }, "stopping: running jobs may end; a second signal stops at once")
  await server.close()
  log.info({}, "stopped")
}
