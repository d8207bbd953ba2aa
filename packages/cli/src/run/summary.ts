import type { OutcomeEvent } from "@entrepot/core"
import { combineExitCodes, type ExitCode, exitCodeOf, exitCodes } from "../exit-code.ts"
import type { Say } from "../locale.ts"
import { printable } from "../renderers/text-width.ts"
import type { TaskResult } from "./run-transfers.ts"

export interface Counts {
  readonly succeeded: number
  readonly unchanged: number
  readonly failed: number
  readonly cancelled: number
  readonly notBegun: number
}

export function countResults(results: readonly TaskResult[]): Counts {
  const number = (outcome: OutcomeEvent["outcome"]) => results.filter((result) => result.outcome?.outcome === outcome).length
  return {
    succeeded: number("succeeded"),
    unchanged: number("unchanged"),
    failed: number("failed"),
    cancelled: number("cancelled"),
    notBegun: results.filter((result) => result.outcome === undefined).length,
  }
}

/** The exit code of a run: see combineExitCodes; what was never begun counts as cancelled. */
export function exitCodeOfRun(results: readonly TaskResult[]): ExitCode {
  return combineExitCodes(
    results.map(({ outcome }) => {
      switch (outcome?.outcome) {
        case "succeeded":
        case "unchanged":
          return exitCodes.ok
        case "failed":
          return outcome.error === undefined ? exitCodes.failed : exitCodeOf(outcome.error.code)
        default:
          return exitCodes.cancelled
      }
    }),
  )
}

/** The end of a run of several images: the numbers, then the names of those that are not there. Undefined for one image that ended by itself. */
export function summaryText(results: readonly TaskResult[], say: Say): string | undefined {
  const counts = countResults(results)
  const stopped = counts.cancelled + counts.notBegun > 0
  if (results.length === 1 && !stopped) return undefined
  const lines: string[] = []
  if (results.length > 1) {
    const parts = (
      [
        [counts.succeeded, "copied", "成功"],
        [counts.unchanged, "already up to date", "已是最新"],
        [counts.failed, "failed", "失败"],
        [counts.cancelled, "stopped", "已停止"],
        [counts.notBegun, "not begun", "未开始"],
      ] as const
    )
      .filter(([count]) => count > 0)
      .map(([count, en, zh]) => say(`${count} ${en}`, `${zh} ${count}`))
    lines.push(say(`${results.length} images: ${parts.join(", ")}`, `共 ${results.length} 个镜像：${parts.join("，")}`))
    for (const { task, outcome } of results) {
      const name = printable(task.job.source)
      if (outcome?.outcome === "failed") lines.push(say(`  failed: ${name}`, `  失败：${name}`))
      if (outcome?.outcome === "cancelled") lines.push(say(`  stopped: ${name}`, `  已停止：${name}`))
      if (outcome === undefined) lines.push(say(`  not begun: ${name}`, `  未开始：${name}`))
    }
  }
  if (stopped) {
    lines.push(
      say(
        "Run the same command again to go on: what has arrived is not sent again.",
        "再次运行同一命令即可继续：已完成的层不会重传。",
      ),
    )
  }
  return lines.join("\n")
}
