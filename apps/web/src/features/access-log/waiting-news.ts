import type { AccessRecord } from "@entrepot/client"

/** What has come, and is not in the list yet. */
export interface WaitingNews {
  /** The newest first. */
  readonly entries: readonly AccessRecord[]
  /** There are more than these: the list has to be asked for anew. */
  readonly hasMore: boolean
}

/** What every list begins with. */
export const nothingWaits: WaitingNews = { entries: [], hasMore: false }

/** What waits after more has come; of that at most so many entries are kept, the newest. */
export function withNews(waiting: WaitingNews, news: WaitingNews, kept: number): WaitingNews {
  const entries = [...news.entries, ...waiting.entries]
  return { entries: entries.slice(0, kept), hasMore: waiting.hasMore || news.hasMore || entries.length > kept }
}
