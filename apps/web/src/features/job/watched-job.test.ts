import type { FollowedEvent } from "@entrepot/client"
import { describe, expect, test } from "vitest"
import { figuresAt } from "./layers.ts"
import { stepsOf } from "./steps.ts"
import { afterEvents, newlyWatched, type WatchedJob } from "./watched-job.ts"

const digest = `sha256:${"a".repeat(64)}`
const totals = { bytesSent: 10, bytesSkipped: 0, blobsSent: 1, blobsSkipped: 0, blobsMounted: 0, durationMs: 5 }
const ends = { source: "nginx:1.27", target: "harbor.example.com/proxy/nginx:1.27" }

const plan = {
  type: "plan",
  ...ends,
  digest,
  unchanged: false,
  digestChanges: false,
  blobs: [{ digest, size: 10, mediaType: "application/octet-stream" }],
  totalBytes: 10,
  platforms: [],
} as const

const stage = (name: "prepare" | "copy" | "tag", state: "started" | "finished") =>
  ({ type: "stage", stage: name, state }) as const
const state = (name: "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled", attempt = 1) =>
  ({ type: "state", state: name, attempt }) as const
const outcome = (name: "succeeded" | "unchanged" | "failed" | "cancelled") =>
  ({ type: "outcome", outcome: name, ...ends, totals }) as const

/** Numbered, a second apart. */
function numbered(events: readonly FollowedEvent["event"][]): FollowedEvent[] {
  return events.map((event, index) => ({ sequence: index + 1, at: 1_000 * index, event }))
}

const watch = (...events: readonly FollowedEvent["event"][]): WatchedJob =>
  afterEvents(newlyWatched, { events: numbered(events), receivedAt: 1_000 * events.length })

const steps = (job: WatchedJob) => stepsOf(job, "direct").map((step) => `${step.stage} ${step.state}`)

test("a job that is read in one piece looks like one that was watched event by event", () => {
  const events = numbered([
    state("queued", 0),
    state("running"),
    stage("prepare", "started"),
    plan,
    stage("prepare", "finished"),
    stage("copy", "started"),
    { type: "blob", digest, size: 10, state: "done", offset: 10 },
    stage("copy", "finished"),
    stage("tag", "started"),
    stage("tag", "finished"),
    outcome("succeeded"),
    state("succeeded"),
  ])
  const receivedAt = 12_000
  const whole = afterEvents(newlyWatched, { events, receivedAt })
  expect(events.reduce((job, event) => afterEvents(job, { events: [event], receivedAt }), newlyWatched)).toEqual(whole)
  expect(whole).toMatchObject({ sequence: 12, standingSequence: 12, endedAt: 11_000, standing: { state: "succeeded" } })
})

describe("the stages", () => {
  test("wait, run and end, with their times", () => {
    const job = watch(state("running"), stage("prepare", "started"), stage("prepare", "finished"), stage("copy", "started"))
    expect(stepsOf(job, "direct")).toEqual([
      { stage: "prepare", state: "done", startedAt: 1_000, endedAt: 2_000 },
      { stage: "copy", state: "running", startedAt: 3_000, endedAt: undefined },
      { stage: "tag", state: "waiting", startedAt: undefined, endedAt: undefined },
    ])
  })

  test("are those of the engine", () => {
    expect(stepsOf(newlyWatched, "docker").map((step) => step.stage)).toEqual(["prepare", "pull", "tag", "push", "clean"])
  })

  test("fail where it broke", () => {
    const job = watch(state("running"), stage("prepare", "started"), outcome("failed"), state("failed"))
    expect(steps(job)).toEqual(["prepare failed", "copy waiting", "tag waiting"])
  })

  test("are not needed where there was nothing to do", () => {
    const job = watch(
      state("running"),
      stage("prepare", "started"),
      stage("prepare", "finished"),
      outcome("unchanged"),
      state("succeeded"),
    )
    expect(steps(job)).toEqual(["prepare done", "copy skipped", "tag skipped"])
  })

  test("are broken off by cancelling, and by a wait", () => {
    const begun = [state("running"), stage("prepare", "started")] as const
    expect(steps(watch(...begun, outcome("cancelled"), state("cancelled")))[0]).toBe("prepare stopped")
    expect(steps(watch(...begun, state("waiting")))[0]).toBe("prepare paused")
  })

  test("begin anew with the next attempt, whose layers are its own", () => {
    const first = [
      state("running"),
      stage("prepare", "started"),
      plan,
      { type: "blob", digest, size: 10, state: "copying", offset: 4 },
    ] as const
    expect(watch(...first).progress.settledBytes).toBe(4)
    const again = watch(...first, outcome("failed"), state("failed"), state("queued"), state("running", 2))
    expect(steps(again)).toEqual(["prepare waiting", "copy waiting", "tag waiting"])
    expect([again.progress.settledBytes, again.progress.outcome, again.endedAt]).toEqual([0, undefined, undefined])
    expect(again.entries.map(({ event }) => event.type)).toEqual(["stage", "plan", "outcome", "state", "state"])
  })
})

