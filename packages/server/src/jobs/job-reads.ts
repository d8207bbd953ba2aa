import type { BatchSummary, Job, JobHost, JobPage, JobStore, StoredEvent } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import type { JobFollowers } from "./follow/job-followers.ts"
import type { QueueFollowers } from "./follow/queue-followers.ts"
import { noSuchJob, requireVisible, visibilityOf } from "./job-rights.ts"
import type { FollowedEvent, HistoryQuery, JobService, QueueEvent } from "./job-service.ts"

export interface JobReadsOptions {
  readonly jobs: JobStore
  readonly followers: JobFollowers
  readonly queue: QueueFollowers
}

/** What changes nothing. */
export type JobReadService = Pick<
  JobService,
  "get" | "list" | "summary" | "counts" | "hosts" | "events" | "follow" | "followQueue" | "ended"
>

/** The half of the job service that changes nothing. */
export class JobReads implements JobReadService {
  readonly #jobs: JobStore
  readonly #followers: JobFollowers
  readonly #queue: QueueFollowers

  constructor({ jobs, followers, queue }: JobReadsOptions) {
    this.#jobs = jobs
    this.#followers = followers
    this.#queue = queue
  }

  async get(actor: Actor, id: number): Promise<Job> {
    return requireVisible(actor, await this.#jobs.get(id))
  }

  async list(actor: Actor, query: HistoryQuery): Promise<JobPage> {
    return this.#jobs.list({ ...query, visibility: visibilityOf(actor) })
  }

  async summary(actor: Actor, batchId: number): Promise<BatchSummary> {
    await this.get(actor, batchId)
    return this.#jobs.summary(batchId)
  }

  async counts(actor: Actor): Promise<BatchSummary> {
    return this.#jobs.counts(visibilityOf(actor))
  }

  async hosts(actor: Actor): Promise<readonly JobHost[]> {
    return this.#jobs.hosts(visibilityOf(actor))
  }

  async events(actor: Actor, id: number, after: number, limit: number): Promise<readonly StoredEvent[]> {
    await this.get(actor, id)
    return this.#jobs.events(id, after, limit)
  }

  async *follow(
    actor: Actor,
    id: number,
    { after = 0, signal }: { readonly after?: number; readonly signal: AbortSignal },
  ): AsyncGenerator<FollowedEvent, void> {
    await this.get(actor, id)
    yield* this.#followers.follow(id, after, signal)
  }

  async *followQueue(
    actor: Actor,
    { after, signal }: { readonly after?: number; readonly signal: AbortSignal },
  ): AsyncGenerator<QueueEvent, void> {
    yield* this.#queue.follow(visibilityOf(actor), after, signal)
  }

  async ended(actor: Actor, id: number, signal: AbortSignal): Promise<Job> {
    await this.get(actor, id)
    const job = await this.#followers.ended(id, signal)
    if (job === undefined) throw noSuchJob()
    return job
  }
}
