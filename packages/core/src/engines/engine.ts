import type { Platform } from "../content/platform.ts"
import type { EngineName } from "../transfer/engine-stages.ts"
import type { OutcomeEvent, Stage, TransferEvent } from "../transfer/events.ts"
import type { TransferPlan } from "../transfer/plan.ts"

/** One copy of one reference, as it was asked for. Places are transport strings: `docker://REF`, `oci:DIR:TAG`, `cache:NAME:TAG`, … */
export interface CopyRequest {
  readonly source: string
  readonly target: string
  /** Only these platforms of an index; all when absent. */
  readonly platforms?: readonly Platform[]
  /** Also cosign tags and referrers of everything that is copied. */
  readonly referrers?: boolean
  /** Also layers whose media type says they are not to be distributed. */
  readonly nonDistributable?: boolean
  /** Send every blob even where the target has it (seed 4's --force-upload). */
  readonly forceUpload?: boolean
  /** One of many copies into the same repository: its tag list is asked once instead of every tag. */
  readonly oneOfMany?: boolean
  /** Other places with the same content: when the source fails, one of them carries on. Transport strings. */
  readonly alternatives?: readonly string[]
  /** Blobs under way at once. Default 6. */
  readonly maxConcurrent?: number
  readonly signal?: AbortSignal
}

/** How a transfer is carried out. Shared code asks the engine for its stages and never branches on its name. */
export interface Engine {
  readonly name: EngineName
  readonly stages: readonly Stage[]
  /** What would move, without moving it. */
  plan(request: CopyRequest): Promise<TransferPlan>
  /** Runs to the end. Failures and cancellation arrive as the outcome, never as a throw. */
  copy(request: CopyRequest): AsyncGenerator<TransferEvent, OutcomeEvent>
  close(): Promise<void>
}
