import { describe, expect, it } from "vitest"
import type { OutcomeEvent, Stage } from "../transfer/events.ts"
import { errorCodes, type Side } from "./error-code.ts"
import { localeOf } from "./locale.ts"
import { describeError, describeErrorDetail } from "./messages.ts"
import { type DescribedStage, describeStage } from "./stage-messages.ts"
import { TransferError } from "./transfer-error.ts"

const sides: readonly (Side | undefined)[] = ["source", "target", "local", undefined]

describe("describeError", () => {
  it.each([
    ["network", "source", "网络连接失败，请检查网络环境"],
    ["network", "target", "网络连接失败，请检查网络环境"],
    ["network", undefined, "网络连接失败，请检查网络环境"],
    ["unauthorized", "target", "目标仓库认证失败，请检查用户名密码"],
    ["forbidden", "target", "目标仓库认证失败，请检查用户名密码"],
    ["not_found", "source", "源镜像不存在或无法访问"],
    ["unauthorized", "source", "源镜像不存在或无法访问"],
    ["forbidden", "source", "源镜像不存在或无法访问"],
    ["rejected", "target", "推送到目标仓库失败"],
    ["server_error", "target", "推送到目标仓库失败"],
    ["digest_mismatch", "target", "推送到目标仓库失败"],
    ["not_found", "target", "推送到目标仓库失败"],
    ["docker_unavailable", "local", "Docker服务异常"],
  ] as const)("says seed 0's sentence for %s on the side of %s", (code, side, sentence) => {
    expect(describeError(new TransferError(code, "anything", { side }), "zh")).toBe(sentence)
  })

  it("has a sentence for every code on every side in both languages", () => {
    for (const code of errorCodes) {
      for (const side of sides) {
        expect(describeError({ code, side }, "zh")).toMatch(/\p{Script=Han}/u)
        expect(describeError({ code, side }, "en")).toMatch(/^[\x20-\x7e]+$/)
      }
    }
  })

  it("tells where, how and how often behind it", () => {
    const error = { code: "server_error", side: "target", host: "harbor.example.com", status: 502, attempts: 6 } as const
    expect(describeErrorDetail(error, "en")).toBe("harbor.example.com, HTTP 502, attempt 6")
    expect(describeErrorDetail(error, "zh")).toBe("harbor.example.com，HTTP 502，第6次尝试")
    expect(describeErrorDetail({ code: "usage" }, "en")).toBeUndefined()
  })
})

describe("describeStage", () => {
  it.each([
    ["prepare", "准备开始..."],
    ["pull", "正在拉取镜像 nginx:latest..."],
    ["tag", "正在重新标记镜像..."],
    ["push", "正在推送到目标仓库..."],
    ["succeeded", "代理成功!"],
    ["failed", "代理失败: 网络连接失败，请检查网络环境"],
  ] as const)("says seed 0's words for %s", (stage, text) => {
    const params = { image_name: "nginx:latest", error_message: "网络连接失败，请检查网络环境" }
    expect(describeStage(stage, params, "zh")).toBe(text)
  })

  it("knows every stage and every outcome of a transfer", () => {
    const all = {
      prepare: "Preparing...",
      copy: "Copying image $&...",
      pull: "Pulling image $&...",
      tag: "Tagging the image...",
      push: "Pushing to the target registry...",
      clean: "Removing the local image...",
      succeeded: "Mirrored!",
      unchanged: "Nothing to do: the target already has this image",
      failed: "Mirroring failed: no route",
      cancelled: "Mirroring was cancelled",
    } satisfies Record<Stage | OutcomeEvent["outcome"], string>
    for (const [stage, text] of Object.entries(all)) {
      expect(describeStage(stage as DescribedStage, { image_name: "$&", error_message: "no route" }, "en")).toBe(text)
    }
  })
})

describe("localeOf", () => {
  it.each([
    ["zh_CN.UTF-8", "zh"],
    ["zh", "zh"],
    ["zh-Hans-CN,en;q=0.5", "zh"],
    ["ZH_TW", "zh"],
    ["en_US.UTF-8", "en"],
    ["C", "en"],
    ["zhuang", "en"],
    ["", "en"],
    [undefined, "en"],
  ] as const)("takes %j for %s", (text, locale) => {
    expect(localeOf(text)).toBe(locale)
  })
})
