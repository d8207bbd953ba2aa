import type { WebhookMessage } from "../message.ts"
import { noticeOf } from "../notice.ts"
import { readErrorNumber } from "./error-number.ts"
import { hmacSha256 } from "./hmac-sha256.ts"
import type { MessageFormat } from "./message-format.ts"
import { inert } from "./plain-lines.ts"

/** Too many messages at once. */
const passing = [11232]

/** A group's custom bot of Feishu or Lark. Elements of a `post` are text or a link, each by its own tag: text is not looked through for either. */
export const feishu: MessageFormat = {
  pauseMs: 700,
  write: (message) => ({
    msg_type: "post",
    content: { post: { [message.locale === "zh" ? "zh_cn" : "en_us"]: postOf(message) } },
  }),
  sign: (message, { url, secret }, now) => {
    const timestamp = String(Math.floor(now / 1000))
    const signature = secret === null ? {} : { timestamp, sign: hmacSha256(`${timestamp}\n${secret}`, "") }
    return { url, headers: {}, body: JSON.stringify({ ...signature, ...feishu.write(message) }) }
  },
  refusal: (answer) => readErrorNumber(answer, { members: ["code", "StatusCode"], passing }),
}

function postOf(message: WebhookMessage) {
  const { title, sentence, lines, link, colon } = noticeOf(message)
  const text = (written: string) => [{ tag: "text", text: written }]
  return {
    title,
    content: [
      ...(sentence === undefined ? [] : [text(sentence)]),
      ...lines.map(({ label, value }) => text(`${label}${colon}${inert(value)}`)),
      ...(link === undefined ? [] : [[{ tag: "a", text: link.label, href: link.url }]]),
    ],
  }
}
