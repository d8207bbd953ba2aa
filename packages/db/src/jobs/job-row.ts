import type { Tables } from "../schema/tables.ts"
import type { CredentialSide, Job, JobRequest } from "./job.ts"

/** A row of `jobs`. */
export type JobRow = Tables["jobs"]["$inferSelect"]

/** What the row says, without what only the queue needs (lease, holder of credentials). */
export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind as Job["kind"],
    parentId: row.parentId,
    ownerId: row.ownerId,
    runner: row.runner as Job["runner"],
    source: row.source,
    target: row.target,
    sourceHost: row.sourceHost,
    targetHost: row.targetHost,
    request: JSON.parse(row.request) as JobRequest,
    state: row.state as Job["state"],
    waitReason: row.waitReason as Job["waitReason"],
    waitUntil: row.waitUntil,
    priority: row.priority,
    stage: row.stage as Job["stage"],
    attempts: row.attempts,
    cancelRequested: row.cancelRequested,
    targetId: row.targetId,
    credentialSides: JSON.parse(row.credentialSides) as CredentialSide[],
    digest: row.digest,
    unchanged: row.unchanged,
    failure: parsed<Job["failure"]>(row.failure),
    totals: parsed<Job["totals"]>(row.totals),
    progress: parsed<Job["progress"]>(row.progress),
    revision: row.revision,
    lastSequence: row.lastSequence,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
  }
}

/** JSON text of a column that may be empty. */
export function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

function parsed<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T)
}
