import { exitCodes } from "./exit-code.ts"

export interface Interruption {
  readonly signal: AbortSignal
  onInterrupt(handler: () => void): void
  /** Lets go of the process's signals. */
  dispose(): void
}

/** The first SIGINT or SIGTERM aborts, the second ends the process at once. */
export function interruption(exit: (code: number) => void = process.exit): Interruption {
  const controller = new AbortController()
  let handler: () => void = () => {}
  const interrupted = () => {
    if (controller.signal.aborted) return exit(exitCodes.cancelled)
    controller.abort()
    handler()
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
