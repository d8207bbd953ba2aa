import { createHmac } from "node:crypto"
import type { JobFacts, UpstreamFacts, WebhookFormat } from "@entrepot/db/stores"
import { describe, expect, test } from "vitest"
import { messageOf } from "../message.ts"
import { formats } from "./formats.ts"

const at = Date.parse("2026-11-21T12:00:00Z")
const job: JobFacts = {
  ...{ jobId: 7, kind: "mirror", source: "nginx:1.27", target: "harbor.example.com/mirror/nginx:1.27" },
  ...{ digest: "sha256:abc", unchanged: false, bytesSent: 1_500_000, durationMs: 65_000, error: null, jobs: null },
}
const failed: JobFacts = {
  ...job,
  ...{ digest: null, bytesSent: 0, error: { code: "network", message: "connection refused by harbor.example.com" } },
}
const upstream: UpstreamFacts = {
  ...{ upstreamId: 3, name: "mirror", registry: "docker.io", host: "mirror.example.com" },
  error: "network: connection refused by mirror.example.com",
}

function message(facts: JobFacts | UpstreamFacts | object, event: Parameters<typeof messageOf>[0]["event"], locale: "zh" | "en") {
  const delivery = { id: 12, event, facts: JSON.stringify(facts), createdAt: at }
  return messageOf(delivery, { locale }, "https://entrepot.example.com")
}

const sent = (format: WebhookFormat, secret: string | null, facts: object = job) =>
  formats[format].sign(message(facts, "job.succeeded", "en"), { url: "https://bot.example.com/send?key=1", secret }, at + 1234)

const macOf = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest("base64")

describe("standard", () => {
  test("a message has type, time and data, and a link to the job", () => {
    expect(formats.standard.write(message(job, "job.succeeded", "zh"))).toEqual({
      type: "job.succeeded",
      timestamp: "2026-11-21T12:00:00.000Z",
      data: {
        ...{ job_id: 7, kind: "mirror", source: "nginx:1.27", target: "harbor.example.com/mirror/nginx:1.27" },
        ...{ digest: "sha256:abc", unchanged: false, bytes_sent: 1_500_000, duration_ms: 65_000, error: null, jobs: null },
        url: "https://entrepot.example.com/jobs/7",
      },
    })
    expect(formats.standard.write(message(upstream, "upstream.unhealthy", "zh")).data).toEqual({
      ...{ upstream_id: 3, name: "mirror", registry: "docker.io", host: "mirror.example.com", error: upstream.error },
      url: "https://entrepot.example.com/upstreams",
    })
    expect(formats.standard.write(message({}, "test", "en")).data).toEqual({
      message: "If you can read this, notifications arrive.",
      url: "https://entrepot.example.com/settings/webhooks",
    })
  })

  test("it is signed over id, time and body, with the bytes of a whsec_ secret or the text of any other", () => {
    const key = Buffer.from("0123456789abcdef0123456789abcdef")
    for (const [secret, bytes] of [
      [`whsec_${key.toString("base64")}`, key],
      ["a secret of our own", Buffer.from("a secret of our own")],
      ["whsec_not base64!", Buffer.from("whsec_not base64!")],
    ] as const) {
      const { url, headers, body } = sent("standard", secret)
      expect(url).toBe("https://bot.example.com/send?key=1")
      expect(headers).toEqual({
        "webhook-id": `msg_${at.toString(36)}_12`,
        "webhook-timestamp": "1795262401",
        "webhook-signature": `v1,${macOf(bytes, `msg_${at.toString(36)}_12.1795262401.${body}`)}`,
      })
    }
    expect(Object.keys(sent("standard", null).headers)).toEqual(["webhook-id", "webhook-timestamp"])
  })
})