describe("the log", () => {
  test("has no line for counters, nor for blobs at rest", () => {
    const told = watch(
      { type: "blob", digest, size: 10, state: "present", offset: 10 },
      { type: "blob", digest, size: 10, state: "copying", offset: 5 },
      { type: "blob", digest, size: 10, state: "done", offset: 10 },
    )
    expect(told.entries.map(({ sequence }) => sequence)).toEqual([3])
  })

  test("names an end once, whether there was an outcome or not", () => {
    const types = (job: WatchedJob) => job.entries.map(({ event }) => event.type)
    expect(types(watch(state("running"), outcome("cancelled"), state("cancelled")))).toEqual(["outcome"])
    expect(types(watch(state("queued", 0), state("cancelled", 0)))).toEqual(["state", "state"])
    expect(types(watch(state("running"), outcome("succeeded"), state("succeeded")))).toEqual(["outcome"])
  })

  test("says nothing of the layers where none has to move", () => {
    expect(watch({ ...plan, unchanged: true, blobs: [] }, outcome("unchanged")).entries.map(({ sequence }) => sequence)).toEqual([
      2,
    ])
  })

  test("stays the very same list while only counters come", () => {
    const job = watch(stage("prepare", "started"))
    const counted = afterEvents(job, {
      events: [{ at: 9, event: { type: "blob", digest, size: 10, state: "copying", offset: 5 } }],
      receivedAt: 9,
    })
    expect(counted.entries).toBe(job.entries)
  })
})

test("of counters that came together only the newest counts, and stored events are all kept", () => {
  const counter = (offset: number) =>
    ({ at: offset, event: { type: "blob", digest, size: 10, state: "copying", offset } }) as const
  const job = afterEvents(newlyWatched, {
    events: [{ sequence: 1, at: 0, event: plan }, counter(2), counter(4), counter(6)],
    receivedAt: 6,
  })
  expect(job.progress.samples).toHaveLength(1)
  expect(job.progress.settledBytes).toBe(6)
})

test("what had moved before a connection is no speed of it", () => {
  const other = `sha256:${"b".repeat(64)}` as const
  const counter = (of: string, at: number, offset: number) =>
    ({ at, event: { type: "blob", digest: of, size: 1_000, state: "copying", offset } }) as const
  const events = [{ sequence: 1, at: 0, event: plan }, counter(digest, 60_000, 500), counter(other, 60_000, 500)]
  const first = afterEvents(newlyWatched, { events, receivedAt: 60_000, isFirst: true })
  expect(figuresAt(first.progress, 61_000).bytesPerSecond).toBeUndefined()
  const second = afterEvents(first, { events: [counter(digest, 61_000, 600)], receivedAt: 61_000 })
  expect(figuresAt(second.progress, 61_000).bytesPerSecond).toBe(100)
})

describe("the server's clock", () => {
  const skewAfter = (sequence: number | undefined, at: number) =>
    afterEvents(newlyWatched, {
      events: [
        {
          ...(sequence === undefined ? {} : { sequence }),
          at,
          event: { type: "blob", digest, size: 10, state: "copying", offset: 1 },
        },
      ],
      receivedAt: 100_000,
    }).clockSkewMs

  test("is known from counters, which are told as they happen", () => {
    expect(skewAfter(undefined, 40_000)).toBe(-60_000)
    expect(skewAfter(undefined, 160_000)).toBe(60_000)
  })

  test("is not guessed from events that may be old, unless they lie in the future", () => {
    expect(skewAfter(1, 40_000)).toBe(0)
    expect(skewAfter(1, 160_000)).toBe(60_000)
  })
})
