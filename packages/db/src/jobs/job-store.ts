import type { Stage, TransferFailure, TransferTotals } from "@entrepot/core"
import type {
  BatchSummary,
  CredentialSide,
  Job,
  JobEvent,
  JobKind,
  JobProgress,
  JobRequest,
  JobRunner,
  JobState,
  StoredEvent,
  WaitReason,
} from "./job.ts"

/** One image to be copied, as it is asked for. */
export interface NewJob {
  readonly ownerId: number
  readonly source: string
  readonly target: string
  readonly sourceHost: string
  readonly targetHost: string
  readonly request: JobRequest
  readonly priority: number
  readonly targetId?: number | null
  readonly credentialSides?: readonly CredentialSide[]
  /** Process that remembers the credentials, where `credentialSides` names any. */
  readonly credentialsHolder?: string | null
}

/** Copies that are asked for together, each a job of its own below the batch's. */
export interface NewBatch extends Pick<NewJob, "ownerId" | "priority"> {
  readonly title: string
  readonly children: readonly NewJob[]
}

/** A job under lease. Whoever writes for it shows the fence; a higher one was given out as soon as somebody else took the job over. */
export interface Lease {
  readonly jobId: number
  readonly fence: number
}

/** A job as whoever claimed it found it, and the lease. */
export interface ClaimedJob extends Lease {
  readonly job: Job
}

export interface ClaimOptions {
  readonly runnerId: string
  readonly now: number
  /** Most jobs of one owner at once. */
  readonly perOwner?: number
}

/** What a run appends: events that are kept, and the latest counters, which replace those before. */
export interface JobRecord {
  readonly at: number
  readonly events: readonly JobEvent[]
  readonly stage?: Stage | null
  readonly progress?: JobProgress | null
}

/** How a job ended, written in one transaction. */
export interface JobResult {
  readonly at: number
  readonly state: "succeeded" | "failed" | "cancelled"
  /** Appended before the state event. */
  readonly events: readonly JobEvent[]
  readonly digest?: string | null
  readonly unchanged?: boolean
  readonly failure?: TransferFailure | null
  readonly totals?: TransferTotals | null
}

/** Which jobs a reader may see: those of one owner, or all. */
export type Visibility = { readonly ownerId: number } | "all"

/** Which jobs of the history, newest first; what is given narrows. */
export interface JobQuery {
  readonly visibility: Visibility
  /** Jobs that are older than this one: the cursor of the page before. */
  readonly before?: number
  /** 1 to 200. */
  readonly limit: number
  readonly states?: readonly JobState[]
  /** Copies alone, or batches alone. */
  readonly kind?: JobKind
  /** Part of the source or target name, any case. */
  readonly search?: string
  /** Source or target host. */
  readonly host?: string
  /** Created at or after, before; milliseconds. */
  readonly since?: number
  readonly until?: number
  /** Children of this batch; without it top-level jobs only, unless `everywhere`. */
  readonly parentId?: number
  readonly everywhere?: boolean
}

/** A page of the history. */
export interface JobPage {
  /** At most `limit`. Where something is searched for, or batches alone, a page may be shorter, or empty, though others follow: only `next` tells. */
  readonly jobs: readonly Job[]
  /** `before` of the next page; null on the last. */
  readonly next: number | null
}

/** A registry, and how many of the jobs that were counted it is an end of. */
export interface JobHost {
  readonly host: string
  readonly side: "source" | "target"
  readonly jobs: number
}

/** A change of the queue: the job as it is now, or that it is gone. */
export interface QueueChange {
  readonly revision: number
  readonly job: Job | null
  readonly jobId: number
}

/**
 * The queue, the history and the event log. Every method is one statement or one transaction, and true when it returns: what was acknowledged
 * survives SIGKILL and power cuts (faults 34, 35). Fenced methods return false, and change nothing, once the lease is somebody else's.
 */
export interface JobStore {
  create(jobs: readonly NewJob[], at: number, runner?: JobRunner): Promise<readonly Job[]>
  createBatch(batch: NewBatch, at: number): Promise<{ readonly batch: Job; readonly children: readonly Job[] }>
  /** A job that is running from the start, by the process that made it (the command line). */
  createRunning(job: NewJob, runnerId: string, at: number): Promise<ClaimedJob>

  get(id: number): Promise<Job | undefined>
  /** Newest first. */
  list(query: JobQuery): Promise<JobPage>
  summary(batchId: number): Promise<BatchSummary>
  /** Jobs by state, batches left out. */
  counts(visibility: Visibility): Promise<BatchSummary>
  /** Registries of recent jobs, most used first: of the newest 10,000 of all, or of an owner's newest 2,000 in each state. At most 100. */
  hosts(visibility: Visibility): Promise<readonly JobHost[]>
  /** In their order, after that sequence number; at most `limit`. */
  events(jobId: number, after: number, limit: number): Promise<readonly StoredEvent[]>
  /** Changes after that revision in their order, each job once, as it is now; at most `limit`. */
  changes(visibility: Visibility, after: number, limit: number): Promise<readonly QueueChange[]>
  revision(): Promise<number>

  /**
   * Takes the next queued job: of the owner who has the fewest running, then by priority, then of the owner who was served longest ago, then the
   * oldest. Jobs whose credentials another process holds are left to it. Also marks its batch as running.
   */
  claim(options: ClaimOptions): Promise<ClaimedJob | undefined>
  record(lease: Lease, record: JobRecord): Promise<boolean>
  finish(lease: Lease, result: JobResult): Promise<boolean>
  wait(lease: Lease, reason: WaitReason, until: number | null, record: JobRecord): Promise<boolean>
  /** Back to the queue, progress kept: the process drains. */
  release(lease: Lease, at: number): Promise<boolean>
  /** Running jobs of this runner that somebody wants cancelled. */
  cancellations(runnerId: string): Promise<readonly number[]>

  /** Queued and waiting jobs end at once, running ones are flagged; a batch takes its children along. False when it had ended, or is not there. */
  cancel(id: number, at: number): Promise<boolean>
  /**
   * An ended job back into the queue, or a waiting one whose wait is cut short; of a batch those children that did not succeed. `credentials` says
   * who holds new ones. False when there is nothing to retry.
   */
  retry(
    id: number,
    at: number,
    credentials?: { readonly sides: readonly CredentialSide[]; readonly holder: string },
  ): Promise<boolean>
  /** Out of the history. Ended jobs only, a batch with its children. */
  remove(id: number, at: number): Promise<boolean>

  /** Rate-limited jobs whose time has come go back into the queue; returns when the next one's will. */
  wake(now: number): Promise<number | undefined>
  /** This process is alive. The first call registers it. */
  heartbeat(runnerId: string, at: number): Promise<void>
  runners(): Promise<readonly { readonly id: string; readonly seenAt: number }[]>
  /**
   * A process is gone: its running jobs go back into the queue with a new fence, those whose credentials it held wait for credentials, those of a
   * terminal are failed (`cancelled`).
   */
  bury(runnerId: string, at: number): Promise<void>
}
