import type { BlobEvent, TransferEvent } from "@entrepot/core"
import { expect, test } from "vitest"
import type { Output } from "../context.ts"
import { speak } from "../locale.ts"
import type { Look } from "./look.ts"
import { createPaint } from "./paint.ts"
import { plainRenderer } from "./plain.ts"
import type { Job } from "./renderer.ts"

const job: Job = { index: 0, count: 1, source: "nginx:latest", target: "hub.example.com/nginx:latest" }
const digest = (letter: string) => `sha256:${letter.repeat(64)}`
const totals = {
  bytesSent: 30_000_000,
  bytesSkipped: 5_000_000,
  blobsSent: 1,
  blobsSkipped: 1,
  blobsMounted: 1,
  durationMs: 30_000,
}
const blob = (letter: string, size: number, state: BlobEvent["state"], offset = 0, more: Partial<BlobEvent> = {}): BlobEvent => ({
  type: "blob",
  digest: digest(letter),
  size,
  state,
  offset,
  ...more,
})
const events: readonly (readonly [number, TransferEvent])[] = [
  [0, { type: "stage", stage: "prepare", state: "started" }],
  [
    100,
    {
      type: "plan",
      source: job.source,
      target: job.target,
      digest: digest("f"),
      unchanged: false,
      digestChanges: false,
      blobs: ["a", "b", "c"].map((letter) => ({ digest: digest(letter), size: 10, mediaType: "layer" })),
      totalBytes: 36_000_000,
      platforms: ["linux/amd64", "linux/arm64"],
    },
  ],
  [100, { type: "stage", stage: "copy", state: "started" }],
  [200, blob("a", 5_000_000, "present")],
  [200, blob("b", 1_000_000, "mounted")],
  [300, blob("c", 30_000_000, "copying", 0)],
  [8_000, blob("c", 30_000_000, "copying", 12_000_000)],
  [11_000, blob("c", 30_000_000, "copying", 15_000_000)],
  [12_000, blob("c", 30_000_000, "retrying", 15_000_000)],
  [12_500, blob("c", 30_000_000, "copying", 15_000_000, { resumedAt: 15_000_000 })],
  [13_000, { type: "log", level: "warn", message: "hub.example.com asks us to wait\x1b[2J" }],
  [30_000, blob("c", 30_000_000, "done", 30_000_000)],
  [30_000, { type: "stage", stage: "tag", state: "started" }],
]

function rendered(locale: "en" | "zh", last: TransferEvent): string[] {
  let text = ""
  let at = 0
  const output: Output = {
    write: (more) => {
      text += String(more)
    },
    isTerminal: false,
    size: () => ({ columns: 80, rows: 24 }),
    onResize: () => () => {},
  }
  const look: Look = {
    say: speak(locale),
    paint: createPaint(false),
    unicode: true,
    describe: () => "The network connection failed",
    detail: () => "hub.example.com, HTTP 502",
    hint: (hint) => hint,
  }
  const renderer = plainRenderer(output, look, () => at)
  for (const [time, event] of [...events, [30_000, last] as const]) {
    at = time
    renderer.event(job, event)
  }
  renderer.close()
  return text.trimEnd().split("\n")
}

const outcome = { type: "outcome", source: job.source, target: job.target, totals } as const

test("a log has what begins, what each layer comes to, and how far it is every ten seconds", () => {
  expect(rendered("en", { ...outcome, outcome: "succeeded", digest: digest("f") })).toEqual([
    "nginx:latest -> hub.example.com/nginx:latest",
    "3 blobs, 36.0 MB, linux/amd64 linux/arm64",
    "copying",
    "aaaaaaaaaaaa  5.00 MB  already there",
    "bbbbbbbbbbbb  1.00 MB  already there (mounted)",
    "copying  58%  21.0 MB / 36.0 MB  1.00 MB/s  15s left",
    "cccccccccccc  broke off at 15.0 MB of 30.0 MB, going on",
    "cccccccccccc, resumed at 15.0 MB",
    "! hub.example.com asks us to wait�[2J",
    "cccccccccccc  30.0 MB  done",
    "tagging",
    "✓ hub.example.com/nginx:latest  30.0 MB sent, 1 blob mounted, 5.00 MB already there, 30s (1.00 MB/s)",
  ])
})

test("the same in Chinese", () => {
  expect(rendered("zh", { ...outcome, outcome: "succeeded", digest: digest("f") })).toEqual([
    "nginx:latest -> hub.example.com/nginx:latest",
    "共 3 层，36.0 MB，linux/amd64 linux/arm64",
    "复制中",
    "aaaaaaaaaaaa  5.00 MB  已存在",
    "bbbbbbbbbbbb  1.00 MB  已存在（挂载）",
    "复制中  58%  21.0 MB / 36.0 MB  1.00 MB/s  剩余 15s",
    "cccccccccccc  在 15.0 MB/30.0 MB 处中断，正在重试",
    "cccccccccccc，从 15.0 MB 处续传",
    "! hub.example.com asks us to wait�[2J",
    "cccccccccccc  30.0 MB  已完成",
    "标记中",
    "✓ hub.example.com/nginx:latest  已传输 30.0 MB，挂载 1 层，目标已有 5.00 MB，用时 30s (1.00 MB/s)",
  ])
})

test("a failure has its sentence, the details, and the hint", () => {
  const error = { code: "network", message: "connection reset", hint: "check the network" } as const
  expect(rendered("en", { ...outcome, outcome: "failed", error }).slice(-3)).toEqual([
    "✗ The network connection failed",
    "  connection reset (hub.example.com, HTTP 502)",
    "  hint: check the network",
  ])
})
