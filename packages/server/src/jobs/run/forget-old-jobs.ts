import { endedStates, type JobStore } from "@entrepot/db/stores"

const pageSize = 200

/** Takes top-level jobs that ended before that time out of the history, batches with their children; at most so many. Returns how many. */
export async function forgetOldJobs(
  jobs: JobStore,
  endedBefore: number,
  now: () => number,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  let forgotten = 0
  let before: number | undefined
  do {
    const page = await jobs.list({
      visibility: "all",
      limit: pageSize,
      states: endedStates,
      until: endedBefore,
      ...(before === undefined ? {} : { before }),
    })
    for (const job of page.jobs) {
      if (job.endedAt !== null && job.endedAt < endedBefore && (await jobs.remove(job.id, now()))) forgotten += 1
    }
    before = page.next ?? undefined
  } while (before !== undefined && forgotten < most)
  return forgotten
}
