import type { Descriptor } from "../content/descriptor.ts"
import type { RawManifest } from "../content/store.ts"

/** What a transfer is going to do, complete before the first blob moves. */
export interface TransferPlan {
  /** As a person would write them. */
  readonly source: string
  readonly target: string
  /** What will be published at the target. */
  readonly root: Descriptor
  /** The target's tag already points at exactly this: nothing to do. */
  readonly unchanged: boolean
  /** A platform subset makes a new index: the digest at the target will differ from the source's. */
  readonly digestChanges: boolean
  /** Platforms that will be at the target, `linux/amd64`; empty for artifacts. */
  readonly platforms: readonly string[]
  /** Children before parents, the root last. Empty when unchanged. */
  readonly manifests: readonly PlannedManifest[]
  /** Every blob once, in the order of the image. */
  readonly blobs: readonly PlannedBlob[]
}

export interface PlannedManifest {
  readonly manifest: RawManifest
  /** Tag, or the digest itself. */
  readonly reference: string
}

export interface PlannedBlob {
  readonly descriptor: Descriptor
  /** Why it will not be sent, where that is known beforehand. */
  readonly skip?: "non-distributable"
}
