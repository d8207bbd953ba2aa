import type { BlobEvent, TransferEvent } from "@entrepot/core"
import { noProgress, type Progress, reduceProgress } from "@entrepot/core/progress"
import { expect, test } from "vitest"
import { speak } from "../locale.ts"
import { renderFrame } from "./frame.ts"
import type { Look } from "./look.ts"
import { createPaint } from "./paint.ts"
import type { Job } from "./renderer.ts"
import { textWidth } from "./text-width.ts"

const look = (locale: "en" | "zh", unicode = true): Look => ({
  say: speak(locale),
  paint: createPaint(false),
  unicode,
  describe: ({ code }) => code,
  detail: () => undefined,
  hint: (hint) => hint,
})
const job: Job = { index: 0, count: 1, source: "nginx:latest", target: "harbor.example.com/proxy/nginx:latest" }
const digest = (i: number) => `sha256:${String(i).padStart(2, "0").repeat(32)}`
const blob = (i: number, state: BlobEvent["state"], offset: number, more: Partial<BlobEvent> = {}): BlobEvent => ({
  type: "blob",
  digest: digest(i),
  size: 30_100_000,
  state,
  offset,
  ...more,
})
const planOf = (count: number): TransferEvent => ({
  type: "plan",
  source: job.source,
  target: job.target,
  digest: digest(99),
  unchanged: false,
  digestChanges: false,
  blobs: Array.from({ length: count }, (_, i) => ({ digest: digest(i), size: 30_100_000, mediaType: "layer" })),
  totalBytes: count * 30_100_000,
  platforms: ["linux/amd64"],
})
const after = (...events: readonly (readonly [number, TransferEvent])[]): Progress =>
  events.reduce((progress, [at, event]) => reduceProgress(progress, event, at), noProgress)

const midway = after(
  [0, { type: "stage", stage: "prepare", state: "started" }],
  [100, planOf(5)],
  [100, { type: "stage", stage: "copy", state: "started" }],
  [200, blob(0, "present", 0)],
  [200, blob(1, "done", 30_100_000)],
  [1000, blob(2, "copying", 5_000_000)],
  [1000, blob(3, "copying", 1_000_000)],
  [3000, blob(2, "copying", 15_700_000, { connections: 4 })],
  [3000, blob(3, "retrying", 1_500_000)],
)

const frame = (columns: number, rows: number, locale: "en" | "zh" = "en", unicode = true) =>
  renderFrame([{ job, progress: midway }], { columns, rows }, 3000, look(locale, unicode))

test("at 80 columns every layer has its line: state, bar, bytes, speed, remaining time", () => {
  expect(frame(80, 24)).toEqual([
    "nginx:latest → harbor.example.com/proxy/nginx:latest",
    "  000000000000  already there                    30.1 MB",
    "  010101010101  done                             30.1 MB",
    "  020202020202  ██████████░░░░░░░░░░░  52%  15.7/30.1 MB  5.35 MB/s      3s ×4",
    "  030303030303  █░░░░░░░░░░░░░░░░░░░░   4%   1.5/30.1 MB   retrying",
    "  040404040404  waiting                          30.1 MB",
    "  copying       ██████████░░░░░░░░░░░  51%     78/151 MB  16.7 MB/s      4s",
  ])
})

test("at 120 columns the bar grows", () => {
  expect(frame(120, 24).at(-1)).toBe(
    "  copying       ████████████████████░░░░░░░░░░░░░░░░░░░░  51%     78/151 MB  16.7 MB/s      4s",
  )
})

test("in Chinese the columns still meet", () => {
  expect(frame(80, 24, "zh")).toEqual([
    "nginx:latest → harbor.example.com/proxy/nginx:latest",
    "  000000000000  已存在                           30.1 MB",
    "  010101010101  已完成                           30.1 MB",
    "  020202020202  ██████████░░░░░░░░░░░  52%  15.7/30.1 MB  5.35 MB/s      3s ×4",
    "  030303030303  █░░░░░░░░░░░░░░░░░░░░   4%   1.5/30.1 MB     重试中",
    "  040404040404  等待中                           30.1 MB",
    "  复制中        ██████████░░░░░░░░░░░  51%     78/151 MB  16.7 MB/s      4s",
  ])
})

