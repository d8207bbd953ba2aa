import type { TransferEvent } from "@entrepot/core"
import { bytesPerSecond, formatBytes, formatDuration, noProgress, type Progress, reduceProgress } from "@entrepot/core/progress"
import type { Output } from "../context.ts"
import { digestChangeOf } from "./digest-change.ts"
import type { Look } from "./look.ts"
import { outcomeLines } from "./outcome-lines.ts"
import type { Job, Renderer } from "./renderer.ts"
import { stageWord } from "./stage-text.ts"
import { printable } from "./text-width.ts"

const reportEveryMs = 10_000

/** Lines for a log: what begins, what each layer comes to, and how far it is every ten seconds. Nothing is redrawn. */
export function plainRenderer(output: Output, look: Look, now: () => number): Renderer {
  const running = new Map<number, { progress: Progress; reportedAt: number }>()
  const line = (job: Job, text: string) => output.write(`${job.count > 1 ? `[${job.index + 1}/${job.count}] ` : ""}${text}\n`)
  return {
    event(job, event) {
      const at = now()
      const before = running.get(job.index)
      if (before === undefined) line(job, `${printable(job.source)} -> ${printable(job.target)}`)
      const progress = reduceProgress(before?.progress ?? noProgress, event, at)
      if (event.type === "outcome") {
        running.delete(job.index)
        for (const text of outcomeLines(job, progress, event, look)) line(job, text)
        return
      }
      const change = digestChangeOf(event, look.say)
      if (change !== undefined) line(job, `! ${change}`)
      const text = lineFor(event, before?.progress ?? noProgress, look)
      if (text !== undefined) line(job, text)
      const due = at - (before?.reportedAt ?? at) >= reportEveryMs
      if (due && progress.settledBytes < progress.totalBytes) line(job, howFar(progress, at, look))
      running.set(job.index, { progress, reportedAt: before === undefined || due ? at : before.reportedAt })
    },
    note(text) {
      output.write(`${text}\n`)
    },
    notice(text) {
      output.write(`! ${printable(text)}\n`)
    },
    close() {},
  }
}

function lineFor(event: Exclude<TransferEvent, { type: "outcome" }>, before: Progress, { say }: Look): string | undefined {
  switch (event.type) {
    case "plan": {
      const platforms = event.platforms.length === 0 ? "" : `${say(", ", "，")}${event.platforms.map(printable).join(" ")}`
      const size = formatBytes(event.totalBytes)
      return event.unchanged
        ? undefined
        : say(`${event.blobs.length} blobs, ${size}${platforms}`, `共 ${event.blobs.length} 层，${size}${platforms}`)
    }
    case "stage":
      return event.state === "started" && event.stage !== "prepare" ? stageWord(event.stage, say) : undefined
    case "blob": {
      const known = before.blobs.get(event.digest)
      if (known?.state === event.state) return undefined
      const label = printable(event.label ?? known?.label ?? event.digest.slice(7, 19))
      const size = formatBytes(event.size)
      const resumed =
        event.resumedAt === undefined
          ? ""
          : say(`, resumed at ${formatBytes(event.resumedAt)}`, `，从 ${formatBytes(event.resumedAt)} 处续传`)
      switch (event.state) {
        case "present":
          return `${label}  ${size}  ${say("already there", "已存在")}`
        case "mounted":
          return `${label}  ${size}  ${say("already there (mounted)", "已存在（挂载）")}`
        case "done":
          return `${label}  ${size}  ${say("done", "已完成")}`
        case "skipped":
          return `${label}  ${size}  ${say("skipped: not for distribution", "已跳过：不可分发")}`
        case "failed":
          return `${label}  ${size}  ${say("failed", "失败")}`
        case "retrying":
          return `${label}  ${say(`broke off at ${formatBytes(event.offset)} of ${size}, going on`, `在 ${formatBytes(event.offset)}/${size} 处中断，正在重试`)}`
        case "copying":
          return resumed === "" ? undefined : `${label}${resumed}`
        case "waiting":
          return undefined
      }
      return undefined
    }
    case "manifest":
      return undefined
    case "log":
      return event.level === "warn" ? `! ${printable(event.message)}` : printable(event.message)
  }
}

function howFar(progress: Progress, now: number, { say }: Look): string {
  const { settledBytes, totalBytes, samples } = progress
  const percent = totalBytes === 0 ? 0 : Math.floor((settledBytes / totalBytes) * 100)
  const speed = bytesPerSecond(samples, now)
  const parts = [stageWord(progress.stage, say), `${percent}%`, `${formatBytes(settledBytes)} / ${formatBytes(totalBytes)}`]
  if (speed !== undefined && speed >= 1) {
    parts.push(`${formatBytes(speed)}/s`)
    const left = formatDuration(((totalBytes - settledBytes) / speed) * 1000)
    parts.push(say(`${left} left`, `剩余 ${left}`))
  }
  return parts.join("  ")
}
