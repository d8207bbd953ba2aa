import type { OutcomeEvent } from "@entrepot/core"
import { expect, test } from "vitest"
import { speak } from "../locale.ts"
import type { TaskResult } from "./run-transfers.ts"
import { exitCodeOfRun, summaryText } from "./summary.ts"

const totals = { bytesSent: 0, bytesSkipped: 0, blobsSent: 0, blobsSkipped: 0, blobsMounted: 0, durationMs: 0 }

function results(...outcomes: readonly (OutcomeEvent["outcome"] | "not begun" | "not found")[]): TaskResult[] {
  return outcomes.map((name, index) => {
    const source = `image:${index + 1}`
    const task = {
      job: { index, count: outcomes.length, source, target: source },
      request: { source, target: source },
      result: source,
    }
    if (name === "not begun") return { task, outcome: undefined }
    const outcome: OutcomeEvent = {
      type: "outcome",
      outcome: name === "not found" ? "failed" : name,
      source,
      target: source,
      totals,
      ...(name === "not found" ? { error: { code: "not_found", message: "gone" } } : {}),
    }
    return { task, outcome }
  })
}

test("several images are counted, and those that are not there are named", () => {
  expect(summaryText(results("succeeded", "unchanged", "not found", "succeeded"), speak("en"))).toBe(
    "4 images: 2 copied, 1 already up to date, 1 failed\n  failed: image:3",
  )
  expect(summaryText(results("succeeded", "not found"), speak("zh"))).toBe("共 2 个镜像：成功 1，失败 1\n  失败：image:2")
})

test("a stopped run says what is left, and how to go on", () => {
  expect(summaryText(results("succeeded", "cancelled", "not begun"), speak("en"))).toBe(
    `3 images: 1 copied, 1 stopped, 1 not begun
  stopped: image:2
  not begun: image:3
Run the same command again to go on: what has arrived is not sent again.`,
  )
})

test("one image that ended by itself needs no summary", () => {
  expect(summaryText(results("succeeded"), speak("en"))).toBeUndefined()
  expect(summaryText(results("not found"), speak("en"))).toBeUndefined()
})

test("the exit code of a run is that of its images where they agree", () => {
  expect(exitCodeOfRun(results("succeeded", "unchanged"))).toBe(0)
  expect(exitCodeOfRun(results("not found"))).toBe(5)
  expect(exitCodeOfRun(results("succeeded", "not found"))).toBe(1)
  expect(exitCodeOfRun(results("succeeded", "not begun"))).toBe(130)
})
