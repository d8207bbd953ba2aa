import type { BlobEvent, BlobState, LogEvent, OutcomeEvent, PlanEvent, Stage, TransferEvent } from "../transfer/events.ts"
import { addSample, type Samples } from "./speed.ts"

/** How far one transfer has come: everything a surface shows of it, as plain data, whatever the surface. */
export interface Progress {
  readonly plan?: Omit<PlanEvent, "type" | "blobs">
  /** The stage under way, or the last one. */
  readonly stage?: Stage
  /** In the order of the image. */
  readonly blobs: ReadonlyMap<string, BlobProgress>
  /** Sum of what each blob has: arrived, or there already. */
  readonly settledBytes: number
  /** Sum of the sizes of all blobs known so far. */
  readonly totalBytes: number
  /** Bytes that moved, over time. */
  readonly samples: Samples
  readonly manifests: number
  readonly lastLog?: LogEvent
  readonly outcome?: OutcomeEvent
}

export interface BlobProgress {
  readonly digest: string
  /** The first twelve digits of the digest, or what the Docker engine calls the layer. */
  readonly label: string
  readonly size: number
  readonly state: BlobState
  /** Bytes that have arrived. */
  readonly offset: number
  readonly connections: number
  /** Offset at which it went on after its last break. */
  readonly resumedAt?: number
  readonly samples: Samples
}

export const noProgress: Progress = { blobs: new Map(), settledBytes: 0, totalBytes: 0, samples: [], manifests: 0 }

/** States of a blob about which nothing more will happen. */
export function isSettled(state: BlobState): boolean {
  return state === "done" || state === "present" || state === "mounted" || state === "skipped" || state === "failed"
}

/** The progress after an event that came at `now` milliseconds. */
export function reduceProgress(progress: Progress, event: TransferEvent, now: number): Progress {
  switch (event.type) {
    case "plan":
      return withPlan(progress, event)
    case "stage":
      return event.state === "started" ? { ...progress, stage: event.stage } : progress
    case "blob":
      return withBlob(progress, event, now)
    case "manifest":
      return { ...progress, manifests: progress.manifests + 1 }
    case "log":
      return { ...progress, lastLog: event }
    case "outcome":
      return { ...progress, outcome: event }
  }
}

function withPlan(progress: Progress, { type: _, blobs: planned, ...plan }: PlanEvent): Progress {
  const blobs = new Map<string, BlobProgress>()
  for (const { digest, size } of planned) {
    blobs.set(
      digest,
      progress.blobs.get(digest) ?? {
        digest,
        label: labelOf(digest),
        size,
        state: "waiting",
        offset: 0,
        connections: 0,
        samples: [],
      },
    )
  }
  return { ...progress, plan, blobs, ...sums(blobs) }
}

function withBlob(progress: Progress, event: BlobEvent, now: number): Progress {
  const before = progress.blobs.get(event.digest)
  const { digest, size, state, offset } = event
  const moved = offset - (before?.offset ?? 0)
  const blob: BlobProgress = {
    digest,
    label: event.label ?? before?.label ?? labelOf(digest),
    size,
    state,
    offset,
    connections: event.connections ?? 0,
    ...(event.resumedAt === undefined ? {} : { resumedAt: event.resumedAt }),
    samples: state === "copying" || state === "done" ? addSample(before?.samples ?? [], now, offset) : (before?.samples ?? []),
  }
  const blobs = new Map(progress.blobs).set(digest, blob)
  const movedInAll = (progress.samples.at(-1)?.bytes ?? 0) + (state === "copying" || state === "done" ? moved : 0)
  return { ...progress, blobs, ...sums(blobs), samples: addSample(progress.samples, now, movedInAll) }
}

function sums(blobs: ReadonlyMap<string, BlobProgress>): Pick<Progress, "settledBytes" | "totalBytes"> {
  let settledBytes = 0
  let totalBytes = 0
  for (const { size, state, offset } of blobs.values()) {
    if (state === "skipped") continue
    totalBytes += size
    settledBytes += state === "done" || state === "present" || state === "mounted" ? size : Math.min(offset, size)
  }
  return { settledBytes, totalBytes }
}

function labelOf(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1).slice(0, 12)
}
