import type { OutcomeEvent } from "@entrepot/core"
import { formatBytes, formatDuration, isSettled, type Progress } from "@entrepot/core/progress"
import { failureLines } from "./failure-lines.ts"
import { type Look, signsOf } from "./look.ts"
import type { Job } from "./renderer.ts"
import { printable, textWidth } from "./text-width.ts"

/** What stays on the screen, or in the log, of a transfer that has ended. A name and an account that do not fit beside each other stand below each other. */
export function outcomeLines(
  job: Job,
  progress: Progress,
  outcome: OutcomeEvent,
  look: Look,
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const { say, paint } = look
  const signs = signsOf(look)
  const name = printable(job.target)
  switch (outcome.outcome) {
    case "succeeded":
      return beside(`${paint.green(signs.done)} ${paint.bold(name)}`, accountOf(outcome, look), 2 + textWidth(name), columns)
    case "unchanged":
      return [`${paint.green(signs.unchanged)} ${paint.bold(name)}  ${say("already up to date", "已是最新，无需传输")}`]
    case "cancelled":
      return [`${paint.yellow(signs.stopped)} ${printable(job.source)}  ${say("stopped", "已停止")}${remainder(progress, look)}`]
    case "failed": {
      const failure = outcome.error ?? { code: "protocol", message: "no reason given" }
      return failureLines(failure, look, job.count === 1 ? undefined : job.source)
    }
  }
}

function beside(left: string, right: string, leftWidth: number, columns: number): string[] {
  return leftWidth + 2 + textWidth(right) <= columns ? [`${left}  ${right}`] : [left, `  ${right}`]
}

function accountOf({ totals }: OutcomeEvent, { say, unicode }: Look): string {
  const parts = [say(`${formatBytes(totals.bytesSent)} sent`, `已传输 ${formatBytes(totals.bytesSent)}`)]
  if (totals.blobsMounted > 0) {
    parts.push(say(`${count(totals.blobsMounted, "blob")} mounted`, `挂载 ${totals.blobsMounted} 层`))
  }
  if (totals.bytesSkipped > 0) {
    parts.push(say(`${formatBytes(totals.bytesSkipped)} already there`, `目标已有 ${formatBytes(totals.bytesSkipped)}`))
  }
  const time = formatDuration(totals.durationMs)
  const speed =
    totals.bytesSent > 0 && totals.durationMs > 0 ? ` (${formatBytes((totals.bytesSent * 1000) / totals.durationMs)}/s)` : ""
  parts.push(say(`${time}${speed}`, `用时 ${time}${speed}`))
  return parts.join(unicode ? say(", ", "，") : ", ")
}

/** What a stopped transfer has left to do. */
function remainder(progress: Progress, { say }: Look): string {
  if (progress.plan === undefined) return say(" before anything moved", "，尚未开始传输")
  const open = [...progress.blobs.values()].filter((blob) => !isSettled(blob.state))
  const left = formatBytes(progress.totalBytes - progress.settledBytes)
  const all = progress.blobs.size
  return say(
    `; ${open.length} of ${count(all, "blob")} left (${left} of ${formatBytes(progress.totalBytes)})`,
    `；还剩 ${open.length}/${all} 层（${left}，共 ${formatBytes(progress.totalBytes)}）`,
  )
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`
}
