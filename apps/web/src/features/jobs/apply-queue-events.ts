import type { HistoryQuery, Job, JobPage, QueueEvent } from "@entrepot/client"
import { matchesQuery } from "./matches-query.ts"

/**
 * Pages of a history after these changes of the queue: jobs that changed stand where they stood, new ones where their number belongs, and what was
 * removed or is no longer asked for is gone. Cursors stay; what lies beyond the last page stays unknown. Pages that nothing happened to stay the same
 * objects, and so do all where nothing happened to any.
 */
export function applyQueueEvents(
  pages: readonly JobPage[],
  query: Omit<HistoryQuery, "before" | "limit">,
  events: readonly QueueEvent[],
): readonly JobPage[] {
  const changed = new Map<number, Job[]>()
  for (const event of events) {
    const id = event.type === "job" ? event.job.id : event.jobId
    // A page has the numbers from its cursor on, up to the page before.
    const at = pages.findIndex(({ next }) => next === null || id >= next)
    const page = pages[at]
    if (page === undefined) continue
    const jobs = changed.get(at) ?? page.jobs
    const after = afterEvent(jobs, event, id, query)
    if (after !== jobs) changed.set(at, after)
  }
  if (changed.size === 0) return pages
  return pages.map((page, at) => {
    const jobs = changed.get(at)
    return jobs === undefined ? page : { ...page, jobs }
  })
}

function afterEvent(jobs: Job[], event: QueueEvent, id: number, query: Omit<HistoryQuery, "before" | "limit">): Job[] {
  const at = jobs.findIndex((job) => job.id <= id)
  const place = at === -1 ? jobs.length : at
  const known = jobs[place]?.id === id ? jobs[place] : undefined
  // Events and answers overtake each other; a revision says which is newer.
  if (known !== undefined && known.revision >= (event.type === "job" ? event.job.revision : event.revision)) return jobs
  const wanted = event.type === "job" && matchesQuery(event.job, query) ? [event.job] : []
  if (known === undefined && wanted.length === 0) return jobs
  return [...jobs.slice(0, place), ...wanted, ...jobs.slice(place + (known === undefined ? 0 : 1))]
}
