import type { Delivery } from "@entrepot/client"

const words = {
  "job.succeeded": "jobSucceeded",
  "job.failed": "jobFailed",
  "upstream.unhealthy": "upstreamUnhealthy",
  "upstream.recovered": "upstreamRecovered",
  test: "test",
} as const satisfies Record<Delivery["event"], string>

/** What can be asked for, in the order in which it is offered. */
export const offeredEvents = ["job.failed", "job.succeeded", "upstream.unhealthy", "upstream.recovered"] as const

/** How an event is named among the pages' words, which have no dots. */
export function eventWord(event: Delivery["event"]): (typeof words)[Delivery["event"]] {
  return words[event]
}
