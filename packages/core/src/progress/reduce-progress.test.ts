import { expect, test } from "vitest"
import type { BlobEvent, PlanEvent, TransferEvent } from "../transfer/events.ts"
import { noProgress, type Progress, reduceProgress } from "./reduce-progress.ts"
import { bytesPerSecond } from "./speed.ts"

const digest = (letter: string) => `sha256:${letter.repeat(64)}`

const plan: PlanEvent = {
  type: "plan",
  source: "nginx:latest",
  target: "harbor.example.com/proxy/nginx:latest",
  digest: digest("f"),
  unchanged: false,
  digestChanges: false,
  blobs: [
    { digest: digest("a"), size: 1000, mediaType: "layer" },
    { digest: digest("b"), size: 3000, mediaType: "layer" },
  ],
  totalBytes: 4000,
  platforms: ["linux/amd64"],
}

const blob = (letter: string, size: number, state: BlobEvent["state"], offset: number): BlobEvent => ({
  type: "blob",
  digest: digest(letter),
  size,
  state,
  offset,
})

function after(...events: readonly (readonly [at: number, event: TransferEvent])[]): Progress {
  return events.reduce((progress, [at, event]) => reduceProgress(progress, event, at), noProgress)
}

test("a plan makes every blob known, waiting", () => {
  const progress = after([0, plan])
  expect([...progress.blobs.values()].map(({ label, state }) => [label, state])).toEqual([
    ["aaaaaaaaaaaa", "waiting"],
    ["bbbbbbbbbbbb", "waiting"],
  ])
  expect(progress.totalBytes).toBe(4000)
  expect(progress.settledBytes).toBe(0)
})

test("what is there already counts as settled, but not as speed", () => {
  const progress = after([0, plan], [1000, blob("a", 1000, "present", 0)], [2000, blob("b", 3000, "copying", 1500)])
  expect(progress.settledBytes).toBe(2500)
  expect(progress.samples.at(-1)?.bytes).toBe(1500)
})

test("bytes that have to be sent again are taken back", () => {
  const progress = after(
    [0, plan],
    [1000, blob("b", 3000, "copying", 2000)],
    [2000, blob("b", 3000, "retrying", 2000)],
    [3000, blob("b", 3000, "copying", 500)],
  )
  expect(progress.settledBytes).toBe(500)
  expect(bytesPerSecond(progress.samples, 3000)).toBeUndefined()
})

test("a blob that is not for distribution is no part of the sum", () => {
  expect(after([0, plan], [1, blob("b", 3000, "skipped", 0)]).totalBytes).toBe(1000)
})

test("the speed is that of the last seconds, and falls while nothing arrives", () => {
  const events: [number, TransferEvent][] = [[0, plan]]
  for (let at = 0; at <= 20_000; at += 250) events.push([at, blob("b", 1_000_000, "copying", at * 10)])
  const { samples } = after(...events)
  expect(bytesPerSecond(samples, 20_000)).toBeCloseTo(10_000, -2)
  expect(bytesPerSecond(samples, 23_000)).toBeLessThan(6_000)
  expect(bytesPerSecond(samples, 40_000)).toBe(0)
  expect(samples.length).toBeLessThan(40)
})

test("layers of the Docker engine that no plan names are added as they come, under its own name", () => {
  const progress = after([0, { ...blob("c", 10, "copying", 5), label: "a1b2c3d4e5f6" }])
  expect(progress.blobs.get(digest("c"))?.label).toBe("a1b2c3d4e5f6")
  expect(progress.totalBytes).toBe(10)
})

test("a blob that broke off knows where it went on", () => {
  const resumed = after([0, plan], [1, { ...blob("a", 1000, "copying", 600), resumedAt: 400 }]).blobs.get(digest("a"))
  expect([resumed?.offset, resumed?.resumedAt]).toEqual([600, 400])
})
