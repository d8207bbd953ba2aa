import type { TargetCheck, UpstreamCheck } from "@entrepot/client"
import { describeError, describeHint, type ErrorCode, type Locale } from "@entrepot/core/errors"

/** A target's answers, or those of a registry that is only read from. */
export type Check = TargetCheck | UpstreamCheck

const questions = ["reachable", "tls", "credentials", "push"] as const

export type Question = (typeof questions)[number]
type Answer = TargetCheck[Question]
type Refusal = Extract<Answer, { readonly answer: "no" }>

/** Why the answer is no, in words. */
export interface DescribedAnswer {
  readonly sentence: string
  readonly hint: string | undefined
}

/** Sentences about a target that say more about a question when they are not about a push that failed. */
const plainer: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["server_error", "protocol", "too_large", "unsupported"])

/** Whether it was asked for pushing too. */
export function isForPush(check: Check): check is TargetCheck {
  return "push" in check
}

/** What was asked, in this order: each question makes sense after the one before. */
export function answersOf(check: Check): readonly (readonly [Question, Answer])[] {
  const answers: Partial<Record<Question, Answer>> = check
  return questions.flatMap((question) => {
    const answer = answers[question]
    return answer === undefined ? [] : [[question, answer] as const]
  })
}

/** The sentence and the hint of a refusal; `certificateHint` stands for core's, which speaks of options of the terminal. */
export function describeAnswer(
  question: Question,
  { code, status, hint }: Refusal,
  locale: Locale,
  certificateHint: string,
  isTarget = true,
): DescribedAnswer {
  const isRight = question === "push" && (code === "forbidden" || code === "unauthorized")
  const sentence = describeError({ code, ...(isRight || !isTarget || plainer.has(code) ? {} : { side: "target" }) }, locale)
  const shown = code === "tls" ? certificateHint : hint === undefined ? undefined : describeHint(hint, locale)
  return { sentence: status === undefined ? sentence : `${sentence} · HTTP ${status}`, hint: shown }
}

/** Whether images can be pushed there, or read, as far as can be told. */
export function isReady(check: Check): boolean {
  return answersOf(check).every(([, { answer }]) => answer === "yes" || answer === "plain")
}
