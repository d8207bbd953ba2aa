import { formatBytes, formatDuration } from "@entrepot/core/progress"
import type { Output } from "../context.ts"
import type { Say } from "../locale.ts"
import type { Job } from "../run/desk.ts"
import { formatTable } from "./format-table.ts"
import { formatTime } from "./format-time.ts"
import { jobStateWord } from "./job-state.ts"
import { printable, textWidth, truncateMiddle } from "./text-width.ts"

/** Narrower than this two names beside each other say less than one. */
const widthForTwoNames = 60
const shortestName = 12

/** Jobs that have ended: what became of them, when, how long it took, and what was sent. */
export function endedJobsTable(jobs: readonly Job[], output: Output, say: Say): string {
  const head = ["ID", say("STATE", "状态"), say("ENDED", "结束时间"), say("TOOK", "用时"), say("SENT", "已传输")]
  const rows = jobs.map((job) => [
    String(job.id),
    jobStateWord(job, say),
    job.endedAt === null ? "" : formatTime(job.endedAt),
    job.startedAt === null || job.endedAt === null ? "" : formatDuration(job.endedAt - job.startedAt),
    job.totals === null ? "" : formatBytes(job.totals.bytesSent),
  ])
  return tableWithNames(head, rows, jobs, output, say)
}

/** Jobs that have not: where they stand. */
export function openJobsTable(jobs: readonly Job[], output: Output, say: Say): string {
  const head = ["ID", say("STATE", "状态"), say("MADE", "创建时间"), say("DONE", "进度")]
  const rows = jobs.map((job) => [String(job.id), jobStateWord(job, say), formatTime(job.createdAt), progressOf(job)])
  return tableWithNames(head, rows, jobs, output, say)
}

/** The jobs of a batch: what each has come to. */
export function childrenTable(jobs: readonly Job[], output: Output, say: Say): string {
  const head = ["ID", say("STATE", "状态")]
  const rows = jobs.map((job) => [String(job.id), jobStateWord(job, say)])
  return tableWithNames(head, rows, jobs, output, say)
}

function progressOf({ progress }: Job): string {
  if (progress === null || progress.bytesTotal === 0) return ""
  return `${Math.floor((progress.bytesDone / progress.bytesTotal) * 100)}% / ${formatBytes(progress.bytesTotal)}`
}

/** Source and target are whole where nobody reads them on a screen; there the middle is left out, or the target, rather than a line broken. */
function tableWithNames(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  jobs: readonly Job[],
  output: Output,
  say: Say,
): string {
  const names = jobs.map(({ source, target }) => [printable(source), printable(target)] as const)
  const heads = [say("IMAGE", "镜像"), say("TARGET", "目标")] as const
  if (!output.isTerminal) return formatTable([[...head, ...heads], ...rows.map((row, i) => [...row, ...(names[i] ?? [])])])
  const used = head.reduce(
    (sum, title, i) => sum + 2 + Math.max(textWidth(title), ...rows.map((row) => textWidth(row[i] ?? ""))),
    0,
  )
  const room = Math.max(shortestName, output.size().columns - 1 - used)
  const longest = Math.max(textWidth(heads[0]), ...names.map(([source]) => textWidth(source)))
  if (room < widthForTwoNames && longest + 2 + shortestName > room) {
    return formatTable([[...head, heads[0]], ...rows.map((row, i) => [...row, truncateMiddle(names[i]?.[0] ?? "", room)])])
  }
  const forSource = Math.min(longest, Math.floor((room - 2) / 2))
  const shown = names.map(([source, target]) => [truncateMiddle(source, forSource), truncateMiddle(target, room - 2 - forSource)])
  return formatTable([[...head, ...heads], ...rows.map((row, i) => [...row, ...(shown[i] ?? [])])])
}
