"use client"

import type { Job } from "@entrepot/client"
import { describeError, describeHint, describeStage } from "@entrepot/core/errors"
import { useLocale, useTranslations } from "next-intl"
import { Alert } from "../../components/ui/alert.tsx"

interface JobFailureProps {
  readonly failure: NonNullable<Job["failure"]>
}

/** Why a job has failed: the sentence, whose host it was, what to do next, and what a person who mends things wants to know. All of it is text. */
export function JobFailure({ failure }: JobFailureProps) {
  const say = useTranslations("job")
  const locale = useLocale()
  const { host, status, hint, message, code, side, attempts } = failure
  const place = [host, status === undefined ? undefined : `HTTP ${status}`].filter((part) => part !== undefined)
  return (
    <Alert tone="danger">
      <p className="font-medium">{describeStage("failed", { error_message: describeError(failure, locale) }, locale)}</p>
      {place.length > 0 && <p className="font-mono text-xs break-all text-muted-foreground">{place.join(" · ")}</p>}
      {hint !== undefined && <p>{describeHint(hint, locale)}</p>}
      <details className="text-xs text-muted-foreground">
        <summary className="min-h-6 w-fit py-1">{say("failure.detail")}</summary>
        <p className="rounded bg-card/60 p-2 font-mono break-all whitespace-pre-wrap">
          <bdi>{message}</bdi>
          <br />
          {[code, side, attempts === undefined ? undefined : `× ${attempts}`].filter((part) => part !== undefined).join(" · ")}
        </p>
      </details>
    </Alert>
  )
}
