import type { HistoryQuery, Job } from "@entrepot/client"

/** Whether the application would tell this job to whoever asks that question; pages aside, which `before` and `limit` cut. */
export function matchesQuery(job: Job, query: Omit<HistoryQuery, "before" | "limit">): boolean {
  const { states, search, host, since, until, parentId, everywhere, kind } = query
  return (
    (states === undefined || states.includes(job.state)) &&
    (search === undefined || contains(job.source, search) || contains(job.target, search)) &&
    (host === undefined || job.sourceHost === host || job.targetHost === host) &&
    (since === undefined || job.createdAt >= since) &&
    (until === undefined || job.createdAt < until) &&
    (parentId === undefined ? everywhere === true || job.parentId === null : job.parentId === parentId) &&
    (kind === undefined || job.kind === kind)
  )
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}
