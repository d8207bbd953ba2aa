import { isEnded, type Job } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { ServiceError } from "../errors/service-error.ts"
import { type JobReadService, JobReads, type JobReadsOptions } from "./job-reads.ts"
import { requireVisible, requireWriter } from "./job-rights.ts"
import type { JobService } from "./job-service.ts"

export interface JobControlsOptions extends JobReadsOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Reading, cancelling and forgetting jobs. */
export type JobControlService = JobReadService & Pick<JobService, "cancel" | "remove">

/** What needs neither names nor credentials, and so works wherever the database is: reading, cancelling, forgetting. */
export class JobControls extends JobReads implements JobControlService {
  readonly #controls: JobControlsOptions

  constructor(options: JobControlsOptions) {
    super(options)
    this.#controls = options
  }

  async cancel(actor: Actor, id: number): Promise<Job> {
    await this.changeable(actor, id)
    const { jobs, now } = this.#controls
    if (!(await jobs.cancel(id, now()))) throw new ServiceError("conflict", "the job has ended already")
    return this.get(actor, id)
  }

  async remove(actor: Actor, id: number): Promise<void> {
    const job = await this.changeable(actor, id)
    const { jobs, now } = this.#controls
    if (!isEnded(job)) throw new ServiceError("conflict", "a job is removed after it has ended; cancel it first")
    if (!(await jobs.remove(id, now()))) throw new ServiceError("conflict", "the job was started again")
  }

  /** @throws ServiceError `not_found`, `forbidden`. */
  protected async changeable(actor: Actor, id: number): Promise<Job> {
    const job = requireVisible(actor, await this.#controls.jobs.get(id))
    requireWriter(actor)
    return job
  }
}
