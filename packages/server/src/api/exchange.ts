import type { IncomingMessage, ServerResponse } from "node:http"
import type { RequestTarget } from "../http/request-path.ts"
import type { ApiContext } from "./context.ts"

/** One request and what is known about it, on its way to whoever answers it. */
export interface Exchange {
  readonly target: RequestTarget
  readonly context: ApiContext
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Aborted when the client has left or the server closes; nothing of it is left over once the answer has ended. */
export function signalOf({ context, response }: Pick<Exchange, "context" | "response">): AbortSignal {
  const over = new AbortController()
  const abort = () => over.abort()
  context.closing.addEventListener("abort", abort, { once: true })
  response.once("close", () => {
    context.closing.removeEventListener("abort", abort)
    abort()
  })
  if (context.closing.aborted) abort()
  return over.signal
}