describe("dingtalk", () => {
  test("a failure reads well in both languages", () => {
    const text = (locale: "zh" | "en") => {
      const { msgtype, text, at: mentioned } = formats.dingtalk.write(message(failed, "job.failed", locale))
      expect([msgtype, mentioned]).toEqual(["text", { isAtAll: false }])
      return (text as { readonly content: string }).content.split("\n")
    }
    expect(text("zh")).toEqual([
      "Entrepot：镜像转存失败",
      "源镜像：nginx:1.27",
      "目标镜像：harbor.example.com/mirror/nginx:1.27",
      "原因：网络连接失败，请检查网络环境（connection refused by harbor.example.com）",
      "用时：1:05",
      "查看任务：https://entrepot.example.com/jobs/7",
    ])
    expect(text("en")).toEqual([
      "Entrepot: mirroring failed",
      "Source: nginx:1.27",
      "Target: harbor.example.com/mirror/nginx:1.27",
      "Reason: The network connection failed; check the network (connection refused by harbor.example.com)",
      "Took: 1:05",
      "Show the job: https://entrepot.example.com/jobs/7",
    ])
  })

  test("time and signature stand in the address", () => {
    const { searchParams } = new URL(sent("dingtalk", "SEC+/=").url)
    expect(searchParams.get("key")).toBe("1")
    expect(searchParams.get("timestamp")).toBe(String(at + 1234))
    expect(searchParams.get("sign")).toBe(macOf("SEC+/=", `${at + 1234}\nSEC+/=`))
    expect(sent("dingtalk", null).url).toBe("https://bot.example.com/send?key=1")
  })

  test("a number other than 0 is a refusal, and some of them pass", () => {
    const { refusal } = formats.dingtalk
    expect(refusal('{"errcode":0,"errmsg":"ok"}')).toBeUndefined()
    expect(refusal('{"errcode":310000,"errmsg":"sign not match"}')).toEqual({ number: 310000, passes: false })
    expect(refusal('{"errcode":130101}')).toEqual({ number: 130101, passes: true })
    for (const answer of ["", "<html>", "null", "[]", '{"errcode":"0"}', "{}"]) {
      expect(refusal(answer)).toEqual({ number: null, passes: true })
    }
  })
})

describe("feishu", () => {
  test("a post has lines of text and a link, in the language of the webhook", () => {
    expect(formats.feishu.write(message(upstream, "upstream.unhealthy", "zh"))).toEqual({
      msg_type: "post",
      content: {
        post: {
          zh_cn: {
            title: "Entrepot：镜像源不可用",
            content: [
              [{ tag: "text", text: "镜像源：mirror（docker.io）" }],
              [{ tag: "text", text: "地址：mirror.example.com" }],
              [{ tag: "text", text: "原因：network: connection refused by mirror.example.com" }],
              [{ tag: "a", text: "查看镜像源", href: "https://entrepot.example.com/upstreams" }],
            ],
          },
        },
      },
    })
    const { content } = formats.feishu.write(message({ ...upstream, error: null }, "upstream.recovered", "en"))
    expect(content).toMatchObject({ post: { en_us: { title: "Entrepot: upstream answers again" } } })
  })

  test("time and signature stand in the body, which is signed with an empty text", () => {
    const { timestamp, sign, msg_type } = JSON.parse(sent("feishu", "secret").body)
    expect([timestamp, sign, msg_type]).toEqual(["1795262401", macOf("1795262401\nsecret", ""), "post"])
    expect(Object.keys(JSON.parse(sent("feishu", null).body))).toEqual(["msg_type", "content"])
  })

  test("code, or StatusCode of old, says whether it was taken", () => {
    const { refusal } = formats.feishu
    expect(refusal('{"code":0,"msg":"success","StatusCode":0}')).toBeUndefined()
    expect(refusal('{"StatusCode":0,"StatusMessage":"success"}')).toBeUndefined()
    expect(refusal('{"code":19021,"msg":"sign match fail"}')).toEqual({ number: 19021, passes: false })
    expect(refusal('{"code":11232}')).toEqual({ number: 11232, passes: true })
  })
})

describe("wecom", () => {
  test("a batch is told in Markdown, foreign text as code", () => {
    const batch: JobFacts = {
      ...job,
      ...{ jobId: 9, kind: "batch", source: "3 images", target: "", digest: null },
      jobs: { succeeded: 2, failed: 1, cancelled: 0 },
    }
    expect(formats.wecom.write(message(batch, "job.failed", "zh"))).toEqual({
      msgtype: "markdown",
      markdown: {
        content: [
          "**Entrepot：批量任务失败**",
          "> 源镜像：`3 images`",
          "> 结果：`成功 2，失败 1，取消 0`",
          "> 传输：`1.50 MB`",
          "> 用时：`1:05`",
          "[查看任务](https://entrepot.example.com/jobs/9)",
        ].join("\n"),
      },
    })
  })

  test("a message has at most 4096 bytes, and keeps its link", () => {
    const long = "镜".repeat(900)
    const { markdown } = formats.wecom.write(message({ ...failed, source: long, target: long, digest: long }, "job.failed", "zh"))
    const { content } = markdown as { readonly content: string }
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4096)
    expect(content.endsWith("[查看任务](https://entrepot.example.com/jobs/7)")).toBe(true)
  })

  test("the bot's refusals are told apart", () => {
    expect(formats.wecom.refusal('{"errcode":93000,"errmsg":"invalid webhook url"}')).toEqual({ number: 93000, passes: false })
    expect(formats.wecom.refusal('{"errcode":45009}')).toEqual({ number: 45009, passes: true })
  })
})

