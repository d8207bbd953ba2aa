import type { TransferEvent } from "@entrepot/core"

/** One image of a run, as its lines are headed. */
export interface Job {
  readonly index: number
  /** Images in this run. */
  readonly count: number
  /** As a person would write them. */
  readonly source: string
  readonly target: string
}

/** Shows a run to somebody. Nothing it is told may be kept beyond `close`. */
export interface Renderer {
  /** An event of one transfer; several transfers may be interleaved. */
  event(job: Job, event: TransferEvent): void
  /** Lines of our own: a warning, the summary. They stay. */
  note(text: string): void
  /** Something that somebody who waits should know; it has no meaning any more after so many milliseconds. */
  notice(text: string, forMs: number): void
  /** Leaves the terminal as it was found. No event follows. */
  close(): void
}
