import type { WebhookMessage } from "../message.ts"
import type { WebhookPlace } from "../webhook-seals.ts"

/** A request as it is sent: its address and body carry the signature, where there is one. */
export interface SignedRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Why a receiver that answered HTTP 200 did not take a message after all. */
export interface Refusal {
  /** As the bot numbers it; null for an answer that is none of such a bot. */
  readonly number: number | null
  /** It may take the same message later: too many came at once, or it is busy. */
  readonly passes: boolean
}

/** How messages are written and signed for one kind of receiver. */
export interface MessageFormat {
  /** The body without a signature, as people are shown it. */
  write(message: WebhookMessage): Readonly<Record<string, unknown>>
  /** What is sent at `now`, milliseconds since 1970. */
  sign(message: WebhookMessage, place: WebhookPlace, now: number): SignedRequest
  /** Reads the body of an answer whose status is a good one; undefined: the message was taken. */
  refusal(answer: string): Refusal | undefined
  /** Pause between two messages to the same bot, which would lock us out otherwise. */
  readonly pauseMs: number
}
