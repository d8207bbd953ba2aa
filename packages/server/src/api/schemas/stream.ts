import { isTrackedEnvelope, type TrackedEnvelope, tracked } from "@trpc/server"
import { z } from "zod"

/** Where to go on: what a browser or client sends by itself after a break, or what the caller wants. */
export const placeShape = { lastEventId: z.string().max(32).optional(), after: z.number().int().min(0).optional() }

/** What a subscription yields: with an identifier to go on from, or without one. */
type Yielded<Item> = Item | TrackedEnvelope<Item>

/**
 * The declared output of a subscription: every event is checked against `item`. An event that many follow is checked once.
 */
export function streamOf<Item extends object>(item: z.ZodType<Item>) {
  const checked = new WeakMap<object, Item>()
  const check = (value: Item): Item => {
    const known = checked.get(value)
    if (known !== undefined) return known
    const parsed = item.parse(value)
    checked.set(value, parsed)
    return parsed
  }
  return z
    .custom<AsyncIterable<Yielded<Item>, void>>(
      (value) => typeof value === "object" && value !== null && Symbol.asyncIterator in value,
    )
    .transform(async function* (events): AsyncGenerator<Yielded<Item>, void> {
      for await (const event of events) {
        yield isTrackedEnvelope(event) ? tracked(event[0], check(event[1])) : check(event)
      }
    })
}
