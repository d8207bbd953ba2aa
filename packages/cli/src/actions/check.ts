import {
  type CheckAnswer,
  checkTarget,
  describeError,
  describeHint,
  type ErrorCode,
  parseTargetBase,
  registryHost,
  type TargetCheck,
} from "@entrepot/core"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import { jsonText } from "../renderers/json-text.ts"
import { signsOf } from "../renderers/look.ts"
import { createPaint } from "../renderers/paint.ts"
import { padEnd } from "../renderers/text-width.ts"
import { readLogins } from "../run/logins.ts"
import { openSession } from "../run/session.ts"

export interface CheckOptions extends ConnectionOptions {
  readonly json?: true
}

/** Where `mirror` puts images of a target without project. */
const usualProject = "proxy"

/** Asks a target, question by question, whether images can be pushed there; leaves nothing behind. */
export async function check(target: string, options: CheckOptions, context: Context): Promise<ExitCode> {
  const { stdout, signal } = context
  const base = parseTargetBase(target)
  const logins = await readLogins(options, context)
  const plainHttp = target.trim().startsWith("http://")
  await using session = await openSession([{ registry: base.host, login: logins.target, plainHttp }], options, context)
  const repository = `${base.project ?? usualProject}/entrepot-check`
  const found = await checkTarget(session.http, registryHost({ registry: base.host }), repository, { signal })
  stdout.write(options.json ? jsonText({ host: base.host, repository, ...found }) : checkText(found, context))
  return exitCodeOfCheck(found)
}

/** The four questions, each with its answer, a line each. */
export function checkText(found: TargetCheck, { stdout, say, locale, environment }: Context): string {
  const paint = createPaint(environment.colour && stdout.isTerminal)
  const signs = signsOf(environment)
  const questions = [
    [say("reachable", "可以连接"), found.reachable],
    ["TLS", found.tls],
    [say("credentials", "凭据有效"), found.credentials],
    [say("may push", "允许推送"), found.push],
  ] as const
  return questions
    .map(([question, answer]) => {
      const [sign, text] = wordsFor(answer)
      return `${sign} ${padEnd(question, 13)}${text}\n`
    })
    .join("")

  function wordsFor(answer: CheckAnswer | { readonly answer: "plain" }): readonly [string, string] {
    switch (answer.answer) {
      case "yes":
        return [paint.green(signs.done), say("yes", "是")]
      case "plain":
        return [paint.yellow("!"), say("no: plain HTTP, as this host may", "否：该主机使用不加密的 HTTP")]
      case "unknown":
        return [paint.dim("?"), say("not known: an earlier answer left it open", "未知：前面的检查未通过")]
      case "no": {
        const reason = describeError({ code: answer.code, side: "target", status: answer.status }, locale)
        const status = answer.status === undefined ? "" : ` (HTTP ${answer.status})`
        const hint = answer.hint === undefined ? "" : say(`; ${answer.hint}`, `；${describeHint(answer.hint, locale)}`)
        return [paint.red(signs.failed), `${say("no: ", "否：")}${reason}${status}${hint}`]
      }
    }
  }
}

/** That of the first question whose answer is no. */
export function exitCodeOfCheck({ reachable, tls, credentials, push }: TargetCheck): ExitCode {
  const answers: readonly { readonly answer: string; readonly code?: ErrorCode }[] = [reachable, tls, credentials, push]
  const refused = answers.find(({ answer }) => answer === "no")
  if (refused !== undefined) return refused.code === undefined ? exitCodes.failed : exitCodeOf(refused.code)
  return answers.some(({ answer }) => answer === "unknown") ? exitCodes.failed : exitCodes.ok
}
