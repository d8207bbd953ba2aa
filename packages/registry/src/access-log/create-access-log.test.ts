import type { AccessLogStore, AccessRecord } from "@entrepot/db/stores"
import { afterEach, expect, test, vi } from "vitest"
import type { AccessEntry } from "./access-entry.ts"
import { type AccessLogOptions, createAccessLog, type WrittenAccessLog } from "./create-access-log.ts"

const entry = (at: number, more: Partial<AccessEntry> = {}): AccessEntry => ({
  at,
  user: "ann",
  address: "10.0.0.1",
  action: "pull",
  method: "GET",
  repository: "docker.io/library/nginx",
  reference: "latest",
  status: 200,
  bytes: 1234,
  durationMs: 2,
  cache: "hit",
  upstream: null,
  userAgent: "docker/29",
  ...more,
})

/** Keeps what it is given; can be held up, and can refuse. */
class TestStore implements Pick<AccessLogStore, "append" | "prune"> {
  readonly batches: (readonly Omit<AccessRecord, "id">[])[] = []
  readonly pruned: { readonly before: number; readonly limit: number }[] = []
  old = 0
  refusals = 0
  gate: Promise<void> = Promise.resolve()

  get rows() {
    return this.batches.flat()
  }

  async append(entries: readonly Omit<AccessRecord, "id">[]): Promise<void> {
    await this.gate
    if (this.refusals > 0) {
      this.refusals -= 1
      throw new Error("the database is locked")
    }
    this.batches.push(entries)
  }

  async prune(before: number, limit: number): Promise<number> {
    this.pruned.push({ before, limit })
    const removed = Math.min(this.old, limit)
    this.old -= removed
    return removed
  }
}

const open: WrittenAccessLog[] = []
afterEach(() => Promise.all(open.splice(0).map((log) => log.close())))

function start(store: TestStore, options: Partial<AccessLogOptions> = {}) {
  const warnings: [fields: Readonly<Record<string, unknown>>, message: string][] = []
  const log = createAccessLog({ store, log: { warn: (...line) => warnings.push(line) }, closeMs: 100, ...options })
  open.push(log)
  return { log, warnings }
}

test("every request is a row, in its order, though all are alike", async () => {
  const store = new TestStore()
  const { log } = start(store, { batchSize: 500, flushMs: 60_000 })
  for (let at = 0; at < 1_234; at++) log.add(entry(7))
  expect(store.rows).toEqual([])
  await log.flush()
  expect(store.rows).toEqual(Array.from({ length: 1_234 }, () => entry(7)))
  expect(store.batches.map(({ length }) => length)).toEqual([500, 500, 234])
  for (let at = 0; at < 3; at++) log.add(entry(at))
  await log.flush()
  expect(store.rows.slice(-3).map(({ at }) => at)).toEqual([0, 1, 2])
})

test("a batch that is full is written at once, a few entries within the time that they may wait", async () => {
  const store = new TestStore()
  const full = start(store, { batchSize: 3, flushMs: 60_000 })
  for (const at of [1, 2, 3]) full.log.add(entry(at))
  await vi.waitFor(() => expect(store.rows).toHaveLength(3))

  const few = start(store, { batchSize: 3, flushMs: 10 })
  few.log.add(entry(4))
  await vi.waitFor(() => expect(store.rows).toHaveLength(4))
})

test("between two writes requests have the thread for themselves, unless somebody waits for the log", async () => {
  const gaps: number[] = []
  let ended = 0
  const store = {
    async append() {
      if (ended > 0) gaps.push(performance.now() - ended)
      const until = performance.now() + 10
      while (performance.now() < until);
      ended = performance.now()
    },
    prune: async () => 0,
  }
  const log = createAccessLog({ store, log: { warn() {} }, batchSize: 1 })
  open.push(log)
  for (let at = 0; at < 4; at++) log.add(entry(at))
  await vi.waitFor(() => expect(gaps).toHaveLength(3))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25)
})

test("what the database does not keep up with is dropped, counted, and told once in a while", async () => {
  const store = new TestStore()
  let release = () => {}
  store.gate = new Promise((resolve) => {
    release = resolve
  })
  const { log, warnings } = start(store, { batchSize: 10, queueSize: 25, reportMs: 30 })
  for (let at = 0; at < 40; at++) log.add(entry(at))
  expect(log.dropped).toBe(15)
  await vi.waitFor(() => expect(warnings).toHaveLength(1))
  expect(warnings).toEqual([
    [{ dropped: 15, inAll: 15 }, "requests are missing from the access log: the database does not keep up"],
  ])
  release()
  await log.flush()
  expect(store.rows.map(({ at }) => at)).toEqual(Array.from({ length: 25 }, (_, at) => at))
  log.add(entry(99))
  await log.flush()
  expect([store.rows.at(-1)?.at, log.dropped, warnings.length]).toEqual([99, 15, 1])
})

test("a database that refuses is asked again, and its entries keep their order", async () => {
  const store = new TestStore()
  store.refusals = 3
  const { log, warnings } = start(store, { batchSize: 2, retryMs: 1 })
  for (const at of [1, 2, 3]) log.add(entry(at))
  await log.flush()
  expect(store.rows.map(({ at }) => at)).toEqual([1, 2, 3])
  expect(warnings.map(([, message]) => message)).toEqual(["the access log cannot be written; it is tried again"])

  store.refusals = 5
  for (const at of [4, 5, 6]) log.add(entry(at))
  await log.flush()
  expect(store.rows.map(({ at }) => at)).toEqual([1, 2, 3, 6])
  expect(log.dropped).toBe(2)
})

test("closing writes what waits, and gives up on a database that does not answer", async () => {
  const store = new TestStore()
  const first = start(store, { flushMs: 60_000 })
  first.log.add(entry(1))
  await first.log.close()
  expect(store.rows.map(({ at }) => at)).toEqual([1])
  first.log.add(entry(2))
  expect(first.log.dropped).toBe(1)

  store.gate = new Promise(() => {})
  const second = start(store, { closeMs: 20 })
  for (const at of [1, 2, 3]) second.log.add(entry(at))
  await second.log.close()
  expect([second.log.dropped, second.warnings.map(([fields]) => fields)]).toEqual([3, [{ dropped: 3, inAll: 3 }]])
})

test("entries are forgotten after their days, a thousand at a time", async () => {
  const store = new TestStore()
  store.old = 2_500
  const { log } = start(store, { keepDays: 30, now: () => 40 * 86_400_000, pruneMs: 60_000 })
  await vi.waitFor(() => expect(store.pruned).toHaveLength(3))
  expect(store.pruned).toEqual(Array.from({ length: 3 }, () => ({ before: 10 * 86_400_000, limit: 1_000 })))
  await log.close()

  const keeping = new TestStore()
  await start(keeping, {}).log.close()
  expect(keeping.pruned).toEqual([])
})

test("what a client says of itself takes no more room than it may", async () => {
  const store = new TestStore()
  const { log } = start(store)
  log.add(entry(1, { userAgent: "x".repeat(16_000), reference: "y".repeat(600) }))
  await log.flush()
  expect(store.rows.map(({ userAgent, reference }) => [userAgent.length, reference.length])).toEqual([[512, 512]])
})
