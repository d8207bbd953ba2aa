"use client"

import { EntrepotError } from "@entrepot/client"
import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { describeRefusal } from "./describe-refusal.ts"
import { Alert } from "./ui/alert.tsx"
import { Button } from "./ui/button.tsx"

interface ProblemProps {
  readonly error: unknown
  /** Asks again. */
  readonly onRetry?: (() => void) | undefined
  readonly children?: ReactNode
}

/** What went wrong, for the person who asked: the sentence, whose side it is on, and what to do next. Everything in it is text. */
export function Problem({ error, onRetry, children }: ProblemProps) {
  const say = useTranslations("common")
  const locale = useLocale()
  const sentence = useSentence()
  const detail = error instanceof EntrepotError ? describeRefusal(error.message, locale) : undefined
  const place = error instanceof EntrepotError && error.host !== undefined ? error.host : undefined
  return (
    <Alert tone="danger">
      <p className="font-medium">{sentence(error)}</p>
      {detail && <p>{detail}</p>}
      {place && (
        <p className="font-mono text-xs text-muted-foreground">
          {place}
          {error instanceof EntrepotError && error.status !== undefined && ` · HTTP ${error.status}`}
        </p>
      )}
      {error instanceof EntrepotError && error.hint !== undefined && <p>{error.hint}</p>}
      {children}
      {onRetry && (
        <Button variant="outline" size="small" className="mt-1" onClick={onRetry}>
          {say("tryAgain")}
        </Button>
      )}
    </Alert>
  )
}

/** Makes the sentence of an error in the language of the page. */
export function useSentence(): (error: unknown) => string {
  const locale = useLocale()
  return (error) => {
    if (error instanceof EntrepotError) return error.sentence[locale]
    return error instanceof Error ? error.message : String(error)
  }
}
