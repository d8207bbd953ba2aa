import {
  type BlobProgress,
  bytesPerSecond,
  formatBytes,
  formatDuration,
  isSettled,
  type Progress,
  type Samples,
} from "@entrepot/core/progress"
import { type Look, signsOf } from "./look.ts"
import type { Job } from "./renderer.ts"
import { stageWord } from "./stage-text.ts"
import { padEnd, padStart, printable, textWidth, truncate, truncateMiddle } from "./text-width.ts"

export interface Running {
  readonly job: Job
  readonly progress: Progress
}

export interface Room {
  readonly columns: number
  readonly rows: number
}

const labelColumns = 12
const percentColumns = 4
const amountColumns = 13
const fieldColumns = [percentColumns, amountColumns, 10, 7] as const
/** Room for ` ×16` at the end of a layer's line. */
const connectionsColumns = 4
const gap = "  "
const longestRemainingMs = 100 * 3600 * 1000

/**
 * The live part of the terminal: for each running transfer its name, its layers and the sum. Never wider than the columns; never higher than
 * the rows, which are shared out: layers that have ended become one line first, then those that wait, then whatever does not fit.
 */
export function renderFrame(running: readonly Running[], room: Room, now: number, look: Look): string[] {
  const columns = Math.max(20, room.columns - 1)
  const rows = Math.max(1, room.rows - 1)
  if (running.length * 2 > rows) {
    return running.slice(0, rows).map((one) => totalLine(one.progress, columns, now, look, printable(one.job.source)))
  }
  return running.flatMap((one, i) => {
    const share =
      Math.floor((rows - running.length * 2) / running.length) + (i === 0 ? (rows - running.length * 2) % running.length : 0)
    return [
      headLine(one.job, columns, look),
      ...layerLines([...one.progress.blobs.values()], share, columns, now, look),
      totalLine(one.progress, columns, now, look, undefined),
    ]
  })
}

function headLine(job: Job, columns: number, look: Look): string {
  const { arrow, ellipsis } = signsOf(look)
  const between = ` ${arrow} `
  const source = `${job.count > 1 ? `[${job.index + 1}/${job.count}] ` : ""}${printable(job.source)}`
  const target = printable(job.target)
  const room = columns - between.length
  const sourceRoom = Math.max(Math.floor(room / 2), room - textWidth(target))
  const head = truncateMiddle(source, sourceRoom, ellipsis)
  return look.paint.bold(head + between + truncateMiddle(target, room - textWidth(head), ellipsis))
}

function layerLines(blobs: readonly BlobProgress[], rows: number, columns: number, now: number, look: Look): string[] {
  if (blobs.length <= rows) return blobs.map((blob) => blobLine(blob, columns, now, look))
  const active = blobs.filter((blob) => !isSettled(blob.state) && blob.state !== "waiting")
  const shown = active.slice(0, Math.max(0, rows - 1))
  if (rows === 0) return []
  return [
    restLine(
      blobs.filter((blob) => !shown.includes(blob)),
      columns,
      look,
    ),
    ...shown.map((blob) => blobLine(blob, columns, now, look)),
  ]
}

/** One line for all layers that have none of their own. */
function restLine(rest: readonly BlobProgress[], columns: number, look: Look): string {
  const { say } = look
  const number = (...states: BlobProgress["state"][]) => rest.filter((blob) => states.includes(blob.state)).length
  const parts: (readonly [number, string, string])[] = [
    [number("present", "mounted"), "already there", "已存在"],
    [number("done"), "done", "已完成"],
    [number("skipped"), "skipped", "已跳过"],
    [number("failed"), "failed", "失败"],
    [number("copying", "retrying"), "more under way", "其他传输中"],
    [number("waiting"), "waiting", "等待中"],
  ]
  const texts = parts.filter(([count]) => count > 0).map(([count, en, zh]) => say(`${count} ${en}`, `${zh} ${count}`))
  const text = say(`layers: ${texts.join(", ")}`, `层：${texts.join("，")}`)
  return look.paint.dim(truncate(`${gap}${text}`, columns, signsOf(look).ellipsis))
}

