import type { Side } from "../../errors/error-code.ts"
import { isCancellation, isTransferError, type TransferError } from "../../errors/transfer-error.ts"
import { RetryCount, type RetryPolicy } from "../../transfer/retry-policy.ts"
import type { Daemon } from "./daemon.ts"
import type { LayerProgress } from "./layer-progress.ts"

export interface RetryThroughRestart {
  readonly daemon: Daemon
  readonly policy: RetryPolicy
  /** How long a daemon that went away is waited for. Milliseconds. */
  readonly reconnectMs: number
  readonly signal: AbortSignal
  readonly warn: (message: string) => void
}

/** A name that no server knows costs one more try, not all of them (RELIABILITY fault 2). */
const attemptsForUnknownHost = 2
/** Between two looks whether the daemon is back. */
const reconnectPauseMs = 200

/**
 * Does `work` again after what may pass: the network, the registry, a daemon that is restarted (RELIABILITY fault 46). What the daemon has whole it
 * keeps, so that a try that gained bytes starts the count again.
 * @throws TransferError the last one, on `side` where it had none.
 */
export async function retryThroughRestart<Value>(
  options: RetryThroughRestart,
  side: Side,
  work: () => Promise<Value>,
  progress?: LayerProgress,
): Promise<Value> {
  const { policy, signal, warn } = options
  const count = new RetryCount(policy)
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isTransferError(error) || isCancellation(error, signal)) throw error
      progress?.breakOff()
      const waitMs = count.next(progress?.transferredBytes ?? 0, error.retryAfterMs)
      const attempts = count.failures
      const isUnknownHost = error.code === "network" && error.message.includes("no such host")
      const isLast = waitMs === undefined || (isUnknownHost && attempts >= attemptsForUnknownHost)
      if (isLast || !mayPass(error)) throw error.with({ side, attempts })
      warn(`${error.message}; trying again`)
      await policy.clock.sleep(waitMs, signal)
      if (error.code === "docker_unavailable") await waitForDaemon(options, error)
    }
  }
}

function mayPass(error: TransferError): boolean {
  return ["network", "rate_limited", "server_error", "docker_unavailable"].includes(error.code)
}

async function waitForDaemon(options: RetryThroughRestart, why: TransferError): Promise<void> {
  const { daemon, policy, reconnectMs, signal } = options
  const deadline = policy.clock.now() + reconnectMs
  for (;;) {
    try {
      return await daemon.ping(signal)
    } catch (error) {
      if (isCancellation(error, signal)) throw error
      if (policy.clock.now() >= deadline) throw why
      await policy.clock.sleep(reconnectPauseMs, signal)
    }
  }
}
