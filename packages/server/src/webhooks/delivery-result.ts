import type { Delivery, DeliveryResult, WebhookRecord } from "@entrepot/db/stores"
import { formats } from "./formats/formats.ts"
import { pauseAfter } from "./retry-plan.ts"
import type { Attempt } from "./send-message.ts"

/** The longest that a receiver keeps other messages away by asking us to wait: somebody may have mended it meanwhile, and tests it. */
const longestSilenceMs = 300_000
/** Up to so long a pause before the next try holds back what comes after it, so that it arrives in order. */
const heldBackMs = 5_000

/** Without how long the try took. */
type Settled = Omit<DeliveryResult, "durationMs">

/** Nothing came of it, since the process ends: due at once and before all others, for whoever comes next. */
export function putBack({ createdAt }: Delivery, at: number): Settled {
  return { state: "pending", nextAt: createdAt, at, status: null, error: null }
}

/** How a try leaves a delivery, and when its webhook may be sent the next one. @param at when the try ended, milliseconds since 1970 */
export function resultOf({ attempts, createdAt }: Delivery, { format }: WebhookRecord, attempt: Attempt, at: number): Settled {
  const { status, error, passes, retryAfterMs } = attempt
  const pauseMs = error !== null && passes ? pauseAfter(attempts, retryAfterMs) : undefined
  const freeAt = at + formats[format].pauseMs
  if (pauseMs === undefined) {
    return { state: error === null ? "delivered" : "failed", nextAt: null, at, freeAt, status, error }
  }
  const pending = { state: "pending", at, status, error } as const
  // Who asks to be left alone is not sent the next message either.
  if (retryAfterMs !== undefined) {
    return { ...pending, nextAt: at + pauseMs, freeAt: Math.max(freeAt, at + Math.min(pauseMs, longestSilenceMs)) }
  }
  // The webhook waits, and then this one, which has been due for the longest time, comes before those behind it.
  if (pauseMs <= heldBackMs) return { ...pending, nextAt: createdAt, freeAt: at + pauseMs }
  return { ...pending, nextAt: at + pauseMs, freeAt }
}
