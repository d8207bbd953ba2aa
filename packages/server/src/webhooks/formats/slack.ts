import type { WebhookMessage } from "../message.ts"
import { noticeOf } from "../notice.ts"
import type { MessageFormat } from "./message-format.ts"
import { inert } from "./plain-lines.ts"

/**
 * An incoming webhook of Slack. What is foreign stands in `plain_text`, where nothing is markup, and in `text`, which notifications show, with `&`,
 * `<` and `>` escaped: with those, links and mentions begin.
 */
export const slack: MessageFormat = {
  pauseMs: 1000,
  write: (message) => ({ ...contentOf(message), parse: "none", link_names: false, unfurl_links: false, unfurl_media: false }),
  sign: (message, { url }) => ({ url, headers: {}, body: JSON.stringify(slack.write(message)) }),
  refusal: () => undefined,
}

function contentOf(message: WebhookMessage) {
  const { title, sentence, lines, link, colon } = noticeOf(message)
  const said = lines.map(({ label, value }) => escaped(`${label}${colon}${inert(value)}`))
  const whole = [...(sentence === undefined ? [] : [sentence]), ...said].join("\n")
  const anchor = link === undefined ? undefined : `<${link.url}|${escaped(link.label)}>`
  const section = (type: "mrkdwn" | "plain_text", text: string) => ({ type: "section", text: { type, text } })
  return {
    text: [title, whole, ...(anchor === undefined ? [] : [anchor])].join("\n"),
    mrkdwn: false,
    blocks: [
      section("mrkdwn", `*${title}*`),
      ...(whole === "" ? [] : [{ type: "section", text: { type: "plain_text", text: whole, emoji: false } }]),
      ...(anchor === undefined ? [] : [section("mrkdwn", anchor)]),
    ],
  }
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
}
