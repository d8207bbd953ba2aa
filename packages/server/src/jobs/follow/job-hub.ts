import type { BlobEvent } from "@entrepot/core"
import { isEnded, type Job, type JobStore, type StoredEvent } from "@entrepot/db/stores"
import type { Log } from "../../runtime/runtime.ts"
import type { FollowedEvent } from "../job-service.ts"
import { Bell } from "./bell.ts"

/** Events kept in memory; who lags behind by more reads from the table. */
const tailLength = 2000
const pageSize = 500
/** Counters are published four times a second, and less often to a crowd: each goes to every follower. */
const countersMs = 250
const countersMsPerFollower = 2
const retryMs = 1000

/** What all followers of one job share: its newest events, read once, its row, and the latest counters. */
export class JobHub {
  readonly bell = new Bell()
  followers = 0
  /** Undefined before `load`, and once it is out of the history. */
  job: Job | undefined
  readonly #id: number
  readonly #jobs: JobStore
  readonly #log: Log
  readonly #now: () => number
  #loaded: Promise<void> | undefined
  #isLoaded = false
  #news: Job | null | undefined
  #refreshing = false
  #closed = false
  /** Complete from `#floor`, exclusive, to `#last`. */
  #tail: StoredEvent[] = []
  #floor = 0
  #last = 0
  readonly #told = new Map<string, FollowedEvent>()
  readonly #counters = new Map<string, { readonly version: number; readonly followed: FollowedEvent }>()
  #version = 0
  #runsHere = false
  #countersTimer: NodeJS.Timeout | undefined
  #retryTimer: NodeJS.Timeout | undefined

  constructor(id: number, { jobs, log, now }: { readonly jobs: JobStore; readonly log: Log; readonly now: () => number }) {
    this.#id = id
    this.#jobs = jobs
    this.#log = log
    this.#now = now
  }

  /** Reads the job; changes that arrive meanwhile are kept. */
  load(): Promise<void> {
    this.#loaded ??= this.#load()
    return this.#loaded
  }

  /** The job's row as it is now; null when it is gone. */
  changed(job: Job | null): void {
    this.#news = job
    void this.#refresh()
  }

  /** A counter of a run of this process. */
  tell(event: BlobEvent, at: number): void {
    this.#runsHere = true
    this.#count(event, at)
  }

  /** Stored events after `sequence`, as far as they are in memory; undefined where the table has to be asked. */
  after(sequence: number): readonly StoredEvent[] | undefined {
    if (sequence < this.#floor) return undefined
    // Sequence numbers have no gaps.
    return this.#tail.slice(Math.max(0, sequence - this.#floor))
  }

  /** Counters that were published after `version`. */
  countersAfter(version: number): { readonly version: number; readonly events: readonly FollowedEvent[] } {
    if (version === this.#version) return { version, events: [] }
    const events = [...this.#counters.values()].filter((counter) => counter.version > version).map(({ followed }) => followed)
    return { version: this.#version, events }
  }

  /** Whether nothing follows the event with that number: the job has ended, or is gone. */
  isOver(sequence: number): boolean {
    if (this.job === undefined) return true
    return isEnded(this.job) && sequence >= this.job.lastSequence
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#countersTimer)
    clearTimeout(this.#retryTimer)
  }

  async #load(): Promise<void> {
    this.job = await this.#jobs.get(this.#id)
    this.#floor = this.#last = this.job?.lastSequence ?? 0
    if (this.job) this.#adoptProgress(this.job)
    this.#publish()
    this.#isLoaded = true
    await this.#refresh()
  }

  async #refresh(): Promise<void> {
    if (!this.#isLoaded || this.#refreshing) return
    this.#refreshing = true
    let job: Job | null | undefined
    try {
      for (job = this.#takeNews(); job !== undefined && !this.#closed; job = this.#takeNews()) {
        if (job === null) this.job = undefined
        else if (this.job !== undefined && job.revision > this.job.revision) await this.#catchUp(job)
        this.bell.ring()
      }
    } catch (error) {
      this.#log.warn({ job: this.#id, error: String(error) }, "events of a job could not be read")
      this.#news ??= job
      if (!this.#closed) this.#retryTimer = setTimeout(() => void this.#refresh(), retryMs)
    } finally {
      this.#refreshing = false
    }
  }

  #takeNews(): Job | null | undefined {
    const job = this.#news
    this.#news = undefined
    return job
  }

  async #catchUp(job: Job): Promise<void> {
    if (!this.#runsHere && job.progress !== this.job?.progress) this.#adoptProgress(job)
    while (this.#last < job.lastSequence) {
      const events = await this.#jobs.events(this.#id, this.#last, pageSize)
      const last = events.at(-1)
      if (last === undefined) break
      for (const { event } of events) {
        if (event.type === "blob") this.#forgetCounter(keyOf(event))
        if (event.type === "state") this.#forgetCounters()
      }
      this.#tail.push(...events)
      this.#last = last.sequence
    }
    const excess = this.#tail.length - tailLength
    if (excess > 0) {
      this.#tail = this.#tail.slice(excess)
      this.#floor += excess
    }
    this.job = job
  }

  #adoptProgress({ progress }: Job): void {
    for (const event of progress?.blobs ?? []) this.#count(event, this.#now())
  }

  #count(event: BlobEvent, at: number): void {
    this.#told.set(keyOf(event), { at, event })
    this.#countersTimer ??= setTimeout(
      () => {
        this.#countersTimer = undefined
        this.#publish()
        this.bell.ring()
      },
      Math.max(countersMs, countersMsPerFollower * this.followers),
    )
  }

  #publish(): void {
    if (this.#told.size === 0) return
    this.#version += 1
    for (const [key, followed] of this.#told) this.#counters.set(key, { version: this.#version, followed })
    this.#told.clear()
  }

  #forgetCounter(key: string): void {
    this.#told.delete(key)
    this.#counters.delete(key)
  }

  #forgetCounters(): void {
    this.#told.clear()
    this.#counters.clear()
    this.#runsHere = false
  }
}

function keyOf({ digest, label }: BlobEvent): string {
  return label ?? digest
}
