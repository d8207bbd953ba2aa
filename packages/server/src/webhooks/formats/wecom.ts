import type { WebhookMessage } from "../message.ts"
import { noticeOf } from "../notice.ts"
import { readErrorNumber } from "./error-number.ts"
import type { MessageFormat } from "./message-format.ts"

/** It is busy; more than 20 messages in a minute. */
const passing = [-1, 45009, 45033]

/** Bytes of UTF-8 that a message may have. */
const longestContent = 4096

/** A group's bot of WeCom. Its Markdown knows no escapes: foreign text is code, and what could end that or begin a mention is written otherwise. */
export const wecom: MessageFormat = {
  pauseMs: 3000,
  write: (message) => ({ msgtype: "markdown", markdown: { content: contentOf(message) } }),
  sign: (message, { url }) => ({ url, headers: {}, body: JSON.stringify(wecom.write(message)) }),
  refusal: (answer) => readErrorNumber(answer, { members: ["errcode"], passing }),
}

function contentOf(message: WebhookMessage): string {
  const { title, sentence, lines, link, colon } = noticeOf(message)
  const head = [`**${title}**`, ...(sentence === undefined ? [] : [sentence])]
  const foot = link === undefined ? [] : [`[${link.label}](${link.url})`]
  const body = lines.map(({ label, value }) => `> ${label}${colon}\`${unmarked(value)}\``)
  const fits = (count: number) => Buffer.byteLength([...head, ...body.slice(0, count), ...foot].join("\n")) <= longestContent
  const count = body.findIndex((_, index) => !fits(index + 1))
  return [...head, ...(count === -1 ? body : body.slice(0, count)), ...foot].join("\n")
}

const substitutes: Readonly<Record<string, string>> = { "`": "ˋ", "<": "＜", ">": "＞", "[": "［", "]": "］" }

function unmarked(text: string): string {
  return text.replace(/[`<>[\]]/g, (character) => substitutes[character] ?? "")
}
