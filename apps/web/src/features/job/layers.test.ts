import type { BlobProgress } from "@entrepot/core/progress"
import { noProgress } from "@entrepot/core/progress"
import { expect, test } from "vitest"
import { figuresAt, type LayerState, layerRows } from "./layers.ts"

const layer = (place: number, state: LayerState): BlobProgress => ({
  digest: `sha256:${place}`,
  label: String(place),
  size: 100,
  state,
  offset: 0,
  connections: 0,
  samples: [],
})

const layers = (...states: readonly LayerState[]) =>
  new Map(states.map((state, place) => [String(place), layer(place, state)] as const))

test("a dozen layers are all shown, in the order of the image", () => {
  const { shown, folded } = layerRows(layers(...new Array<LayerState>(11).fill("present"), "copying"), false)
  expect([shown.length, shown.at(-1)?.state, folded]).toEqual([12, "copying", []])
})

test("of more, those at rest are counted, and those that move or failed are shown", () => {
  const blobs = layers(...new Array<LayerState>(30).fill("present"), "copying", "failed", "mounted", "waiting", "waiting")
  const { shown, folded } = layerRows(blobs, false)
  expect(shown.map(({ state }) => state)).toEqual(["copying", "failed"])
  expect(folded).toEqual([
    ["present", 30],
    ["mounted", 1],
    ["waiting", 2],
  ])
  expect(layerRows(blobs, true).shown).toHaveLength(35)
})

test("the remaining time is what is missing at the speed of the last seconds", () => {
  const samples = [
    { at: 0, bytes: 0 },
    { at: 2_000, bytes: 200 },
  ]
  const figures = figuresAt({ ...noProgress, settledBytes: 200, totalBytes: 1_000, samples }, 2_000)
  expect(figures).toMatchObject({ share: 0.2, bytesPerSecond: 100, remainingMs: 8_000 })
})

test("nothing is foretold while nothing arrives, and an image without layers is whole", () => {
  expect(figuresAt(noProgress, 0)).toMatchObject({ share: 1, bytesPerSecond: undefined, remainingMs: undefined })
})
