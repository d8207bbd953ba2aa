import type { FollowedEvent } from "@entrepot/client"
import { createTranslator } from "next-intl"
import { describe, expect, test } from "vitest"
import { messages } from "../../messages/index.ts"
import { afterEvent, newlyWatched, type SayWait, type WatchedJob } from "./watched-job.ts"

const speak = (locale: "zh" | "en"): SayWait => createTranslator({ locale, messages: messages[locale], namespace: "job" })

const digest = `sha256:${"a".repeat(64)}`
const totals = { bytesSent: 10, bytesSkipped: 0, blobsSent: 1, blobsSkipped: 0, blobsMounted: 0, durationMs: 5 }
const ends = { source: "nginx:1.27", target: "harbor.example.com/proxy/nginx:1.27" }

const plan = {
  type: "plan",
  ...ends,
  digest,
  unchanged: false,
  digestChanges: false,
  blobs: [{ digest, size: 10, mediaType: "application/octet-stream" }],
  totalBytes: 10,
  platforms: [],
} as const

function watch(locale: "zh" | "en", ...events: readonly FollowedEvent["event"][]): WatchedJob {
  return events.reduce<WatchedJob>(
    (job, event, index) => afterEvent(job, { sequence: index + 1, at: 1_000 * index, event }, speak(locale), locale),
    newlyWatched,
  )
}

const texts = ({ lines }: WatchedJob) => lines.map(({ text }) => text)

describe("the stage log", () => {
  const run = [
    { type: "state", state: "running", attempt: 1 },
    { type: "stage", stage: "prepare", state: "started" },
    plan,
    { type: "stage", stage: "copy", state: "started" },
    { type: "stage", stage: "copy", state: "finished" },
    { type: "stage", stage: "tag", state: "started" },
    { type: "outcome", outcome: "succeeded", ...ends, totals },
  ] as const

  test("has seed 0's sentences in Chinese", () => {
    expect(texts(watch("zh", ...run))).toEqual(["准备开始...", "正在传输镜像 nginx:1.27...", "正在重新标记镜像...", "代理成功!"])
  })

  test("and the same in English", () => {
    expect(texts(watch("en", ...run))).toEqual([
      "Preparing...",
      "Copying image nginx:1.27...",
      "Tagging the image...",
      "Mirrored!",
    ])
  })

  test("a failure says where and how", () => {
    const error = { code: "unauthorized", message: "x", side: "target", host: "harbor.example.com", status: 401 } as const
    expect(texts(watch("en", { type: "outcome", outcome: "failed", ...ends, totals, error }))).toEqual([
      "Mirroring failed: The target registry refused the login; check user and password (harbor.example.com, HTTP 401)",
    ])
  })

  test("waiting says for what", () => {
    expect(texts(watch("en", { type: "state", state: "waiting", attempt: 1, waitReason: "credentials" }))).toEqual([
      "Waits for user and password",
    ])
    expect(
      texts(watch("en", { type: "state", state: "waiting", attempt: 1, waitReason: "rate_limit", waitUntil: 0 }))[0],
    ).toMatch(/^The registry limits us; waits until \d+:\d\d:\d\d/)
  })
})

test("bytes are those of the blobs, and a new attempt begins anew", () => {
  const copying = watch("en", plan, { type: "blob", digest, size: 10, state: "copying", offset: 4 })
  expect([copying.progress.settledBytes, copying.progress.totalBytes]).toEqual([4, 10])
  const again = afterEvent(
    copying,
    { sequence: 9, at: 1, event: { type: "state", state: "running", attempt: 2 } },
    speak("en"),
    "en",
  )
  expect([again.state, again.progress.settledBytes]).toEqual(["running", 0])
})
