import type { CopyRequest, OutcomeEvent, TransferEvent } from "@entrepot/core"
import { expect, test } from "vitest"
import { type Carry, type CopyTask, runTransfers } from "./run-transfers.ts"

const totals = { bytesSent: 0, bytesSkipped: 0, blobsSent: 0, blobsSkipped: 0, blobsMounted: 0, durationMs: 0 }
const tasks: CopyTask[] = ["a", "b", "c", "d"].map((source, index) => ({
  job: { index, count: 4, source, target: source },
  request: { source, target: source },
  result: source,
}))
const silent = { event() {}, note() {}, notice() {}, close() {} }

/** Transfers that end when they are told to, with the outcome they are told. */
function carryOf(
  outcomes: Readonly<Record<string, OutcomeEvent["outcome"]>>,
  onCopy: (request: CopyRequest) => Promise<void>,
): Carry<CopyTask> {
  return async function* ({ request }): AsyncGenerator<TransferEvent, OutcomeEvent> {
    await onCopy(request)
    const { source, target } = request
    const outcome: OutcomeEvent = { type: "outcome", outcome: outcomes[source] ?? "succeeded", source, target, totals }
    yield outcome
    return outcome
  }
}

test("never more at once than allowed, results in the order of the tasks, a failure among them", async () => {
  let running = 0
  let most = 0
  const carry = carryOf({ b: "failed" }, async ({ source }) => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, source === "a" ? 20 : 1))
    running--
  })
  const signal = new AbortController().signal
  const ended: string[] = []
  const results = await runTransfers(tasks, carry, silent, { concurrency: 2, signal }, ({ task }) => ended.push(task.result))
  expect(most).toBe(2)
  expect(ended.at(0)).toBe("b")
  expect(results.map(({ task, outcome }) => [task.result, outcome?.outcome])).toEqual([
    ["a", "succeeded"],
    ["b", "failed"],
    ["c", "succeeded"],
    ["d", "succeeded"],
  ])
})

test("after an abort nothing more begins", async () => {
  const controller = new AbortController()
  const carry = carryOf({ b: "cancelled" }, async ({ source }) => {
    if (source === "b") controller.abort()
  })
  const results = await runTransfers(tasks, carry, silent, { concurrency: 1, signal: controller.signal })
  expect(results.map(({ outcome }) => outcome?.outcome)).toEqual(["succeeded", "cancelled", undefined, undefined])
})
