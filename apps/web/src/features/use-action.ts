import { EntrepotError } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import { useCallback, useState } from "react"

export interface Action {
  readonly busy: boolean
  /** The sentence to show for the last run, where it failed. */
  readonly problem: string | undefined
  run(work: () => Promise<void>): void
}

/** Something a person sets off: busy while it runs, with a sentence when it fails. */
export function useAction(locale: Locale): Action {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const run = useCallback(
    (work: () => Promise<void>) => {
      setBusy(true)
      setProblem(undefined)
      work()
        .catch((error: unknown) => setProblem(sentenceOf(error, locale)))
        .finally(() => setBusy(false))
    },
    [locale],
  )
  return { busy, problem, run }
}

/** What a person reads for an error: the application's sentence, and what to do next. */
export function sentenceOf(error: unknown, locale: Locale): string {
  if (!(error instanceof EntrepotError)) return error instanceof Error ? error.message : String(error)
  return error.hint === undefined ? error.sentence[locale] : `${error.sentence[locale]} (${error.hint})`
}
