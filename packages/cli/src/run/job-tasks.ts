import type { Desk, Job } from "./desk.ts"
import type { JobTask } from "./follow-jobs.ts"

const largestPage = 200

/** The transfers of a job: itself, or the children of a batch in the order in which they were asked for. */
export async function jobTasksOf(job: Job, desk: Desk): Promise<JobTask[]> {
  const transfers = job.kind === "batch" ? await childrenOf(job.id, desk) : [job]
  return transfers.map(({ id, source, target }, index) => ({
    id,
    job: { index, count: transfers.length, source, target },
    result: target,
  }))
}

/** The jobs of a batch, in the order in which they were asked for. */
export async function childrenOf(parentId: number, desk: Desk): Promise<Job[]> {
  const children: Job[] = []
  for (let before: number | undefined; ; ) {
    const page = await desk.list({ parentId, limit: largestPage, ...(before === undefined ? {} : { before }) })
    children.push(...page.jobs)
    if (page.next === null) return children.toReversed()
    before = page.next
  }
}
