import { TransferError } from "../../errors/transfer-error.ts"

export interface DeadlineOptions {
  /** For everything together: resolving, all addresses, a proxy, the TLS handshake. */
  readonly connectTimeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs `work` under a signal that is aborted with a TransferError when the time is over (`network`) or the caller gives up (`cancelled`);
 * whatever `work` throws after that, this error is what the caller sees.
 */
export async function withDeadline<T>(
  host: string,
  options: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const text = `no connection to ${host} within ${options.connectTimeoutMs / 1000} s`
  const timer = setTimeout(() => controller.abort(new TransferError("network", text, { host })), options.connectTimeoutMs)
  const cancel = () => controller.abort(new TransferError("cancelled", "cancelled", { host, cause: options.signal?.reason }))
  options.signal?.addEventListener("abort", cancel, { once: true })
  try {
    if (options.signal?.aborted) cancel()
    controller.signal.throwIfAborted()
    return await work(controller.signal)
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener("abort", cancel)
  }
}

/** Rejects with the signal's reason as soon as it is aborted, and never resolves. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
}
