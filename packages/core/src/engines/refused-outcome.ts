import { isCancellation } from "../errors/transfer-error.ts"
import type { OutcomeEvent } from "../transfer/events.ts"
import { failureOf } from "../transfer/transfer.ts"
import type { CopyRequest } from "./engine.ts"

/** The outcome of a copy that ended before anything could move. */
export function refusedOutcome(request: CopyRequest, error: unknown, durationMs: number): OutcomeEvent {
  const cancelled = isCancellation(error, request.signal)
  return {
    type: "outcome",
    outcome: cancelled ? "cancelled" : "failed",
    source: request.source,
    target: request.target,
    totals: { bytesSent: 0, bytesSkipped: 0, blobsSent: 0, blobsSkipped: 0, blobsMounted: 0, durationMs: Math.round(durationMs) },
    ...(cancelled ? {} : { error: failureOf(error) }),
  }
}
