import type { HistoryQuery, Job, JobPage, JobState, QueueEvent } from "@entrepot/client"
import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query"
import { applyQueueEvents } from "./apply-queue-events.ts"

/** tRPC's keys: the path of a procedure, then its input and whether it is asked for page by page. */
const keys = {
  list: [["jobs", "list"]],
  get: [["jobs", "get"]],
  counts: [["jobs", "counts"]],
  summary: [["jobs", "summary"]],
}

/** Answers that were asked for before a change, and arrive after it, are mended with so many of the last changes. */
const remembered = 1_000

/** Brings what is remembered of the application's answers up to date with the changes of its queue: lists, jobs, and (by asking again) counts. */
export class QueueCache {
  readonly #queries: QueryClient
  /** Latest change of each job, the oldest first. */
  readonly #latest = new Map<number, QueueEvent>()
  readonly #dirtyBatches = new Set<number>()
  /** Jobs that are gone: whoever still shows one is to hear it. */
  readonly #gone = new Set<number>()
  #countsAreDirty = false

  constructor(queries: QueryClient) {
    this.#queries = queries
  }

  /** Applies changes to everything that is remembered. */
  apply(events: readonly QueueEvent[]): void {
    if (events.length === 0) return
    for (const event of events) this.#note(event)
    for (const [key] of this.#queries.getQueriesData({ queryKey: keys.list })) this.#applyToList(key, events)
    for (const event of events) if (event.type === "job") this.#applyToJob(event.job)
  }

  /** Applies the last changes to answers that arrive from now on. Returns what ends it. */
  mendAnswers(): () => void {
    return this.#queries.getQueryCache().subscribe((event) => {
      if (event.type !== "updated" || event.action.type !== "success" || event.action.manual === true) return
      const { queryKey } = event.query
      if (isOf(queryKey, keys.list)) this.#applyToList(queryKey, [...this.#latest.values()])
      else if (isOf(queryKey, keys.get)) for (const { job } of this.#changes()) this.#applyToJob(job)
    })
  }

  /** Asks again for counts that have changed since it was last called, and for jobs that have gone. */
  refreshCounts(): void {
    if (this.#countsAreDirty) void this.#queries.invalidateQueries({ queryKey: keys.counts })
    for (const id of this.#dirtyBatches) {
      void this.#queries.invalidateQueries({ queryKey: [...keys.summary, { input: { id } }] })
    }
    for (const id of this.#gone) void this.#queries.invalidateQueries({ queryKey: [...keys.get, { input: { id } }] })
    this.#countsAreDirty = false
    this.#dirtyBatches.clear()
    this.#gone.clear()
  }

  #note(event: QueueEvent): void {
    const id = event.type === "job" ? event.job.id : event.jobId
    if (stateOf(this.#latest.get(id)) !== stateOf(event)) this.#countsAreDirty = true
    if (event.type === "removed") this.#gone.add(id)
    // A batch changes whenever one of its copies does.
    if (event.type === "job" && event.job.kind === "batch") this.#dirtyBatches.add(id)
    this.#latest.delete(id)
    this.#latest.set(id, event)
    const [oldest] = this.#latest.keys()
    if (this.#latest.size > remembered && oldest !== undefined) this.#latest.delete(oldest)
  }

  #changes(): readonly Extract<QueueEvent, { readonly type: "job" }>[] {
    return [...this.#latest.values()].filter((event) => event.type === "job")
  }

  #applyToList(key: QueryKey, events: readonly QueueEvent[]): void {
    const { before, limit, ...query } = inputOf(key)
    this.#queries.setQueryData<JobPage | InfiniteData<JobPage>>(key, (data) => {
      if (data === undefined) return undefined
      if ("pages" in data) {
        const pages = applyQueueEvents(data.pages, query, events)
        return pages === data.pages ? undefined : { ...data, pages: [...pages] }
      }
      const older = before === undefined ? events : events.filter((event) => numberOf(event) < before)
      const [page = data] = applyQueueEvents([data], query, older)
      return page === data ? undefined : cut(page, limit)
    })
  }

  #applyToJob(job: Job): void {
    this.#queries.setQueriesData<Job>({ queryKey: [...keys.get, { input: { id: job.id } }] }, (known) =>
      known !== undefined && known.revision < job.revision ? job : undefined,
    )
  }
}

function numberOf(event: QueueEvent): number {
  return event.type === "job" ? event.job.id : event.jobId
}

function stateOf(event: QueueEvent | undefined): JobState | undefined {
  return event?.type === "job" ? event.job.state : undefined
}

/** A page by itself stays as long as it was asked for. */
function cut(page: JobPage, limit: number | undefined): JobPage {
  if (limit === undefined || page.jobs.length <= limit) return page
  const jobs = page.jobs.slice(0, limit)
  return { jobs, next: jobs.at(-1)?.id ?? page.next }
}

function isOf(key: QueryKey, path: QueryKey): boolean {
  return JSON.stringify(key[0]) === JSON.stringify(path[0])
}

function inputOf(key: QueryKey): HistoryQuery {
  const asked = key[1] as { readonly input?: HistoryQuery } | undefined
  return asked?.input ?? {}
}
