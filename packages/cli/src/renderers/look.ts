import type { DescribedError } from "@entrepot/core"
import type { Say } from "../locale.ts"
import type { Paint } from "./paint.ts"

/** What a failure's lines are made of; a TransferError and the failure inside an outcome both are one. */
export interface Failure extends DescribedError {
  readonly message: string
  readonly hint?: string | undefined
}

/** How things are shown: language, colours, characters. */
export interface Look {
  readonly say: Say
  readonly paint: Paint
  /** False: only ASCII for bars and signs. */
  readonly unicode: boolean
  /** The sentence for a failure in the reader's language. */
  readonly describe: (failure: Failure) => string
  /** Host, HTTP status and attempt of a failure, as far as they are known. */
  readonly detail: (failure: Failure) => string | undefined
  /** What to do next, in the reader's language. */
  readonly hint: (hint: string) => string
}

const unicodeSigns = {
  done: "✓",
  unchanged: "=",
  failed: "✗",
  stopped: "■",
  arrow: "→",
  full: "█",
  empty: "░",
  ellipsis: "…",
  times: "×",
  dot: "·",
}
const asciiSigns = {
  done: "+",
  unchanged: "=",
  failed: "x",
  stopped: "#",
  arrow: "->",
  full: "#",
  empty: ".",
  ellipsis: "...",
  times: "x",
  dot: "-",
}

export type Signs = typeof unicodeSigns

export function signsOf(look: Pick<Look, "unicode">): Signs {
  return look.unicode ? unicodeSigns : asciiSigns
}
