import type { OutcomeEvent, TransferEvent } from "@entrepot/core"
import { noProgress, reduceProgress } from "@entrepot/core/progress"
import { expect, test } from "vitest"
import type { Output } from "../context.ts"
import { speak } from "../locale.ts"
import { reportError } from "../report-error.ts"
import { summaryText } from "../run/summary.ts"
import { failureLines } from "./failure-lines.ts"
import { formatTable } from "./format-table.ts"
import { renderFrame } from "./frame.ts"
import { jsonRenderer } from "./json.ts"
import { jsonText } from "./json-text.ts"
import type { Look } from "./look.ts"
import { createPaint } from "./paint.ts"
import { plainRenderer } from "./plain.ts"
import { quietRenderer } from "./quiet.ts"
import type { Job, Renderer } from "./renderer.ts"
import { terminalRenderer } from "./terminal.ts"
import { printable } from "./text-width.ts"

const code = (point: number) => String.fromCodePoint(point)
const esc = code(0x1b)

/** What a server may put into a text to steer the terminal, or the eye, of whoever reads it (S18). */
const corpus = [
  `${esc}[2J${esc}[H`,
  `${esc}[31mred${esc}[0m`,
  `${esc}]0;title${code(7)}`,
  `${esc}]8;;https://evil.net${esc}\\click${esc}]8;;${esc}\\`,
  `${esc}]52;c;cm0gLXJmIC8=${code(7)}`,
  `${esc}P+q544e${esc}\\`,
  `${esc}[6n`,
  `${code(0x9b)}2J`,
  `${code(0x9d)}0;title${code(0x9c)}`,
  `${code(0x90)}q${code(0x9c)}`,
  "ok\rfailed",
  "done\n✓ harbor.example.com/proxy/nginx  faked",
  `a${code(8)}${code(8)}b`,
  `a${code(0x7f)}b`,
  `a${code(0)}b`,
  `a${code(0x85)}b`,
  `a${code(0x0b)}${code(0x0c)}b`,
  `a${code(0x2028)}b${code(0x2029)}c`,
  `gnp.${code(0x202e)}exe`,
  `${code(0x2066)}a${code(0x2069)}${code(0x200f)}${code(0x061c)}`,
] as const

/** Everything that must not arrive at a terminal; a line's own end is taken away before. */
const dangerous = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

const look: Look = {
  say: speak("en"),
  paint: createPaint(false),
  unicode: true,
  describe: ({ code: name }) => name,
  detail: ({ host, status }) => `${host} ${status}`,
  hint: (hint) => hint,
}

function recorder(isTerminal = false): Output & { readonly text: () => string } {
  let written = ""
  return {
    write: (content) => {
      written += content.toString()
    },
    isTerminal,
    size: () => ({ columns: 120, rows: 40 }),
    onResize: () => () => undefined,
    text: () => written,
  }
}

/** Every event that carries a server's words, all of them this one. */
function eventsWith(foreign: string): { job: Job; events: readonly TransferEvent[] } {
  const job: Job = { index: 0, count: 2, source: `source/${foreign}`, target: `target/${foreign}` }
  const digest = `sha256:${"0".repeat(64)}`
  const failed: OutcomeEvent = {
    type: "outcome",
    outcome: "failed",
    source: job.source,
    target: job.target,
    totals: { bytesSent: 0, bytesSkipped: 0, blobsSent: 0, blobsSkipped: 0, blobsMounted: 0, durationMs: 0 },
    error: { code: "rejected", message: `answered ${foreign}`, hint: `try ${foreign}`, host: `h${foreign}`, status: 400 },
  }
  const events: TransferEvent[] = [
    { type: "stage", stage: "prepare", state: "started" },
    {
      type: "plan",
      source: job.source,
      target: job.target,
      digest,
      unchanged: false,
      digestChanges: true,
      blobs: [{ digest, size: 10, mediaType: foreign }],
      totalBytes: 10,
      platforms: [`linux/${foreign}`],
    },
    { type: "blob", digest, size: 10, state: "copying", offset: 1, label: foreign },
    { type: "blob", digest, size: 10, state: "done", offset: 10, label: foreign },
    { type: "log", level: "warn", message: foreign },
    { type: "log", level: "info", message: foreign },
    failed,
  ]
  return { job, events }
}