test("a narrow terminal loses the remaining time first, then the speed, then the bytes", () => {
  expect(frame(64, 24)[3]).toBe("  020202020202  ██████░░░░░░░  52%  15.7/30.1 MB  5.35 MB/s ×4")
  expect(frame(50, 24)[3]).toBe("  020202020202  █████░░░░░  52%  15.7/30.1 MB ×4")
  expect(frame(36, 24)[3]).toBe("  020202020202  █████░░░░░  52% ×4")
})

test("without UTF-8 everything is ASCII", () => {
  const text = frame(80, 24, "en", false).join("\n")
  expect([...text].every((character) => character.charCodeAt(0) < 128)).toBe(true)
})

test("with more layers than rows, those that have ended or wait become one line", () => {
  expect(frame(80, 6)).toEqual([
    "nginx:latest → harbor.example.com/proxy/nginx:latest",
    "  layers: 1 already there, 1 done, 1 waiting",
    "  020202020202  ██████████░░░░░░░░░░░  52%  15.7/30.1 MB  5.35 MB/s      3s ×4",
    "  030303030303  █░░░░░░░░░░░░░░░░░░░░   4%   1.5/30.1 MB   retrying",
    "  copying       ██████████░░░░░░░░░░░  51%     78/151 MB  16.7 MB/s      4s",
  ])
  expect(frame(80, 5)).toEqual([
    "nginx:latest → harbor.example.com/proxy/nginx:latest",
    "  layers: 1 already there, 1 done, 1 more under way, 1 waiting",
    "  020202020202  ██████████░░░░░░░░░░░  52%  15.7/30.1 MB  5.35 MB/s      3s ×4",
    "  copying       ██████████░░░░░░░░░░░  51%     78/151 MB  16.7 MB/s      4s",
  ])
})

test("no line is wider and no frame higher than the terminal, whatever its size", () => {
  const second: Job = { ...job, index: 1, count: 2, source: "registry.cn-hangzhou.aliyuncs.com/某某/镜像:最新" }
  for (const columns of [20, 33, 47, 61, 80, 120, 200]) {
    for (const rows of [1, 2, 3, 5, 8, 24]) {
      for (const locale of ["en", "zh"] as const) {
        const running = [
          { job: { ...job, count: 2 }, progress: midway },
          { job: second, progress: noProgress },
        ]
        const lines = renderFrame(running, { columns, rows }, 3000, look(locale))
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1))
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns)
      }
    }
  }
})

test("before the plan a transfer says that it asks", () => {
  expect(renderFrame([{ job, progress: noProgress }], { columns: 80, rows: 24 }, 0, look("zh"))).toEqual([
    "nginx:latest → harbor.example.com/proxy/nginx:latest",
    "  准备中，正在询问仓库",
  ])
})

test("several images carry their number, and share the rows", () => {
  const running = [0, 1].map((index) => ({ job: { ...job, index, count: 7, source: `nginx:1.2${index}` }, progress: midway }))
  expect(renderFrame(running, { columns: 80, rows: 11 }, 3000, look("en"))).toEqual([
    "[1/7] nginx:1.20 → harbor.example.com/proxy/nginx:latest",
    "  layers: 1 already there, 1 done, 1 waiting",
    "  020202020202  ██████████░░░░░░░░░░░  52%  15.7/30.1 MB  5.35 MB/s      3s ×4",
    "  030303030303  █░░░░░░░░░░░░░░░░░░░░   4%   1.5/30.1 MB   retrying",
    "  copying       ██████████░░░░░░░░░░░  51%     78/151 MB  16.7 MB/s      4s",
    "[2/7] nginx:1.21 → harbor.example.com/proxy/nginx:latest",
    "  layers: 1 already there, 1 done, 1 waiting",
    "  020202020202  ██████████░░░░░░░░░░░  52%  15.7/30.1 MB  5.35 MB/s      3s ×4",
    "  030303030303  █░░░░░░░░░░░░░░░░░░░░   4%   1.5/30.1 MB   retrying",
    "  copying       ██████████░░░░░░░░░░░  51%     78/151 MB  16.7 MB/s      4s",
  ])
})
