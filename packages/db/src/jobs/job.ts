import type { BlobEvent, Stage, TransferEvent, TransferFailure, TransferTotals } from "@entrepot/core"

/** `waiting`: for a rate limit to pass, or for credentials that the process has forgotten. The last three are ends; retry leads back to `queued`. */
export const jobStates = ["queued", "waiting", "running", "succeeded", "failed", "cancelled"] as const
export type JobState = (typeof jobStates)[number]
/** States from which only retry leads on. */
export const endedStates = ["succeeded", "failed", "cancelled"] as const satisfies readonly JobState[]

/** Whether nothing happens to a job any more, unless it is retried. */
export function isEnded({ state }: { readonly state: string }): boolean {
  return endedStates.some((ended) => ended === state)
}

export type WaitReason = "rate_limit" | "credentials"

/** `mirror` copies one image; `batch` has children that do, and ends when they have. */
export type JobKind = "mirror" | "batch"

/** `server`: claimed by whoever has room. `terminal`: run by the command line that made it, and by nobody else. */
export type JobRunner = "server" | "terminal"

/** An end of a transfer whose credentials were given for this job alone, and live in the memory of one process. */
export type CredentialSide = "source" | "target"

/** How the copy was asked for, as plain data without any secret. */
export interface JobRequest {
  /** Transport strings, as in core's CopyRequest. Empty for a batch. */
  readonly source: string
  readonly target: string
  readonly engine: "direct" | "docker"
  readonly platforms?: readonly string[] | undefined
  readonly referrers?: boolean | undefined
  readonly nonDistributable?: boolean | undefined
  readonly forceUpload?: boolean | undefined
  /** Hosts that the person who asked allowed to speak plain HTTP. */
  readonly plainHttp?: readonly string[] | undefined
  /** Hosts whose certificate is not verified, because the person who asked said so. */
  readonly insecureTls?: readonly string[] | undefined
  readonly oneOfMany?: boolean | undefined
}

/** Where a running copy stands: the latest value only. Blobs that are under way, not those at rest, which have stored events. */
export interface JobProgress {
  readonly bytesDone: number
  readonly bytesTotal: number
  readonly blobs: readonly BlobEvent[]
}

/** Children of a batch by state. */
export type BatchSummary = Readonly<Record<JobState, number>>

/** A recorded request for a transfer. Times are milliseconds since 1970. */
export interface Job {
  readonly id: number
  readonly kind: JobKind
  readonly parentId: number | null
  /** Web user who asked. */
  readonly ownerId: number
  readonly runner: JobRunner
  /** As a person writes it: `nginx:1.27`; for a batch a title. */
  readonly source: string
  readonly target: string
  /** As in a reference: `docker.io`, `harbor.example.com:8443`. Empty for local places. */
  readonly sourceHost: string
  readonly targetHost: string
  readonly request: JobRequest
  readonly state: JobState
  readonly waitReason: WaitReason | null
  readonly waitUntil: number | null
  /** Higher is sooner, within what is fair between owners. -10 to 10. */
  readonly priority: number
  readonly stage: Stage | null
  /** Times that it was begun. */
  readonly attempts: number
  readonly cancelRequested: boolean
  /** Saved target whose credentials are used. */
  readonly targetId: number | null
  /** Sides whose credentials are in memory only. */
  readonly credentialSides: readonly CredentialSide[]
  readonly digest: string | null
  /** The target had it already. */
  readonly unchanged: boolean
  readonly failure: TransferFailure | null
  readonly totals: TransferTotals | null
  readonly progress: JobProgress | null
  /** Grows with every change of any job; followers of the queue go by it. */
  readonly revision: number
  /** Sequence number of its newest stored event, 0 before the first. */
  readonly lastSequence: number
  readonly createdAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** A job changed its state. Stands between the transfer's events. */
export interface StateEvent {
  readonly type: "state"
  readonly state: JobState
  readonly attempt: number
  readonly waitReason?: WaitReason
  /** Milliseconds since 1970. */
  readonly waitUntil?: number
}

/** What a job tells: its own states, and what its transfer tells. */
export type JobEvent = StateEvent | TransferEvent

/** An event as it is kept. Sequence numbers of a job begin at 1 and have no gaps. */
export interface StoredEvent {
  readonly sequence: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly event: JobEvent
}
