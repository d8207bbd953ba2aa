import type { Descriptor } from "../content/descriptor.ts"
import type { Digest } from "../content/digest.ts"
import type { ErrorCode, Side } from "../errors/error-code.ts"

/** What a transfer tells while it runs. One union, many renderers; plain data, so that it can be stored and sent as JSON. */
export type TransferEvent = PlanEvent | StageEvent | BlobEvent | ManifestEvent | LogEvent | OutcomeEvent

/** Named steps. The direct engine has prepare, copy, tag; the Docker engine prepare, pull, tag, push, clean. */
export type Stage = "prepare" | "copy" | "pull" | "tag" | "push" | "clean"

/** Once, after prepare: what will move. */
export interface PlanEvent {
  readonly type: "plan"
  readonly source: string
  readonly target: string
  readonly digest: Digest
  /** True when the target already has exactly this; nothing follows but the outcome. */
  readonly unchanged: boolean
  /** True when a platform subset makes a new index, so that source and target digests differ. */
  readonly digestChanges: boolean
  /** Every blob once, in the order of the image. */
  readonly blobs: readonly Pick<Descriptor, "digest" | "size" | "mediaType">[]
  /** Sum of the blob sizes, bytes. */
  readonly totalBytes: number
  readonly platforms: readonly string[]
}

export interface StageEvent {
  readonly type: "stage"
  readonly stage: Stage
  readonly state: "started" | "finished"
}

/**
 * `waiting` not begun, `present` already in the repository, `mounted` from another repository of the target, `copying` under way,
 * `retrying` broke off and goes on, `done` sent and verified, `skipped` non-distributable, `failed`.
 */
export type BlobState = "waiting" | "present" | "mounted" | "copying" | "retrying" | "done" | "skipped" | "failed"

/** At most four a second and blob while bytes flow; latest value only. */
export interface BlobEvent {
  readonly type: "blob"
  readonly digest: Digest
  /** Bytes in all. */
  readonly size: number
  readonly state: BlobState
  /** Bytes that have arrived; may go back when bytes have to be sent again. */
  readonly offset: number
  /** Connections that fetch this blob now. */
  readonly connections?: number
  /** Offset at which it went on after a break, when it did. */
  readonly resumedAt?: number
  /** Layer as the Docker engine names it, where there is no digest yet. */
  readonly label?: string
}

/** A manifest was published. */
export interface ManifestEvent {
  readonly type: "manifest"
  readonly digest: Digest
  readonly size: number
  /** Tag, or the digest itself for children and referrers. */
  readonly reference: string
}

export interface LogEvent {
  readonly type: "log"
  readonly level: "info" | "warn"
  readonly message: string
}

export interface TransferFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly side?: Side
  readonly host?: string
  readonly hint?: string
  readonly status?: number
  /** Tries made, the last one included; absent for a single one. */
  readonly attempts?: number
  /** How long the registry wants us to wait, milliseconds. */
  readonly retryAfterMs?: number
}

export interface TransferTotals {
  /** Bytes that went to the target, repeats included. */
  readonly bytesSent: number
  /** Bytes of blobs that did not have to be sent. */
  readonly bytesSkipped: number
  readonly blobsSent: number
  readonly blobsSkipped: number
  readonly blobsMounted: number
  readonly durationMs: number
}

/** The last event, always. */
export interface OutcomeEvent {
  readonly type: "outcome"
  readonly outcome: "succeeded" | "unchanged" | "failed" | "cancelled"
  readonly source: string
  readonly target: string
  /** Digest at the target, once known. */
  readonly digest?: Digest
  readonly totals: TransferTotals
  readonly error?: TransferFailure
}
