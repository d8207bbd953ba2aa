import { TransferError } from "../../errors/transfer-error.ts"

/**
 * Runs `work` under a signal that is aborted only `graceMs` after `signal`: for a request that makes the registry begin something, which has to be
 * known in order to be given up. Nothing is begun once `signal` is aborted.
 * @throws TransferError `cancelled`, or what `work` throws.
 */
export async function outlasting<T>(
  signal: AbortSignal | undefined,
  graceMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw new TransferError("cancelled", "cancelled", { cause: signal.reason })
  const lasting = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const abort = () => {
    timer = setTimeout(() => lasting.abort(signal?.reason), graceMs)
  }
  signal?.addEventListener("abort", abort, { once: true })
  try {
    return await work(lasting.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener("abort", abort)
  }
}
