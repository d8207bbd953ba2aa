import type { Webhook } from "@entrepot/client"

/** How messages are written and signed. */
export type WebhookFormat = Webhook["format"]

/** What is peculiar to a way of writing messages. */
interface FormatTraits {
  /** What an address looks like. */
  readonly example: string
  /** Messages can be signed with a secret. */
  readonly isSigned: boolean
}

/** What each form asks for, in the order in which they are offered. */
export const webhookFormats = {
  dingtalk: { example: "https://oapi.dingtalk.com/robot/send?access_token=…", isSigned: true },
  feishu: { example: "https://open.feishu.cn/open-apis/bot/v2/hook/…", isSigned: true },
  wecom: { example: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…", isSigned: false },
  slack: { example: "https://hooks.slack.com/services/…", isSigned: false },
  standard: { example: "https://hooks.example.com/entrepot", isSigned: true },
} as const satisfies Record<WebhookFormat, FormatTraits>

/** In that order. */
export const formatNames = Object.keys(webhookFormats).filter((name): name is WebhookFormat => name in webhookFormats)
