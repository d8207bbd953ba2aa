import { type Failure, type Look, signsOf } from "./look.ts"
import { printable } from "./text-width.ts"

/** A failure in two or three lines: the sentence, behind the name of what failed where there are several; what exactly, where and with which answer as far as that does not say it; what to do next. */
export function failureLines(failure: Failure, look: Look, subject?: string): string[] {
  const { paint, say } = look
  const { host, status, message } = failure
  const where = look.detail({
    ...failure,
    host: host !== undefined && message.includes(host) ? undefined : host,
    status: message.includes(`(${status})`) ? undefined : status,
  })
  const lines = [
    `${paint.red(signsOf(look).failed)} ${subject === undefined ? "" : `${paint.bold(printable(subject))}  `}${printable(look.describe(failure))}`,
    paint.dim(`  ${printable(message)}${where === undefined ? "" : ` (${printable(where)})`}`),
  ]
  if (failure.hint !== undefined) lines.push(`  ${say("hint: ", "提示：")}${printable(look.hint(failure.hint))}`)
  return lines
}
