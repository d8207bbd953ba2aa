import { createCipheriv } from "node:crypto"
import { describe, expect, test } from "vitest"
import { type Clock, cancelled, systemClock } from "../content/clock.ts"
import { MemoryPlace } from "./memory-place.fixture.ts"
import { planTransfer } from "./plan-transfer.ts"
import { RateLimit } from "./rate-limit.ts"
import { TransferSession } from "./session.ts"
import { transfer } from "./transfer.ts"

/** Time that passes when it is told to. */
class TestClock implements Clock {
  #now = 1000
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()

  now(): number {
    return this.#now
  }

  /** Those who wait for a time to come. */
  get sleeping(): number {
    return this.#sleepers.size
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve }
      this.#sleepers.add(sleeper)
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper)
        reject(cancelled())
      })
    })
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.#now) continue
      this.#sleepers.delete(sleeper)
      sleeper.wake()
    }
    await settled()
  }
}

/** Everything that could go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Asks for so many bytes, and tells whether they may pass. */
function asked(limit: RateLimit, bytes: number, signal?: AbortSignal) {
  const state = { passed: false, failed: undefined as unknown }
  Promise.resolve(limit.pace(bytes, signal)).then(
    () => {
      state.passed = true
    },
    (error: unknown) => {
      state.failed = error
    },
  )
  return state
}

describe("a rate limit that is changed", () => {
  test("lets through sooner who waits already, when it grows", async () => {
    const clock = new TestClock()
    const limit = new RateLimit(1000, clock)
    const [first, second] = [asked(limit, 10_000), asked(limit, 10_000)]
    await clock.pass(4000)
    limit.change(6000)
    await clock.pass(900)
    expect([first.passed, second.passed]).toEqual([false, false])
    await clock.pass(101)
    expect([first.passed, second.passed]).toEqual([true, false])
    await clock.pass(1700)
    expect([second.passed, clock.sleeping]).toEqual([true, 0])
  })

  test("lets wait longer who waits already, when it shrinks", async () => {
    const clock = new TestClock()
    const limit = new RateLimit(10_000, clock)
    const waiting = asked(limit, 10_000)
    await clock.pass(500)
    limit.change(1000)
    await clock.pass(4900)
    expect(waiting.passed).toBe(false)
    await clock.pass(101)
    expect(waiting.passed).toBe(true)
  })

  test("lets everybody through at once when it is taken away, and holds from then on when it comes back", async () => {
    const clock = new TestClock()
    const limit = new RateLimit(1000, clock)
    const waiting = [asked(limit, 50_000), asked(limit, 50_000)]
    await settled()
    limit.change(undefined)
    await settled()
    expect(waiting.map(({ passed }) => passed)).toEqual([true, true])
    expect(limit.pace(1_000_000_000)).toBeUndefined()
    await clock.pass(60_000)
    limit.change(1000)
    const after = asked(limit, 1000)
    await clock.pass(700)
    expect(after.passed).toBe(false)
    await clock.pass(301)
    expect(after.passed).toBe(true)
  })

  test("is no end to a wait that is cancelled", async () => {
    const clock = new TestClock()
    const limit = new RateLimit(1000, clock)
    const stop = new AbortController()
    const waiting = asked(limit, 50_000, stop.signal)
    await settled()
    stop.abort()
    limit.change(2000)
    await settled()
    expect([waiting.passed, waiting.failed, clock.sleeping]).toMatchObject([false, { code: "cancelled" }, 0])
  })
})

test("after a pause no more than a quarter of a second's bytes pass at once", async () => {
  const clock = new TestClock()
  const limit = new RateLimit(1000, clock)
  await clock.pass(60_000)
  expect(limit.pace(250)).toBeUndefined()
  const next = asked(limit, 100)
  await clock.pass(98)
  expect(next.passed).toBe(false)
  await clock.pass(2)
  expect(next.passed).toBe(true)
})

const MiB = 1024 * 1024

/** Copies 4 MiB, changes the limit once the first megabyte has passed, and tells what it took from then on. */
async function changedOnTheWay(before: number | undefined, after: number | undefined): Promise<number> {
  const [from, to] = [new MemoryPlace("source.test"), new MemoryPlace("target.test")]
  from.image([createCipheriv("aes-128-ctr", Buffer.alloc(16, 1), Buffer.alloc(16)).update(Buffer.alloc(4 * MiB))], "1")
  const plan = await planTransfer({ from, to, sourceName: "s", targetName: "t", sourceReference: "1", targetReference: "1" })
  const limit = new RateLimit(before, systemClock)
  let passed = 0
  let changedAt: number | undefined
  const pace: RateLimit["pace"] = (bytes, signal) => {
    passed += bytes
    if (passed > MiB && changedAt === undefined) {
      changedAt = performance.now()
      limit.change(after)
    }
    return limit.pace(bytes, signal)
  }
  const outcomes: string[] = []
  for await (const event of transfer(plan, { from, to, session: new TransferSession({ pace }) })) {
    if (event.type === "outcome") outcomes.push(event.outcome)
  }
  expect(outcomes).toEqual(["succeeded"])
  return performance.now() - (changedAt ?? 0)
}

test("a running copy goes on faster when the limit grows", async () => {
  // At the old rate the rest alone would take six seconds.
  expect(await changedOnTheWay(512 * 1024, undefined)).toBeLessThan(4000)
})

test("a running copy goes on slower when the limit shrinks", async () => {
  // Without a limit the rest is a matter of milliseconds.
  expect(await changedOnTheWay(undefined, 4 * MiB)).toBeGreaterThan(600)
})
