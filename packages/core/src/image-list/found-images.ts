import type { TransferError } from "../errors/transfer-error.ts"
import type { Reference } from "../reference/reference.ts"

/** What a text names. `kind` is what it was read as. */
export interface FoundImages {
  readonly kind: "list" | "compose" | "kubernetes"
  /** In the order in which they stand there, each once. */
  readonly images: readonly FoundImage[]
  /** Why the text as a whole could not be read as what it is, or not to its end; `images` is what was found nevertheless. */
  readonly problem?: TransferError
}

/** One image of a text: a reference, or the problem that kept it from being one. */
export interface FoundImage {
  /** As it stands there; where it stands there in parts, or with variables, as these make it up. */
  readonly text: string
  /** Lines, from 1, of every place it was found at. */
  readonly lines: readonly number[]
  /** The same places in words: `services.web`, `Deployment/web: containers[0] nginx`; empty for the lines of a list. */
  readonly where: readonly string[]
  readonly reference?: Reference
  /** Its own name at the target, where the list gives one, as it stands there. */
  readonly target?: string
  readonly problem?: TransferError
}

/** How much of a text is read. */
export interface FindLimits {
  /** Characters. */
  readonly textLength: number
  readonly images: number
}
