import { noticeOf } from "../notice.ts"
import { readErrorNumber } from "./error-number.ts"
import { hmacSha256 } from "./hmac-sha256.ts"
import type { MessageFormat } from "./message-format.ts"
import { plainLines } from "./plain-lines.ts"

/** It is busy; more than 20 messages in a minute. */
const passing = [-1, 130101]

/** A group's custom bot of DingTalk. Plain text: nothing in it can be markup, and it mentions nobody but those whom `at` names. */
export const dingtalk: MessageFormat = {
  pauseMs: 3000,
  write: (message) => ({ msgtype: "text", text: { content: plainLines(noticeOf(message)) }, at: { isAtAll: false } }),
  sign: (message, { url, secret }, now) => {
    const signed = new URL(url)
    if (secret !== null) {
      signed.searchParams.set("timestamp", String(now))
      signed.searchParams.set("sign", hmacSha256(secret, `${now}\n${secret}`))
    }
    return { url: signed.href, headers: {}, body: JSON.stringify(dingtalk.write(message)) }
  },
  refusal: (answer) => readErrorNumber(answer, { members: ["errcode"], passing }),
}
