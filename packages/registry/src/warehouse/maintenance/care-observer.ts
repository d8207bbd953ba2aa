import type { GarbageReport } from "./collect-garbage.ts"
import type { EvictionReport } from "./evict.ts"
import type { ScrubReport } from "./scrub.ts"

/** What each way of looking after the warehouse tells of itself. */
export interface CareReports {
  readonly garbage: GarbageReport
  readonly evict: EvictionReport
  readonly scrub: ScrubReport
}

export type CareKind = keyof CareReports

/** Tells after each thing what it has done so far, and ends early, without an error, when `signal` is aborted. */
export type CareWork<Kind extends CareKind> = (
  tell: (soFar: CareReports[Kind]) => void,
  signal: AbortSignal,
) => Promise<CareReports[Kind]>

/** Watches what the warehouse does for itself: by its timetable, or for want of room. */
export interface CareObserver {
  /** Somebody has begun one of these, and it goes on. What can wait for its next turn does. */
  isUnderWay(kind: CareKind): boolean
  /** Runs `work`, and returns or throws what it does. Watching delays nothing and never fails. */
  observe<Kind extends CareKind>(kind: Kind, work: CareWork<Kind>): Promise<CareReports[Kind]>
}

const never = new AbortController().signal

/** Nobody watches. */
export const unobserved: CareObserver = {
  isUnderWay: () => false,
  observe: (_kind, work) => work(() => undefined, never),
}
