import { describe, expect, it } from "vitest"
import type { BlobEvent } from "../../transfer/events.ts"
import type { DaemonMessage } from "./daemon-messages.ts"
import { LayerProgress } from "./layer-progress.ts"

function told(messages: readonly DaemonMessage[], stepMs = 1000): { events: BlobEvent[]; progress: LayerProgress } {
  const events: BlobEvent[] = []
  let now = 0
  const progress = new LayerProgress(
    (event) => events.push(event),
    () => now,
  )
  for (const message of messages) {
    progress.take(message)
    now += stepMs
  }
  return { events, progress }
}

const short = (events: readonly BlobEvent[]) => events.map(({ label, state, offset, size }) => [label, state, offset, size])
const a = "2fcb079115ee"
const b = "44b6c0d6bb08"

describe("LayerProgress", () => {
  it("tells a pull's layers as blobs", () => {
    const { events, progress } = told([
      { status: "Pulling from library/one", id: "1" },
      { status: "Pulling fs layer", id: a },
      { status: "Already exists", id: b },
      { status: "Downloading", id: a, current: 36_445, total: 3_000_000 },
      { status: "Downloading", id: a, current: 2_000_000, total: 3_000_000 },
      { status: "Verifying Checksum", id: a },
      { status: "Download complete", id: a },
      { status: "Extracting", id: a, current: 32_768, total: 3_000_000 },
      { status: "Pull complete", id: a },
      { status: "Digest: sha256:2a9b" },
    ])
    expect(short(events)).toEqual([
      [a, "waiting", 0, 0],
      [b, "present", 0, 0],
      [a, "copying", 36_445, 3_000_000],
      [a, "copying", 2_000_000, 3_000_000],
      [a, "done", 3_000_000, 3_000_000],
      [a, "done", 3_000_000, 3_000_000],
    ])
    expect(events[0]?.digest).toBe(`sha256:${a}`)
    expect(progress.totals).toEqual({ bytes: 3_000_000, sent: 1, skipped: 1, mounted: 0 })
  })

  it("tells a push's layers, with sizes that the daemon leaves out or exceeds", () => {
    const { events, progress } = told([
      { status: "Preparing", id: a },
      { status: "Pushing", id: a, current: 1024 },
      { status: "Pushed", id: a },
      { status: "Mounted from library/one", id: b },
      { status: "Pushing", id: "0123456789ab", current: 2_999_296, total: 2_997_760 },
    ])
    expect(short(events)).toEqual([
      [a, "waiting", 0, 0],
      [a, "copying", 1024, 1024],
      [a, "done", 1024, 1024],
      [b, "mounted", 0, 0],
      ["0123456789ab", "copying", 2_999_296, 2_999_296],
    ])
    expect(progress.totals).toEqual({ bytes: 1024 + 2_999_296, sent: 1, skipped: 0, mounted: 1 })
  })

  it("tells byte counters at most four times a second, and every change of state", () => {
    const messages = Array.from({ length: 100 }, (_, i) => ({ status: "Downloading", id: a, current: i, total: 100 }))
    const { events } = told([...messages, { status: "Download complete", id: a }], 10)
    expect(events.length).toBe(5)
    expect(events.at(-1)?.state).toBe("done")
  })

  it("takes bytes back that have to be fetched again", () => {
    const { events, progress } = told([
      { status: "Downloading", id: a, current: 500, total: 1000 },
      { status: "Retrying in 5 seconds", id: a },
      { status: "Downloading", id: a, current: 10, total: 1000 },
    ])
    progress.breakOff()
    expect(short(events)).toEqual([
      [a, "copying", 500, 1000],
      [a, "retrying", 0, 1000],
      [a, "copying", 10, 1000],
      [a, "retrying", 0, 1000],
    ])
    expect(progress.transferredBytes).toBe(0)
    expect(progress.totals.bytes).toBe(510)
  })
})
