import type { AccessNews, AccessQuery, EntrepotClient } from "@entrepot/client"
import { type FollowOrAskOptions, followOrAsk } from "../../connection/follow-or-ask.ts"

interface WatchOptions
  extends Pick<FollowOrAskOptions, "signal" | "onConnection">,
    Partial<Pick<FollowOrAskOptions, "pollMs" | "pollsPerStream">> {
  readonly filter: Omit<AccessQuery, "before" | "limit" | "from" | "to">
  /** Number of the newest entry that is known. */
  readonly after: number
}

const askedFor = 100

/**
 * What is written to the log after that entry, until the signal is aborted: by its stream, and where the application has no place for one more (other
 * pages of the same login have them), by asking again and again. @throws EntrepotError once the application refuses to tell.
 */
export function watchLog(
  { accessLog }: Pick<EntrepotClient, "accessLog">,
  { filter, signal, onConnection, pollMs = 3_000, pollsPerStream = 10, ...options }: WatchOptions,
): AsyncGenerator<AccessNews, void> {
  let { after } = options
  async function* follow() {
    for await (const news of accessLog.follow(filter, { after, signal, onConnection })) {
      after = news.lastId
      yield news
    }
  }
  async function ask() {
    const found = await accessLog.list.query({ ...filter, limit: askedFor }, { signal })
    const entries = found.entries.filter(({ id }) => id > after).sort((one, other) => other.id - one.id)
    const [newest] = entries
    if (newest === undefined) return { events: [], isOver: false }
    after = newest.id
    return { events: [{ lastId: after, entries, hasMore: entries.length === askedFor }], isOver: false }
  }
  return followOrAsk<AccessNews>({ follow, ask }, { signal, onConnection, pollMs, pollsPerStream })
}
