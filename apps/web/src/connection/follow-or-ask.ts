import { EntrepotError, type FollowOptions } from "@entrepot/client"

/** Events that a stream tells; and questions that tell the same, later, where there is no place for one more stream. */
export interface Told<Event> {
  /** Begins behind the last event that came. Ends with the events; those without an end end with the signal. */
  readonly follow: () => AsyncIterable<Event>
  /** What has come since it was asked before, and whether that was the end. */
  readonly ask: () => Promise<{ readonly events: readonly Event[]; readonly isOver: boolean }>
}

export interface FollowOrAskOptions extends Required<Pick<FollowOptions, "signal" | "onConnection">> {
  /** How long to wait between questions, milliseconds. */
  readonly pollMs: number
  /** How many questions to ask before a stream is tried again. */
  readonly pollsPerStream: number
}

/**
 * Events by their stream; where the application has no place for one (other pages of the same login have them), by asking again and again, and by
 * the stream once there is a place. Until their end, or until the signal is aborted. @throws EntrepotError once the application refuses to tell any.
 */
export async function* followOrAsk<Event>(
  { follow, ask }: Told<Event>,
  { signal, onConnection, pollMs, pollsPerStream }: FollowOrAskOptions,
): AsyncGenerator<Event, void> {
  while (!signal.aborted) {
    try {
      yield* follow()
      return
    } catch (error) {
      if (isUnreachable(error)) continue
      if (!(error instanceof EntrepotError) || error.code !== "too_many") throw error
    }
    for (let polls = 0; polls < pollsPerStream && !signal.aborted; polls++) {
      try {
        const { events, isOver } = await ask()
        onConnection("restored")
        yield* events
        if (isOver) return
      } catch (error) {
        if (signal.aborted) return
        if (!isUnreachable(error)) throw error
        onConnection("broken")
      }
      await pause(pollMs, signal)
    }
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof EntrepotError && (error.code === "unreachable" || error.code === "unavailable")
}

/** Resolves after so many milliseconds, or as soon as the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener("abort", done, { once: true })
  })
}
