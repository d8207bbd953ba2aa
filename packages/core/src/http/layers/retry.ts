import { type Clock, sleepUnless, systemClock } from "../../content/clock.ts"
import { isCancellation, isRetryable, isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, HttpResponse, Layer } from "../http.ts"
import { requestNeverSent, systemCode } from "./connection-errors.ts"
import { formatDuration, type OnNotice } from "./notice.ts"
import { retryAfterMs } from "./retry-after.ts"
import { guardBody, isBodySpent } from "./spent-body.ts"

export interface RetryOptions {
  /** Tries in all. Default 6. */
  readonly attempts?: number
  /** Ceiling of the first wait, doubled with every try. Default 500. */
  readonly minMs?: number
  /** Ceiling of every wait. Default 60,000. */
  readonly maxMs?: number
  /** Longest time that a server may ask us to wait. Default 15 minutes. */
  readonly maxWaitMs?: number
  readonly clock?: Clock
  /** 0 ≤ x < 1. */
  readonly random?: () => number
  readonly onNotice?: OnNotice
  /** Ends all waiting. */
  readonly closing?: AbortSignal
}

/** Longest wait that a server may ask for: beyond it, a request fails at once (RELIABILITY fault 24). */
export const longestWaitMs = 15 * 60 * 1000

/** A failed try, and what is known of it. */
interface Failure {
  readonly error: TransferError
  readonly retryable: boolean
  /** Tries that reached this end. */
  readonly attempts: number
}

/**
 * The retry policy (RELIABILITY section 2): connection errors, 408, 429 and 5xx are tried again after a random wait whose ceiling doubles
 * (full jitter). POST and PATCH only where the server cannot have done anything. TLS errors and everything else fail at once, a name
 * that does not resolve after the second time. This layer turns 408, 429 and 5xx into errors, also for a request with `retry: false`,
 * which gets one try; other statuses go up as responses. How long a host wants to be left alone is the limits layer's business: the
 * next try waits there.
 * @throws TransferError `network`, `rate_limited` (with `retryAfterMs` where the server said so), `server_error`; with `attempts`.
 */
export function retry(options: RetryOptions = {}): Layer {
  const clock = options.clock ?? systemClock
  const random = options.random ?? Math.random
  const { attempts = 6, minMs = 500, maxMs = 60_000, maxWaitMs = longestWaitMs } = options

  return (next) => async (original) => {
    const request = original.body ? { ...original, body: guardBody(original.body) } : original
    const tries = request.retry === false ? 1 : attempts
    let unresolved = 0
    let previous: Failure | undefined
    for (let attempt = 1; ; attempt++) {
      const result = await attemptOnce(attempt, previous)
      if ("status" in result) return result
      if (systemCode(result.error) === "ENOTFOUND") unresolved += 1
      if (!result.retryable || attempt >= tries || unresolved >= 2) throw described(result, request)
      previous = result
      await pause(result.error, attempt)
    }

    async function attemptOnce(attempt: number, last: Failure | undefined): Promise<HttpResponse | Failure> {
      try {
        const response = await next(request)
        if (!isTemporary(response.status)) return response
        await response.body.discard()
        return refused(response, attempt)
      } catch (error) {
        if (last && isBodySpent(error)) return { ...last, retryable: false }
        if (isCancellation(error, request.signal) || !isTransferError(error)) throw error
        return { error, retryable: isWorthAnotherTry(error, request, maxWaitMs), attempts: attempt }
      }
    }

    function refused(response: HttpResponse, attempt: number): Failure {
      const waitMs = retryAfterMs(response.headers, clock.date?.() ?? Date.now())
      const { status, url } = response
      const safe = !isUnsafe(request) || status === 429 || (status === 503 && waitMs !== undefined)
      const message =
        status === 429
          ? `${url.host} limits the rate of requests`
          : `${url.host} answered ${status} to ${request.method} ${url.pathname}`
      const error = new TransferError(status === 429 ? "rate_limited" : "server_error", message, {
        host: url.host,
        status,
        retryAfterMs: waitMs,
      })
      return { error, retryable: safe && status !== 501 && (waitMs ?? 0) <= maxWaitMs, attempts: attempt }
    }

    async function pause(error: TransferError, attempt: number): Promise<void> {
      // Where the server names a time, the limits layer keeps it; a long wait of our own on top would only lose time.
      const named = error.code === "rate_limited" || error.retryAfterMs !== undefined
      const ceiling = named ? minMs : Math.min(maxMs, minMs * 2 ** (attempt - 1))
      const waitMs = ceiling * random()
      const host = error.host ?? request.url.host
      const message = `${error.message}: trying again in ${formatDuration(waitMs)} (${attempt + 1} of ${tries})`
      if (!named) options.onNotice?.({ kind: "retrying", host, message, forMs: waitMs })
      await sleepUnless(clock, waitMs, request.signal, options.closing)
    }
  }
}

function isTemporary(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** Sent twice, it might be done twice. */
function isUnsafe(request: HttpRequest): boolean {
  return request.method === "POST" || request.method === "PATCH"
}

function isWorthAnotherTry(error: TransferError, request: HttpRequest, maxWaitMs: number): boolean {
  if (isBodySpent(error) || (error.retryAfterMs ?? 0) > maxWaitMs) return false
  return isRetryable(error) && (!isUnsafe(request) || requestNeverSent(error))
}

const hints: Partial<Record<TransferError["code"], string>> = {
  network: "check the address, the network, and whether a proxy is needed",
  rate_limited: "wait, or log in: signed-in users often have a higher limit",
  server_error: "the registry has trouble of its own; try again later",
}

function described({ error, attempts }: Failure, request: HttpRequest): TransferError {
  return error.with({ host: request.url.host, side: request.side, attempts, hint: hints[error.code] })
}
