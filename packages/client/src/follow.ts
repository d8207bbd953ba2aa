import type { Unsubscribable } from "@trpc/server/observable"
import { entrepotErrorOf, unreachableError } from "./entrepot-error.ts"
import { EventQueue } from "./event-queue.ts"

export interface FollowOptions {
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal
  /** Told when the stream has broken off, and when it goes on; nothing is lost in between. */
  readonly onConnection?: (state: "broken" | "restored") => void
  /** How long the application may be out of reach before the iteration fails with `unreachable`, milliseconds. Default 10 minutes. */
  readonly patienceMs?: number
}

/** What a subscription of tRPC is told with. */
interface Observer<T> {
  readonly signal: AbortSignal
  onData(value: T): void
  onError(error: unknown): void
  onComplete(): void
  onConnectionStateChange(change: { readonly state: string; readonly error?: unknown }): void
}

const usualPatienceMs = 10 * 60 * 1000

/**
 * A subscription as an async iterable. Where `numberOf` numbers the events, those with a number come once each and in their order, whatever happens to
 * the connection; those without, which only say how far it is, may be left out for a reader that is slow.
 */
export async function* follow<T>(
  subscribe: (observer: Observer<T>) => Unsubscribable,
  numberOf: ((event: T) => number | undefined) | undefined,
  { signal, onConnection = () => {}, patienceMs = usualPatienceMs }: FollowOptions = {},
): AsyncGenerator<T, void> {
  if (signal?.aborted) return
  const queue = new EventQueue<T>((event) => numberOf !== undefined && numberOf(event) === undefined)
  const stop = new AbortController()
  let isOpen = false
  let hasBroken = false
  let patience: ReturnType<typeof setTimeout> | undefined
  let last = 0

  const connection = (state: string, error: unknown) => {
    // tRPC asks again whatever the reason.
    if (isFinal(error)) return queue.end(entrepotErrorOf(error))
    if (state === "pending") {
      clearTimeout(patience)
      patience = undefined
      if (hasBroken) onConnection("restored")
      isOpen = true
      hasBroken = false
    } else if (state === "connecting") {
      if (isOpen) {
        onConnection("broken")
        hasBroken = true
      }
      isOpen = false
      patience ??= setTimeout(
        () => queue.end(unreachableError(`no connection for ${Math.round(patienceMs / 1000)} seconds`)),
        patienceMs,
      )
    }
  }
  const aborted = () => queue.end()
  signal?.addEventListener("abort", aborted, { once: true })
  const subscription = subscribe({
    signal: stop.signal,
    onData(event) {
      const number = numberOf?.(event)
      if (number !== undefined && number <= last) return
      last = number ?? last
      queue.push(event)
    },
    onError: (error) => queue.end(error),
    onComplete: () => queue.end(),
    onConnectionStateChange: ({ state, error }) => connection(state, error),
  })
  try {
    yield* queue
  } finally {
    clearTimeout(patience)
    signal?.removeEventListener("abort", aborted)
    stop.abort()
    subscription.unsubscribe()
  }
}

/** The application has said no, and will say so again. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = entrepotErrorOf(error)
  return code !== "unreachable" && code !== "unavailable" && code !== "internal"
}
