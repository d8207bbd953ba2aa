import {
  createTransport,
  type HttpResponse,
  isTransferError,
  retryAfterMs,
  type Transport,
  type TransportOptions,
} from "@entrepot/core"
import { deliveryError } from "./delivery-error.ts"
import type { MessageFormat, SignedRequest } from "./formats/message-format.ts"

/** What a try came to. */
export interface Attempt {
  /** HTTP status; null without an answer. */
  readonly status: number | null
  /** Why it was not taken, in our own words; null: it was. */
  readonly error: string | null
  /** Whether the same message may be taken later. */
  readonly passes: boolean
  /** What the receiver asked us to wait for, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}

export interface SenderOptions extends Pick<TransportOptions, "hosts" | "denied" | "proxies" | "lookup" | "connectTimeoutMs"> {
  /** For a whole try. Default 10,000. */
  readonly timeoutMs?: number | undefined
}

/** Bytes of an answer that are looked at. */
const longestAnswer = 64 * 1024

/** Refusals by which a receiver means another time (RFC 9110, 15.5; RFC 8470; RFC 6585). */
const passingStatuses = new Set([408, 409, 425, 429])

/** Bots that are pressed are left alone for so long, in milliseconds. */
const pressedPauseMs = 60_000

/**
 * Sends messages to the hosts that an administrator named, and to no other: redirects are not followed, and neither this server's own sockets nor
 * link-local addresses are dialled (RELIABILITY S3).
 */
export class MessageSender {
  readonly #transport: Transport
  readonly #timeoutMs: number

  constructor({ timeoutMs = 10_000, ...transport }: SenderOptions) {
    this.#transport = createTransport(transport)
    this.#timeoutMs = timeoutMs
  }

  /** Never throws but when `signal` is aborted. @throws TransferError `cancelled`. */
  async send(request: SignedRequest, format: MessageFormat, now: number, signal: AbortSignal): Promise<Attempt> {
    const deadline = AbortSignal.timeout(this.#timeoutMs)
    const either = AbortSignal.any([deadline, signal])
    try {
      const body = Buffer.from(request.body, "utf8")
      const response = await this.#transport.send({
        method: "POST",
        url: new URL(request.url),
        headers: { "content-type": "application/json; charset=utf-8", ...request.headers },
        body: { length: body.length, open: () => once(body) },
        origin: "configured",
        connection: "own",
        signal: either,
      })
      return attemptOf(response, format, await answerOf(response), now)
    } catch (error) {
      if (signal.aborted) throw error
      if (deadline.aborted) return unanswered(deliveryError("timeout", `no answer within ${this.#timeoutMs / 1000} s`), true)
      return failed(error)
    }
  }

  /** Ends what is under way. */
  close(): Promise<void> {
    return this.#transport.close()
  }
}

function attemptOf(response: HttpResponse, format: MessageFormat, answer: string, now: number): Attempt {
  const { status } = response
  const isGood = status >= 200 && status < 300
  const refusal = isGood || status >= 400 ? format.refusal(answer) : undefined
  const wanted = retryAfterMs(response.headers, now)
  if (isGood && refusal === undefined) return { status, error: null, passes: false }
  if (isGood && refusal?.number === null) {
    return { status, error: deliveryError("answer", "the receiver's answer is not one of such a bot"), passes: true }
  }
  if (refusal?.passes && refusal.number !== null) {
    const error = deliveryError("pressed", `the bot takes no more messages for a while (error ${refusal.number})`)
    return { status, error, passes: true, retryAfterMs: Math.max(wanted ?? 0, pressedPauseMs) }
  }
  if (isGood)
    return { status, error: deliveryError("refused", `the bot refused the message (error ${refusal?.number})`), passes: false }
  const passes = status >= 500 || passingStatuses.has(status)
  return { status, error: deliveryError("status", sentenceOf(status)), passes, retryAfterMs: wanted }
}

function sentenceOf(status: number): string {
  const isRedirect = status >= 300 && status < 400
  return `the receiver answered HTTP ${status}${isRedirect ? ", and redirects are not followed" : ""}`
}

/** What an answer says further on, and whatever is not text, has no meaning. */
async function answerOf({ body }: HttpResponse): Promise<string> {
  try {
    return (await body.bytes(longestAnswer)).toString("utf8")
  } catch (error) {
    if (isTransferError(error, "too_large")) return ""
    throw error
  }
}

/** In our own words: an error may quote what the other side sent. */
function failed(error: unknown): Attempt {
  if (!isTransferError(error)) throw error
  if (error.code === "address_blocked") return unanswered(deliveryError("blocked", error.message), false)
  if (error.code === "network") return unanswered(deliveryError("network", error.message), true)
  if (error.code === "tls") return unanswered(deliveryError("tls", "the receiver's certificate cannot be trusted"), true)
  if (error.code === "unauthorized" || error.code === "forbidden") {
    return unanswered(deliveryError("proxy", "the proxy on the way does not let us through"), true)
  }
  return unanswered(deliveryError("answer", "the receiver's answer cannot be understood"), true)
}

function unanswered(error: string, passes: boolean): Attempt {
  return { status: null, error, passes }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
