import type { TransferEvent } from "@entrepot/core"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { Output } from "../context.ts"
import { speak } from "../locale.ts"
import type { Look } from "./look.ts"
import { createPaint } from "./paint.ts"
import type { Job } from "./renderer.ts"
import { terminalRenderer } from "./terminal.ts"

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

const look: Look = {
  say: speak("en"),
  paint: createPaint(false),
  unicode: true,
  describe: ({ code }) => code,
  detail: () => undefined,
  hint: (hint) => hint,
}
const job: Job = { index: 0, count: 1, source: "nginx:latest", target: "hub.example.com/nginx:latest" }
const digest = `sha256:${"a".repeat(64)}`
const plan: TransferEvent = {
  type: "plan",
  source: job.source,
  target: job.target,
  digest,
  unchanged: false,
  digestChanges: false,
  blobs: [{ digest, size: 1_000_000, mediaType: "layer" }],
  totalBytes: 1_000_000,
  platforms: [],
}
const moved = (offset: number): TransferEvent => ({ type: "blob", digest, size: 1_000_000, state: "copying", offset })
const succeeded: TransferEvent = {
  type: "outcome",
  outcome: "succeeded",
  source: job.source,
  target: job.target,
  digest,
  totals: { bytesSent: 1_000_000, bytesSkipped: 0, blobsSent: 1, blobsSkipped: 0, blobsMounted: 0, durationMs: 2000 },
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is sent
const controls = /\x1b\[(\d+)A|(\x1b\[[?\d]*[KJlh])|([\r\n])|([^\x1b\r\n]+)/g

/** A terminal that knows what stands on its lines. */
function screen(columns = 80, rows = 24) {
  const lines: string[] = [""]
  const drawnAt: number[] = []
  let row = 0
  let cursorHidden = false
  const output: Output = {
    isTerminal: true,
    size: () => ({ columns, rows }),
    onResize: () => () => {},
    write(text) {
      drawnAt.push(Date.now())
      for (const [, up, sequence, newline, plain] of String(text).matchAll(controls)) {
        if (up !== undefined) row -= Number(up)
        else if (sequence === "\x1b[J") lines.splice(row + 1, lines.length, ...(lines[row] === undefined ? [""] : []))
        else if (sequence === "\x1b[?25l") cursorHidden = true
        else if (sequence === "\x1b[?25h") cursorHidden = false
        else if (newline === "\n") lines[++row] ??= ""
        else if (plain !== undefined) lines[row] = plain
      }
      lines[row] = ""
    },
  }
  return { output, drawnAt, text: () => lines.slice(0, row), isCursorHidden: () => cursorHidden }
}

test("bars are drawn in place, and give way to one line that stays", () => {
  const { output, text, isCursorHidden } = screen()
  const renderer = terminalRenderer(output, look, Date.now)
  renderer.event(job, plan)
  renderer.event(job, { type: "stage", stage: "copy", state: "started" })
  vi.advanceTimersByTime(1000)
  renderer.event(job, moved(500_000))
  vi.advanceTimersByTime(1000)
  expect(text()).toEqual([
    "nginx:latest → hub.example.com/nginx:latest",
    "  aaaaaaaaaaaa  ██████████░░░░░░░░░░░  50%  0.50/1.00 MB",
    "  copying       ██████████░░░░░░░░░░░  50%  0.50/1.00 MB",
  ])
  expect(isCursorHidden()).toBe(true)
  renderer.event(job, succeeded)
  renderer.close()
  expect(text()).toEqual(["✓ hub.example.com/nginx:latest  1.00 MB sent, 2s (500 kB/s)"])
  expect(isCursorHidden()).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})

test("on a narrow terminal what became of an image stands below its name", () => {
  const at = screen(50)
  const renderer = terminalRenderer(at.output, look, Date.now)
  renderer.event(job, plan)
  renderer.event(job, succeeded)
  expect(at.text()).toEqual(["✓ hub.example.com/nginx:latest", "  1.00 MB sent, 2s (500 kB/s)"])
})

test("however many events come, it draws ten times a second at most", () => {
  const { output, drawnAt } = screen()
  const renderer = terminalRenderer(output, look, Date.now)
  renderer.event(job, plan)
  for (let at = 0; at < 1000; at++) {
    renderer.event(job, moved(at * 1000))
    vi.advanceTimersByTime(1)
  }
  const pauses = drawnAt.slice(1).map((at, i) => at - (drawnAt[i] ?? 0))
  expect(pauses.length).toBeGreaterThanOrEqual(8)
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(100)
  renderer.close()
})

test("the first warnings stay, the rest is a number", () => {
  const { output, text } = screen()
  const renderer = terminalRenderer(output, look, Date.now)
  for (let i = 1; i <= 9; i++) renderer.event(job, { type: "log", level: "warn", message: `break ${i}` })
  renderer.event(job, succeeded)
  renderer.close()
  expect(text()).toEqual([
    "! break 1",
    "! break 2",
    "! break 3",
    "! 6 more like these; --plain shows all of them",
    "✓ hub.example.com/nginx:latest  1.00 MB sent, 2s (500 kB/s)",
  ])
})

test("a notice stands below the bars as long as it holds", () => {
  const { output, text } = screen()
  const renderer = terminalRenderer(output, look, Date.now)
  renderer.event(job, plan)
  renderer.notice("hub.example.com asks us to wait 5 s", 5000)
  vi.advanceTimersByTime(1000)
  expect(text().at(-1)).toBe("  ! hub.example.com asks us to wait 5 s")
  vi.advanceTimersByTime(6000)
  expect(text()).toHaveLength(3)
  renderer.close()
})

test("closed in the middle, it leaves no bars and shows the cursor again", () => {
  const { output, text, isCursorHidden } = screen()
  const renderer = terminalRenderer(output, look, Date.now)
  renderer.event(job, plan)
  vi.advanceTimersByTime(200)
  renderer.close()
  expect(text()).toEqual([])
  expect(isCursorHidden()).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})
