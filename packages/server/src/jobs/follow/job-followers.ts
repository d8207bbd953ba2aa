import type { BlobEvent } from "@entrepot/core"
import { isEnded, type Job, type JobStore } from "@entrepot/db/stores"
import type { Log } from "../../runtime/runtime.ts"
import type { FollowedEvent } from "../job-service.ts"
import type { ChangeFeed } from "./change-feed.ts"
import { JobHub } from "./job-hub.ts"

const pageSize = 500

interface JobFollowersOptions {
  readonly jobs: JobStore
  readonly feed: ChangeFeed
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Lets any number of readers follow jobs, whichever process runs them. */
export class JobFollowers {
  readonly #options: JobFollowersOptions
  readonly #hubs = new Map<number, JobHub>()
  #unsubscribe: (() => void) | undefined

  constructor(options: JobFollowersOptions) {
    this.#options = options
  }

  /** A byte counter of a run of this process: handed on to who follows now, and never stored. */
  tell(jobId: number, event: BlobEvent, at: number): void {
    this.#hubs.get(jobId)?.tell(event, at)
  }

  /**
   * Stored events after that sequence number, then what comes, each event once and in its order; ends after the last event of a job that has ended or
   * was removed, and when the signal is aborted. It pulls: a reader that is slow gets the latest counters only, and its events from the table.
   */
  async *follow(jobId: number, after: number, signal: AbortSignal): AsyncGenerator<FollowedEvent, void> {
    const hub = await this.#enter(jobId)
    let sequence = after
    let version = 0
    try {
      while (!signal.aborted) {
        const events = hub.after(sequence) ?? (await this.#options.jobs.events(jobId, sequence, pageSize))
        for (const stored of events) {
          sequence = stored.sequence
          yield stored
          if (signal.aborted) return
        }
        if (events.length > 0) continue
        if (hub.isOver(sequence)) return
        const counters = hub.countersAfter(version)
        version = counters.version
        for (const counter of counters.events) {
          yield counter
          if (signal.aborted) return
        }
        if (counters.events.length === 0) await hub.bell.wait(signal)
      }
    } finally {
      this.#leave(jobId, hub)
    }
  }

  /** The job, once `isReached` says yes of it; undefined when it was removed. @throws the signal's reason. */
  async until(jobId: number, isReached: (job: Job) => boolean, signal: AbortSignal): Promise<Job | undefined> {
    const hub = await this.#enter(jobId)
    try {
      for (;;) {
        signal.throwIfAborted()
        if (hub.job === undefined || isReached(hub.job)) return hub.job
        await hub.bell.wait(signal)
      }
    } finally {
      this.#leave(jobId, hub)
    }
  }

  /** The job, once it has ended or waits for credentials, which is to say for a person. */
  ended(jobId: number, signal: AbortSignal): Promise<Job | undefined> {
    return this.until(jobId, (job) => isEnded(job) || job.waitReason === "credentials", signal)
  }

  async #enter(jobId: number): Promise<JobHub> {
    const { feed } = this.#options
    await feed.start()
    this.#unsubscribe ??= feed.subscribe((changes) => {
      for (const { jobId: changed, job } of changes) this.#hubs.get(changed)?.changed(job)
    })
    const hub = this.#hubs.get(jobId) ?? new JobHub(jobId, this.#options)
    this.#hubs.set(jobId, hub)
    hub.followers += 1
    try {
      await hub.load()
    } catch (error) {
      this.#leave(jobId, hub)
      throw error
    }
    return hub
  }

  #leave(jobId: number, hub: JobHub): void {
    hub.followers -= 1
    if (hub.followers > 0) return
    hub.close()
    if (this.#hubs.get(jobId) === hub) this.#hubs.delete(jobId)
  }
}
