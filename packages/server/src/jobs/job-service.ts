import type { Reference, TransferPlan } from "@entrepot/core"
import type { BatchSummary, Job, JobEvent, JobHost, JobPage, JobQuery, NewJob, StoredEvent } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import type { TypedTarget } from "../targets/target-service.ts"

export interface Login {
  readonly username: string
  readonly password: string
}

export interface MirrorOptions {
  /** A saved target, a typed one, or none: then the default target of the configuration. */
  readonly target?: TypedTarget | { readonly targetId: number } | undefined
  readonly sourceLogin?: Login | undefined
  readonly naming?: string | undefined
  readonly platforms?: readonly string[] | undefined
  readonly referrers?: boolean | undefined
  readonly nonDistributable?: boolean | undefined
  readonly forceUpload?: boolean | undefined
  readonly engine?: "direct" | "docker" | undefined
  /** -10 to 10, above 0 for administrators alone. */
  readonly priority?: number | undefined
  /** The source may speak plain HTTP; for tests and private networks. */
  readonly sourcePlainHttp?: boolean | undefined
}

export interface MirrorRequest extends MirrorOptions {
  /** Anything that core's parser takes. */
  readonly image: string
  /** The whole name at the target, in place of the naming rule's. */
  readonly targetImage?: string | undefined
}

/** A question to an image's registry alone. */
export interface InspectRequest extends Pick<MirrorOptions, "sourceLogin" | "sourcePlainHttp"> {
  /** Anything that core's parser takes. */
  readonly image: string
}

/** What a registry says an image is, without its layers. */
export interface InspectedImage {
  readonly reference: Reference
  readonly digest: string
  readonly mediaType: string
  /** Sum of a single image's layers as they are sent; null for an index. */
  readonly sizeBytes: number | null
  /** `linux/amd64`; those of an index, or the one that a single image's configuration names. Attestations are none. */
  readonly platforms: readonly string[]
}

export interface BatchRequest extends MirrorOptions {
  readonly title?: string | undefined
  /** 1 to 1,000. */
  readonly images: readonly (string | { readonly image: string; readonly targetImage?: string | undefined })[]
}

/** What a follower is handed: stored events carry their sequence number, counters in between do not. */
export interface FollowedEvent {
  readonly sequence?: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly event: JobEvent
}

/** The queue as its followers see it. `removed`: out of the history, or no longer theirs to see. */
export type QueueEvent =
  | { readonly type: "job"; readonly revision: number; readonly job: Job }
  | { readonly type: "removed"; readonly revision: number; readonly jobId: number }

export type HistoryQuery = Omit<JobQuery, "visibility">

/**
 * Everything that is done with jobs. A foreign job is not found (S13): an operator sees own jobs, administrators and viewers all, and viewers change
 * none. Requests whose names cannot be parsed throw core's TransferError.
 */
export interface JobService {
  /** Asks the source for one manifest, and for the configuration of a single image. Errors are those of `plan`. */
  inspect(actor: Actor, request: InspectRequest, signal: AbortSignal): Promise<InspectedImage>
  /** What would move, without moving it. */
  plan(actor: Actor, request: MirrorRequest, signal: AbortSignal): Promise<TransferPlan>
  /** Returns once the job is safely in the database (acknowledged). */
  start(actor: Actor, request: MirrorRequest): Promise<Job>
  /** What `start` would put into the database, without doing so: schedules make the job and take their tick in one step. */
  prepare(actor: Actor, request: MirrorRequest): Promise<NewJob>
  /** One job with children. @throws TransferError `naming_collision`. */
  startBatch(actor: Actor, request: BatchRequest): Promise<Job>
  cancel(actor: Actor, id: number): Promise<Job>
  /** Again, with the credentials that are still remembered or saved, or with others. A job that waits for credentials goes on with them. */
  retry(
    actor: Actor,
    id: number,
    logins?: { readonly source?: Login | undefined; readonly target?: Login | undefined },
  ): Promise<Job>
  remove(actor: Actor, id: number): Promise<void>

  get(actor: Actor, id: number): Promise<Job>
  list(actor: Actor, query: HistoryQuery): Promise<JobPage>
  summary(actor: Actor, batchId: number): Promise<BatchSummary>
  counts(actor: Actor): Promise<BatchSummary>
  /** Registries of recent jobs that the actor may see, most used first. */
  hosts(actor: Actor): Promise<readonly JobHost[]>
  events(actor: Actor, id: number, after: number, limit: number): Promise<readonly StoredEvent[]>

  /**
   * Replays what was stored after `after`, then follows, without gap or repeat, until the job has ended and its last event was handed over, or the
   * signal is aborted. A follower that does not keep up misses counters, never events. A retry goes on in the same sequence.
   */
  follow(
    actor: Actor,
    id: number,
    options: { readonly after?: number; readonly signal: AbortSignal },
  ): AsyncIterable<FollowedEvent>
  /** All jobs that the actor may see: those changed after revision `after` (all open ones and the newest ended ones without it), then every change. */
  followQueue(actor: Actor, options: { readonly after?: number; readonly signal: AbortSignal }): AsyncIterable<QueueEvent>
  /** Resolves with the job once it has ended, or waits for credentials. */
  ended(actor: Actor, id: number, signal: AbortSignal): Promise<Job>
}
