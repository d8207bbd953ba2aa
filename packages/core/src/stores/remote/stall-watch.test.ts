import { setTimeout as delay } from "node:timers/promises"
import { expect, test, vi } from "vitest"
import { StallWatch } from "./stall-watch.ts"

const limits = { stallTimeoutMs: 40, answerTimeoutMs: 80 }

/** What the watch says after long enough. */
async function verdict(watch: StallWatch): Promise<string | undefined> {
  await delay(160)
  watch.close()
  return watch.stalled?.message
}

test("bytes on offer that nobody takes are a stall", async () => {
  const watch = new StallWatch(100, limits, undefined)
  watch.offered(10)
  expect(await verdict(watch)).toBe("the connection took no byte for 0.04 s")
  expect(watch.signal.aborted).toBe(true)
})

test("some of them taken is not enough", async () => {
  const watch = new StallWatch(100, limits, undefined)
  watch.offered(10)
  watch.offered(20)
  watch.taken(10)
  expect(await verdict(watch)).toBe("the connection took no byte for 0.04 s")
})

test("nothing on offer is no stall, whenever the last bytes were taken", async () => {
  const watch = new StallWatch(100, limits, undefined)
  watch.offered(10)
  watch.taken(10)
  expect(await verdict(watch)).toBeUndefined()
  expect(await verdict(new StallWatch(100, limits, undefined))).toBeUndefined()
})

test("after the last byte an answer is due", async () => {
  const watch = new StallWatch(10, limits, undefined)
  watch.offered(10)
  watch.taken(10)
  await delay(50)
  expect(watch.stalled).toBeUndefined()
  expect(await verdict(watch)).toBe("there was no answer 0 s after the last byte")
})

test("a body that is begun again is watched again", async () => {
  const watch = new StallWatch(100, limits, undefined)
  watch.offered(50)
  watch.taken(50)
  watch.offered(10)
  expect(watch.sent).toBe(0)
  expect(await verdict(watch)).toBe("the connection took no byte for 0.04 s")
})

test("it ends with the signal of its owner, and lets go of it", () => {
  const owner = new AbortController()
  const watch = new StallWatch(100, limits, owner.signal)
  owner.abort(new Error("stop"))
  expect(watch.signal.reason).toBe(owner.signal.reason)
  expect(new StallWatch(1, limits, owner.signal).signal.aborted).toBe(true)
})

test("what comes after its end is not watched", async () => {
  const watch = new StallWatch(100, limits, undefined)
  watch.close()
  watch.offered(10)
  watch.taken(100)
  expect(await verdict(watch)).toBeUndefined()
})

test("bytes that were taken slowly may be long on their way, and the answer as much later", () => {
  vi.useFakeTimers()
  try {
    const watch = new StallWatch(10, { stallTimeoutMs: 60_000, answerTimeoutMs: 15_000 }, undefined)
    watch.offered(10)
    vi.advanceTimersByTime(20_000)
    watch.taken(10)
    vi.advanceTimersByTime(34_999)
    expect(watch.stalled).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(watch.stalled?.message).toBe("there was no answer 35 s after the last byte")
  } finally {
    vi.useRealTimers()
  }
})