function blobLine(blob: BlobProgress, columns: number, now: number, look: Look): string {
  const { say, paint } = look
  const line = (text: string) => settledLine(blob, text, columns, look)
  switch (blob.state) {
    case "waiting":
      return paint.dim(line(say("waiting", "等待中")))
    case "present":
      return paint.dim(line(say("already there", "已存在")))
    case "mounted":
      return paint.dim(line(say("mounted", "已挂载")))
    case "skipped":
      return paint.dim(line(say("not distributable", "不可分发")))
    case "done":
      return paint.green(line(say("done", "已完成")))
    case "failed":
      return paint.red(line(say("failed", "失败")))
    case "retrying":
    case "copying":
      return barLine(labelText(blob.label, look), blob.offset, blob.size, blob.samples, columns, now, look, blob)
  }
}

/** A word where the bar would be, and the size below the amounts. */
function settledLine(blob: BlobProgress, text: string, columns: number, look: Look): string {
  const { bar, fields } = layoutOf(columns)
  const size = fields >= 2 ? padStart(formatBytes(blob.size), 1 + percentColumns + 1 + amountColumns) : ""
  const ellipsis = signsOf(look).ellipsis
  return truncate(
    `${gap}${labelText(blob.label, look)}${gap}${padEnd(truncate(text, bar, ellipsis), bar)}${size}`,
    columns,
    ellipsis,
  ).trimEnd()
}

function labelText(label: string, look: Look): string {
  return padEnd(truncate(printable(label), labelColumns, signsOf(look).ellipsis), labelColumns)
}

function totalLine(progress: Progress, columns: number, now: number, look: Look, name: string | undefined): string {
  const { say, paint } = look
  const word = stageWord(progress.stage, say)
  const label = labelText(name ?? word, look)
  if (progress.plan === undefined && progress.blobs.size === 0) {
    const text = say(`${word}, asking the registries`, `${word}，正在询问仓库`)
    return truncate(`${gap}${name === undefined ? "" : `${label}${gap}`}${text}`, columns, signsOf(look).ellipsis)
  }
  return paint.bold(barLine(label, progress.settledBytes, progress.totalBytes, progress.samples, columns, now, look, undefined))
}

/** How much room the bar has, and how many of percentage, amount, speed, remaining time stand behind it: a narrow terminal loses the last first. */
function layoutOf(columns: number): { readonly bar: number; readonly fields: number } {
  for (let fields = fieldColumns.length; fields >= 1; fields--) {
    const behind = fieldColumns.slice(0, fields).reduce((sum, width) => sum + 1 + width, 0)
    const bar = columns - gap.length * 2 - labelColumns - behind - connectionsColumns
    if (bar >= 8) return { bar: Math.min(40, bar), fields }
  }
  return { bar: Math.max(0, columns - gap.length * 2 - labelColumns), fields: 0 }
}

/** Label, bar, percentage, bytes, speed, remaining time. */
function barLine(
  label: string,
  bytes: number,
  total: number,
  samples: Samples,
  columns: number,
  now: number,
  look: Look,
  blob: BlobProgress | undefined,
): string {
  const signs = signsOf(look)
  const { bar, fields } = layoutOf(columns)
  const share = total === 0 ? 1 : Math.min(1, bytes / total)
  const speed = bytesPerSecond(samples, now)
  const remaining = speed === undefined || speed < 1 ? undefined : ((total - bytes) / speed) * 1000
  const texts = [
    `${Math.floor(share * 100)}%`,
    amountOf(bytes, total),
    rateOf(blob, speed, look),
    remaining === undefined || remaining > longestRemainingMs ? "" : formatDuration(remaining),
  ]
  const full = Math.floor(share * bar)
  const drawn = signs.full.repeat(full) + signs.empty.repeat(bar - full)
  const behind = texts.slice(0, fields).map((text, i) => ` ${padStart(text, fieldColumns[i] ?? 0)}`)
  const connections = fields > 0 && blob !== undefined && blob.connections > 1 ? ` ${signs.times}${blob.connections}` : ""
  return `${gap}${label}${gap}${drawn}${behind.join("")}${connections}`.trimEnd()
}

function rateOf(blob: BlobProgress | undefined, speed: number | undefined, { say }: Look): string {
  if (blob?.state === "retrying") return say("retrying", "重试中")
  if (speed === undefined) return ""
  return speed < 1 ? say("stalled", "停滞") : `${formatBytes(speed)}/s`
}

/** `15.7/30.1 MB`: both in the unit of the whole. */
function amountOf(bytes: number, total: number): string {
  const [whole = "0", unit = "B"] = formatBytes(total).split(" ")
  const scale = Number(whole) === 0 ? 1 : total / Number(whole)
  const decimals = whole.split(".")[1]?.length ?? 0
  return `${(bytes / scale).toFixed(decimals)}/${whole} ${unit}`
}
