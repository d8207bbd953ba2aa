import type { Webhook } from "@entrepot/client"

export type WebhookFormat = Webhook["format"]

/** What is peculiar to a way of writing messages. */
interface FormatTraits {
  /** What an address looks like. */
  readonly example: string
  /** Messages can be signed with a secret. */
  readonly isSigned: boolean
}

/** In the order in which they are offered. */
export const webhookFormats = {
  dingtalk: { example: "https://oapi.dingtalk.com/robot/send?access_token=…", isSigned: true },
  feishu: { example: "https://open.feishu.cn/open-apis/bot/v2/hook/…", isSigned: true },
  wecom: { example: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…", isSigned: false },
  slack: { example: "https://hooks.slack.com/services/…", isSigned: false },
  standard: { example: "https://hooks.example.com/entrepot", isSigned: true },
} as const satisfies Record<WebhookFormat, FormatTraits>

export const formatNames = ["dingtalk", "feishu", "wecom", "slack", "standard"] as const satisfies readonly WebhookFormat[]
