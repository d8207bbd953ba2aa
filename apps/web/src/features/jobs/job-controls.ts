import type { Job } from "@entrepot/client"

/** What somebody may do with a job now. */
export interface JobControls {
  readonly cancel: boolean
  readonly retry: boolean
  readonly remove: boolean
  /** It waits for user and password, which its own page asks for. */
  readonly login: boolean
}

const nothing: JobControls = { cancel: false, retry: false, remove: false, login: false }

/** Whether a job's state is one that nothing leads on from but a retry. */
export function isEnded({ state }: Pick<Job, "state">): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled"
}

export type Role = "admin" | "operator" | "viewer"

/** What makes sense for a job where it stands; viewers change nothing. */
export function jobControls(job: Pick<Job, "state" | "waitReason" | "cancelRequested">, role: Role | undefined): JobControls {
  if (role === undefined || role === "viewer") return nothing
  const ended = isEnded(job)
  const login = job.state === "waiting" && job.waitReason === "credentials"
  return {
    cancel: !ended && !job.cancelRequested,
    retry: job.state === "failed" || job.state === "cancelled" || (job.state === "waiting" && !login),
    remove: ended,
    login,
  }
}
