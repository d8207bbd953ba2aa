import type { Operation } from "@trpc/client"
import type { Fetch } from "./closing-fetch.ts"
import { type EntrepotError, errorInBody } from "./entrepot-error.ts"

/** Answers of a proxy while the application starts anew: worth another try, like a connection that is refused. */
const passing: readonly number[] = [502, 503, 504]

/** By the context of a subscription, which is its alone. */
const refusals = new WeakMap<object, EntrepotError>()

/** Why the stream of this subscription was refused; undefined when it was not, or nobody said. */
export function refusalOf(operation: Operation): EntrepotError | undefined {
  return refusals.get(operation.context)
}

/**
 * The fetch of one subscription's EventSource. The EventSource itself tells nothing of an answer that is no stream, so that what the answer said
 * is kept for `refusalOf`; where it will pass, the connection counts as broken, and is tried again.
 */
export function streamFetch(fetch: Fetch, operation: Operation): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init)
    if (response.ok) return response
    const body = await response.text().catch(() => "")
    if (passing.includes(response.status)) throw new Error(`HTTP ${response.status}`)
    refusals.set(operation.context, errorInBody(body, response.status))
    return new Response(null, { status: response.status })
  }
}
