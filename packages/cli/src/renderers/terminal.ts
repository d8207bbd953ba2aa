import { noProgress, type Progress, reduceProgress } from "@entrepot/core/progress"
import type { Output } from "../context.ts"
import { digestChangeOf } from "./digest-change.ts"
import { renderFrame } from "./frame.ts"
import { type Look, signsOf } from "./look.ts"
import { outcomeLines } from "./outcome-lines.ts"
import type { Job, Renderer } from "./renderer.ts"
import { printable, textWidth, truncate } from "./text-width.ts"

const redrawMs = 100
const idleRedrawMs = 1000
/** Shorter than this nobody can read. */
const shortestNoticeMs = 2_000
/** A bad network breaks off hundreds of times; the first breaks of a transfer are worth a line each, then their number is. */
const warningsShown = 3
const hideCursor = "\x1b[?25l"
const showCursor = "\x1b[?25h"

/** Bars that are redrawn in place at most ten times a second, with the lines that stay above them. */
export function terminalRenderer(output: Output, look: Look, now: () => number): Renderer {
  const running = new Map<number, { job: Job; progress: Progress }>()
  const warnings = new Map<number, number>()
  let notice: { readonly text: string; readonly until: number } | undefined
  let drawn: readonly string[] = []
  let timer: NodeJS.Timeout | undefined
  let lastDraw = Number.NEGATIVE_INFINITY

  /** Moves to where the live part begins; lines that a narrower terminal has wrapped count as often as they wrap. */
  function backToStart(): string {
    const { columns } = output.size()
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(withoutStyles(line)) / columns)), 0)
    return rows === 0 ? "" : `\x1b[${rows}A\r`
  }

  function draw(staying: readonly string[] = []): void {
    if (timer !== undefined) clearTimeout(timer)
    const frame = frameWithNotice()
    const lines = [...staying, ...frame].map((line) => `${line}\x1b[K\n`).join("")
    output.write(
      `${drawn.length === 0 && frame.length > 0 ? hideCursor : ""}${backToStart()}${lines}\x1b[J${frame.length === 0 ? showCursor : ""}`,
    )
    drawn = frame
    lastDraw = now()
    timer = running.size === 0 ? undefined : setTimeout(draw, idleRedrawMs)
  }

  /** The frame, and below it what is being waited for, as long as that holds. */
  function frameWithNotice(): string[] {
    const { columns, rows } = output.size()
    if (running.size === 0 || notice === undefined || notice.until < now()) {
      return renderFrame([...running.values()], { columns, rows }, now(), look)
    }
    const line = truncate(`  ! ${printable(notice.text)}`, columns - 1, signsOf(look).ellipsis)
    return [...renderFrame([...running.values()], { columns, rows: rows - 1 }, now(), look), look.paint.yellow(line)]
  }

  function drawSoon(): void {
    if (timer !== undefined) clearTimeout(timer)
    timer = setTimeout(draw, Math.max(0, lastDraw + redrawMs - now()))
  }

  function moreWarnings(count: number): string[] {
    const more = count - warningsShown
    if (more <= 0) return []
    const text = look.say(`! ${more} more like these; --plain shows all of them`, `! 另有 ${more} 条类似提示；--plain 可显示全部`)
    return [look.paint.yellow(text)]
  }

  const stopResize = output.onResize(drawSoon)
  return {
    event(job, event) {
      const progress = reduceProgress(running.get(job.index)?.progress ?? noProgress, event, now())
      if (event.type === "outcome") {
        running.delete(job.index)
        draw([...moreWarnings(warnings.get(job.index) ?? 0), ...outcomeLines(job, progress, event, look, output.size().columns)])
        return
      }
      running.set(job.index, { job, progress })
      const change = digestChangeOf(event, look.say)
      if (change !== undefined) draw([look.paint.yellow(`! ${change}`)])
      else if (event.type === "log" && event.level === "warn") {
        const count = (warnings.get(job.index) ?? 0) + 1
        warnings.set(job.index, count)
        if (count <= warningsShown) draw([look.paint.yellow(`! ${printable(event.message)}`)])
      } else drawSoon()
    },
    note(text) {
      draw(text.split("\n"))
    },
    notice(text, forMs) {
      notice = { text, until: now() + Math.max(forMs, shortestNoticeMs) }
      drawSoon()
    },
    close() {
      running.clear()
      if (drawn.length > 0) draw()
      if (timer !== undefined) clearTimeout(timer)
      stopResize()
    },
  }
}

function withoutStyles(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control sequences that paint() writes
  return line.replace(/\x1b\[\d+m/g, "")
}