/** What `renderer` shows of all that. */
function shown(foreign: string, make: (output: Output) => Renderer, isTerminal = false): string {
  const output = recorder(isTerminal)
  const renderer = make(output)
  const { job, events } = eventsWith(foreign)
  for (const event of events) {
    renderer.event(job, event)
    renderer.notice(foreign, 10_000)
  }
  renderer.close()
  return output.text()
}

/** The lines that the terminal renderer writes, without the control sequences that are its own. */
function withoutOwn(text: string): string {
  return text.replaceAll(new RegExp(`${esc}\\[(?:\\?25[hl]|\\?2026[hl]|\\?7[hl]|\\d*[AGJKm])`, "g"), "").replaceAll("\r", "")
}

const now = () => 0

test("the corpus is as dangerous as it says", () => {
  for (const foreign of corpus) expect(foreign).toMatch(dangerous)
})

test.each(corpus.map((foreign) => [JSON.stringify(foreign), foreign]))(
  "%s does not reach a terminal through any renderer",
  (_, foreign) => {
    const texts = {
      printable: printable(foreign),
      plain: shown(foreign, (output) => plainRenderer(output, look, now)),
      quiet: shown(foreign, (output) => quietRenderer(output, look)),
      json: shown(foreign, (output) => jsonRenderer(output, output, now)),
      table: formatTable([[foreign, foreign]]),
      failure: failureLines({ code: "rejected", message: foreign, hint: foreign, host: foreign }, look, foreign).join("\n"),
    }
    for (const [name, text] of Object.entries(texts)) {
      for (const line of text.split("\n")) expect(dangerous.test(line), `${name}: ${JSON.stringify(line)}`).toBe(false)
      expect(text, name).not.toContain("\n✓ harbor.example.com/proxy/nginx  faked")
    }
  },
)

test.each(corpus.map((foreign) => [JSON.stringify(foreign), foreign]))("%s does not get between the bars", (_, foreign) => {
  const { job, events } = eventsWith(foreign)
  const progress = events.reduce((known, event) => reduceProgress(known, event, 0), noProgress)
  const frame = renderFrame([{ job, progress }], { columns: 200, rows: 20 }, 0, look)
  for (const line of frame) expect(dangerous.test(line), JSON.stringify(line)).toBe(false)
  const drawn = withoutOwn(shown(foreign, (output) => terminalRenderer(output, look, now), true))
  const foreignEscape = drawn.split("\n").filter((line) => dangerous.test(line))
  expect(foreignEscape).toEqual([])
})

test.each(corpus.map((foreign) => [JSON.stringify(foreign), foreign]))(
  "%s is escaped in JSON, and comes back whole",
  (_, foreign) => {
    const text = jsonText({ message: foreign })
    expect(dangerous.test(text.slice(0, -1))).toBe(false)
    expect(JSON.parse(text)).toEqual({ message: foreign })
  },
)

test("summaries and defects are printable too", () => {
  for (const foreign of corpus) {
    const { job, events } = eventsWith(foreign)
    const outcome = events.at(-1) as OutcomeEvent
    const task = { job, request: { source: "", target: "" }, result: "" }
    const summary =
      summaryText(
        [
          { task, outcome },
          { task, outcome },
        ],
        speak("en"),
      ) ?? ""
    const stderr = recorder()
    const defect = new Error(foreign)
    reportError(defect, {
      stderr,
      say: speak("en"),
      signal: new AbortController().signal,
    } as unknown as Parameters<typeof reportError>[1])
    for (const line of [...summary.split("\n"), ...stderr.text().split("\n")]) expect(dangerous.test(line)).toBe(false)
  }
})
