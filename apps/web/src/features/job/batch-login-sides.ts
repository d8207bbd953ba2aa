import type { Job } from "@entrepot/client"
import { loginSidesOf } from "./login-sides.ts"
import type { LoginSide } from "./retry-form.tsx"

/** What is looked at of a job in a batch. */
export type BatchedJob = Pick<Job, "sourceHost" | "targetHost" | "state" | "failure" | "waitReason" | "credentialSides">

/**
 * The logins that would help the jobs of a batch. One login goes to all jobs that are tried again, so that a side is asked for only where they all have
 * the same host there: a password meant for one registry is never sent to another.
 */
export function batchLoginSides(jobs: readonly BatchedJob[]): readonly LoginSide[] {
  const wanted = jobs.flatMap((job) => loginSidesOf(job, job.state, job.failure))
  const retried = jobs.filter(({ state }) => state === "failed" || state === "cancelled" || state === "waiting")
  return (["source", "target"] as const).flatMap((side) => {
    const asked = wanted.find((login) => login.side === side)
    const hosts = new Set(retried.map(({ sourceHost, targetHost }) => (side === "source" ? sourceHost : targetHost)))
    return asked !== undefined && hosts.size === 1 ? [asked] : []
  })
}
