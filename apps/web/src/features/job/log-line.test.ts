import { createTranslator } from "next-intl"
import { expect, test } from "vitest"
import { messages } from "../../messages/index.ts"
import { type LogWords, logLineOf } from "./log-line.ts"
import type { LogEntry } from "./watched-job.ts"

const words = (locale: "zh" | "en"): LogWords => ({
  image: "nginx:1.27",
  locale,
  say: createTranslator({ locale, messages: messages[locale], namespace: "job" }),
  clock: (at) => new Date(at).toISOString().slice(11, 19),
})

const textOf = (event: LogEntry["event"], locale: "zh" | "en") => logLineOf({ sequence: 1, at: 0, event }, words(locale)).text
const bothOf = (event: LogEntry["event"]) => [textOf(event, "zh"), textOf(event, "en")]

const totals = { bytesSent: 10, bytesSkipped: 0, blobsSent: 1, blobsSkipped: 0, blobsMounted: 0, durationMs: 5 }
const ends = { source: "nginx:1.27", target: "harbor.example.com/proxy/nginx:1.27", totals }
const digest = `sha256:${"a".repeat(64)}`

test.each([
  ["prepare", "准备开始...", "Preparing..."],
  ["copy", "正在传输镜像 nginx:1.27...", "Copying image nginx:1.27..."],
  ["pull", "正在拉取镜像 nginx:1.27...", "Pulling image nginx:1.27..."],
  ["tag", "正在重新标记镜像...", "Tagging the image..."],
  ["push", "正在推送到目标仓库...", "Pushing to the target registry..."],
] as const)("the stage %s has seed 0's sentence, and the same in English", (stage, zh, en) => {
  expect(bothOf({ type: "stage", stage, state: "started" })).toEqual([zh, en])
})

test("so have the ends", () => {
  expect(bothOf({ type: "outcome", outcome: "succeeded", ...ends })).toEqual(["代理成功!", "Mirrored!"])
  const error = { code: "unauthorized", message: "x", side: "target", host: "harbor.example.com", status: 401 } as const
  expect(bothOf({ type: "outcome", outcome: "failed", ...ends, error })).toEqual([
    "代理失败: 目标仓库认证失败，请检查用户名密码 (harbor.example.com，HTTP 401)",
    "Mirroring failed: The target registry refused the login; check user and password (harbor.example.com, HTTP 401)",
  ])
})

test("waiting says for what, and until when", () => {
  expect(bothOf({ type: "state", state: "waiting", attempt: 1, waitReason: "credentials" })).toEqual([
    "需要重新输入用户名和密码",
    "Waits for user and password",
  ])
  expect(bothOf({ type: "state", state: "waiting", attempt: 1, waitReason: "rate_limit", waitUntil: 3_600_000 })).toEqual([
    "仓库限流，等待至 01:00:00",
    "The registry limits us; waits until 01:00:00",
  ])
})

test("a plan says how much there is, a layer what became of it", () => {
  const plan = {
    type: "plan",
    digest,
    unchanged: false,
    digestChanges: false,
    totalBytes: 10_000,
    platforms: [],
    ...ends,
  } as const
  expect(bothOf({ ...plan, blobs: [{ digest, size: 10_000, mediaType: "layer" }] })).toEqual([
    "共 1 层，10.0 kB",
    "Layers: 1, 10.0 kB in all",
  ])
  expect(bothOf({ type: "blob", digest, size: 10_000, state: "mounted", offset: 0 })).toEqual([
    "层 aaaaaaaaaaaa 已从目标仓库的其他镜像挂载（10.0 kB）",
    "Layer aaaaaaaaaaaa mounted from another repository of the target (10.0 kB)",
  ])
})

test("a manifest goes by its tag, or by its digest", () => {
  const manifest = { type: "manifest", digest, size: 1 } as const
  expect(bothOf({ ...manifest, reference: "1.27" })).toEqual(["标签 1.27 已发布", "Tag 1.27 published"])
  expect(bothOf({ ...manifest, reference: digest })).toEqual(["清单 aaaaaaaaaaaa 已发布", "Manifest aaaaaaaaaaaa published"])
})

test("S18: what a registry says stands in the line as it came", () => {
  const message = '<img src=x onerror="alert(1)"> {count, plural} </bdi>'
  expect(bothOf({ type: "log", level: "warn", message })).toEqual([message, message])
})
