import { exitCodes } from "./exit-code.ts"

export interface Interruption {
  readonly signal: AbortSignal
  onInterrupt(handler: () => void): void
  /** Lets go of the process's signals. */
  dispose(): void
}

/** A script runner passes on the Ctrl-C that the terminal has sent to everybody: within this time it is the same one. */
const sameMs = 300

/** The first SIGINT or SIGTERM aborts, the second ends the process at once. */
export function interruption(exit: (code: number) => void = process.exit, now: () => number = Date.now): Interruption {
  const controller = new AbortController()
  let handler: () => void = () => {}
  let firstAt = 0
  const interrupted = () => {
    if (!controller.signal.aborted) {
      firstAt = now()
      controller.abort()
      handler()
    } else if (now() - firstAt > sameMs) exit(exitCodes.cancelled)
  }
  const signals = ["SIGINT", "SIGTERM"] as const
  for (const name of signals) process.on(name, interrupted)
  return {
    signal: controller.signal,
    onInterrupt(next) {
      handler = next
    },
    dispose() {
      for (const name of signals) process.off(name, interrupted)
    },
  }
}
