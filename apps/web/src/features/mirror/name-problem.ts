import { type DescribedError, describeError, describeHint, isTransferError } from "@entrepot/core/errors"
import type { Locale } from "@entrepot/core/locale"

/** What is wrong with a name that was typed, as a person reads it. */
export interface NameProblem {
  readonly sentence: string
  /** What to do about it, unless that is the suggestion. */
  readonly hint?: string
  /** What was probably meant. */
  readonly suggestion?: string
}

/** A name that was read, or what is wrong with it. */
export type Reading<Value> = { readonly value: Value } | { readonly problem: NameProblem }

/**
 * Reads with one of core's parsers; `inChinese` stands for core's sentence where that speaks of images, and the text is something else.
 * An error that is none of core's is not caught.
 */
export function readName<Value>(read: () => Value, locale: Locale, inChinese?: string): Reading<Value> {
  try {
    return { value: read() }
  } catch (error) {
    if (!isTransferError(error)) throw error
    const problem = problemOf(error, locale)
    return { problem: locale === "zh" && inChinese !== undefined ? { ...problem, sentence: inChinese } : problem }
  }
}

/** What a person reads for an error of core's. */
export function problemOf(
  error: DescribedError & { readonly message: string; readonly hint?: string | undefined },
  locale: Locale,
): NameProblem {
  // Core's messages say more than its sentences, in English alone.
  const sentence = locale === "en" ? error.message : describeError(error, locale)
  const suggestion = /^did you mean "(.+)"\?$/s.exec(error.hint ?? "")?.[1]
  if (suggestion !== undefined) return { sentence, suggestion }
  return { sentence, ...(error.hint === undefined ? {} : { hint: describeHint(error.hint, locale) }) }
}
