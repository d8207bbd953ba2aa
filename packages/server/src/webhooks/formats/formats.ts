import type { WebhookFormat } from "@entrepot/db/stores"
import { dingtalk } from "./dingtalk.ts"
import { feishu } from "./feishu.ts"
import type { MessageFormat } from "./message-format.ts"
import { slack } from "./slack.ts"
import { standard } from "./standard.ts"
import { wecom } from "./wecom.ts"

/** Every kind of receiver, and how it is written to. */
export const formats = { standard, dingtalk, feishu, wecom, slack } as const satisfies Record<WebhookFormat, MessageFormat>
