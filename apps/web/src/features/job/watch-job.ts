import type { EntrepotClient, FollowedEvent } from "@entrepot/client"
import { type FollowOrAskOptions, followOrAsk } from "../../connection/follow-or-ask.ts"
import { isEnded } from "../jobs/job-controls.ts"

interface WatchOptions
  extends Pick<FollowOrAskOptions, "signal" | "onConnection">,
    Partial<Pick<FollowOrAskOptions, "pollMs" | "pollsPerStream">> {
  /** Sequence number of the last event that is known; 0 for none. */
  readonly after: number
  /** How many events one question asks for. */
  readonly limit?: number
}

/**
 * A job's events until it has ended, by its stream. Where the application has no place for one more (other pages of the same login have them), stored
 * events are asked for every few seconds instead: without the counters in between. @throws EntrepotError once the application refuses to tell any.
 */
export function watchJob(
  { jobs }: Pick<EntrepotClient, "jobs">,
  id: number,
  options: WatchOptions,
): AsyncGenerator<FollowedEvent, void> {
  const { signal, onConnection, pollMs = 2_000, pollsPerStream = 15, limit = 1_000 } = options
  let { after } = options
  /** Undefined until it was asked, or told by an event. */
  let hasEnded: boolean | undefined

  function seen(followed: FollowedEvent): FollowedEvent {
    after = followed.sequence ?? after
    if (followed.event.type === "state") hasEnded = isEnded(followed.event)
    return followed
  }
  async function* follow() {
    for await (const followed of jobs.follow(id, { after, signal, onConnection })) yield seen(followed)
  }
  async function ask() {
    // Asked before the events: of a job that has ended, they are then all there.
    hasEnded ??= isEnded(await jobs.get.query({ id }, { signal }))
    const events = (await jobs.events.query({ id, after, limit }, { signal })).map(seen)
    return { events, isOver: hasEnded && events.length < limit }
  }
  return followOrAsk({ follow, ask }, { signal, onConnection, pollMs, pollsPerStream })
}