test("slack is told in blocks, and in a text for notifications", () => {
  expect(formats.slack.write(message({ ...job, unchanged: true, bytesSent: 0 }, "job.succeeded", "en"))).toEqual({
    text: [
      "Entrepot: the target had the image already",
      "Source: nginx:1.27",
      "Target: harbor.example.com/mirror/nginx:1.27",
      "Digest: sha256:abc",
      "Took: 1:05",
      "<https://entrepot.example.com/jobs/7|Show the job>",
    ].join("\n"),
    mrkdwn: false,
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: "*Entrepot: the target had the image already*" } },
      {
        type: "section",
        text: {
          type: "plain_text",
          text: "Source: nginx:1.27\nTarget: harbor.example.com/mirror/nginx:1.27\nDigest: sha256:abc\nTook: 1:05",
          emoji: false,
        },
      },
      { type: "section", text: { type: "mrkdwn", text: "<https://entrepot.example.com/jobs/7|Show the job>" } },
    ],
    ...{ parse: "none", link_names: false, unfurl_links: false, unfurl_media: false },
  })
})

test("S18: foreign text mentions nobody, leads nowhere and is no markup", () => {
  const hostile = [
    "<!channel> <!here|x> <@U123> @all @所有人 @channel `code` **bold**",
    '[click](https://evil.example.com) <https://evil.example.com|x> <at user_id="all">a</at>',
    "line\nbreak \u202e turned \u200b \u0007 nginx@sha256:0a",
  ].join(" ")
  const shown: Readonly<Record<WebhookFormat, string>> = {
    standard: hostile,
    dingtalk:
      '<!channel> <!here|x> <＠U123> ＠all ＠所有人 ＠channel `code` **bold** [click](https：//evil.example.com) <https：//evil.example.com|x> <at user_id="all">a</at> line break turned nginx@sha256:0a',
    feishu:
      '<!channel> <!here|x> <＠U123> ＠all ＠所有人 ＠channel `code` **bold** [click](https：//evil.example.com) <https：//evil.example.com|x> <at user_id="all">a</at> line break turned nginx@sha256:0a',
    wecom:
      '`＜!channel＞ ＜!here|x＞ ＜@U123＞ @all @所有人 @channel ˋcodeˋ **bold** ［click］(https://evil.example.com) ＜https://evil.example.com|x＞ ＜at user_id="all"＞a＜/at＞ line break turned nginx@sha256:0a`',
    slack:
      '&lt;!channel&gt; &lt;!here|x&gt; &lt;＠U123&gt; ＠all ＠所有人 ＠channel `code` **bold** [click](https：//evil.example.com) &lt;https：//evil.example.com|x&gt; &lt;at user_id="all"&gt;a&lt;/at&gt; line break turned nginx@sha256:0a',
  }
  for (const [format, expected] of Object.entries(shown)) {
    const written = formats[format as WebhookFormat].write(message({ ...job, source: hostile }, "job.succeeded", "en"))
    const texts: string[] = []
    JSON.stringify(written, (_, value: unknown) => {
      if (typeof value === "string") texts.push(value)
      return value
    })
    const holding = texts.filter((text) => text.includes("!channel"))
    expect([format, holding.length > 0]).toEqual([format, true])
    for (const text of holding) expect(text).toContain(format === "standard" ? hostile : expected)
    for (const text of texts.filter((each) => !each.includes("!channel"))) expect(text).not.toContain("evil")
  }
})

test("a long name is cut between characters", () => {
  const { text } = formats.dingtalk.write(message({ ...job, source: "😀".repeat(400) }, "job.succeeded", "en"))
  const [, source] = (text as { readonly content: string }).content.split("\n")
  expect(source).toBe(`Source: ${"😀".repeat(300)}…`)
})

test("without a public address there is no link", () => {
  const bare = messageOf({ id: 1, event: "test", facts: "{}", createdAt: at }, { locale: "zh" }, undefined)
  expect(formats.dingtalk.write(bare).text).toEqual({ content: "Entrepot：测试消息\n收到这条消息，说明通知已经配置好。" })
  expect(formats.standard.write(bare).data).toEqual({ message: "收到这条消息，说明通知已经配置好。", url: null })
  expect(JSON.stringify([formats.feishu, formats.wecom, formats.slack].map((each) => each.write(bare)))).not.toContain("http")
})
