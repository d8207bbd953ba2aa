import { type BlobProgress, bytesPerSecond, type Progress, type Samples } from "@entrepot/core/progress"

export type LayerState = BlobProgress["state"]

/** How many layers have a row of their own before those at rest are counted only. */
export const mostLayers = 12

/** Layers to be drawn one by one, and how many of the others are in which state. */
export interface LayerRows {
  readonly shown: readonly BlobProgress[]
  /** None that is empty. Nothing at all where every layer is shown. */
  readonly folded: readonly (readonly [state: RestState, count: number])[]
}

const atRest = ["present", "mounted", "done", "skipped", "waiting"] as const satisfies readonly LayerState[]
type RestState = (typeof atRest)[number]

/** A few layers are shown all; of many, those that move or have failed. */
export function layerRows(blobs: Progress["blobs"], showAll: boolean): LayerRows {
  const layers = [...blobs.values()]
  if (showAll || layers.length <= mostLayers) return { shown: layers, folded: [] }
  return {
    shown: layers.filter(({ state }) => !atRest.some((rest) => rest === state)),
    folded: atRest.flatMap((state) => {
      const count = layers.filter((layer) => layer.state === state).length
      return count === 0 ? [] : [[state, count] as const]
    }),
  }
}

/** What stands beside the bar of the whole. */
export interface Figures {
  readonly settledBytes: number
  readonly totalBytes: number
  /** 0 to 1; 1 where there is nothing to move. */
  readonly share: number
  /** Over the last seconds; undefined before there is enough to tell. */
  readonly bytesPerSecond: number | undefined
  /** Milliseconds; undefined where it cannot be told. */
  readonly remainingMs: number | undefined
  readonly sent: number
  readonly present: number
  readonly mounted: number
}

/** Nothing is called stalled before so long, milliseconds. */
const patienceMs = 3_000

/** Bytes a second over the last seconds; undefined before there is enough to tell. */
export function speedAt(samples: Samples, now: number): number | undefined {
  const [only, second] = samples
  if (only !== undefined && second === undefined && now - only.at < patienceMs) return undefined
  return bytesPerSecond(samples, now)
}

const longestRemainingMs = 100 * 3600 * 1000

/** The sums at that moment, milliseconds since 1970 by the server's clock. */
export function figuresAt(progress: Progress, now: number): Figures {
  const { settledBytes, totalBytes, samples, blobs } = progress
  const speed = speedAt(samples, now)
  const remainingMs = speed === undefined || speed < 1 ? undefined : ((totalBytes - settledBytes) / speed) * 1000
  const count = (state: LayerState) => [...blobs.values()].filter((blob) => blob.state === state).length
  return {
    settledBytes,
    totalBytes,
    share: totalBytes === 0 ? 1 : settledBytes / totalBytes,
    bytesPerSecond: speed,
    remainingMs: remainingMs === undefined || remainingMs > longestRemainingMs ? undefined : remainingMs,
    sent: count("done"),
    present: count("present"),
    mounted: count("mounted"),
  }
}
