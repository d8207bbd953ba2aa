import type { Output } from "../context.ts"
import { noProgress, type Progress, reduceProgress } from "../progress/reduce-progress.ts"
import { renderFrame } from "./frame.ts"
import type { Look } from "./look.ts"
import { outcomeLines } from "./outcome-lines.ts"
import type { Job, Renderer } from "./renderer.ts"
import { printable, textWidth } from "./text-width.ts"

const redrawMs = 100
const idleRedrawMs = 1000
/** A bad network breaks off hundreds of times; the first breaks of a transfer are worth a line each, then their number is. */
const warningsShown = 3
const hideCursor = "\x1b[?25l"
const showCursor = "\x1b[?25h"

/** Bars that are redrawn in place at most ten times a second, with the lines that stay above them. */
export function terminalRenderer(output: Output, look: Look, now: () => number): Renderer {
  const running = new Map<number, { job: Job; progress: Progress }>()
  const warnings = new Map<number, number>()
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
    const frame = renderFrame([...running.values()], output.size(), now(), look)
    const lines = [...staying, ...frame].map((line) => `${line}\x1b[K\n`).join("")
    output.write(
      `${drawn.length === 0 && frame.length > 0 ? hideCursor : ""}${backToStart()}${lines}\x1b[J${frame.length === 0 ? showCursor : ""}`,
    )
    drawn = frame
    lastDraw = now()
    timer = running.size === 0 ? undefined : setTimeout(draw, idleRedrawMs)
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
        draw([...moreWarnings(warnings.get(job.index) ?? 0), ...outcomeLines(job, progress, event, look)])
        return
      }
      running.set(job.index, { job, progress })
      if (event.type === "log" && event.level === "warn") {
        const count = (warnings.get(job.index) ?? 0) + 1
        warnings.set(job.index, count)
        if (count <= warningsShown) draw([look.paint.yellow(`! ${printable(event.message)}`)])
      } else drawSoon()
    },
    note(text) {
      draw(text.split("\n"))
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
