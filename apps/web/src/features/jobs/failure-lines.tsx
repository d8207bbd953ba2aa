"use client"

import type { Job } from "@entrepot/client"
import { describeError, describeErrorDetail, describeHint } from "@entrepot/core/errors"
import { useLocale, useTranslations } from "next-intl"

/** Why a job failed, where, and what to do next. */
export function FailureLines({ failure }: { readonly failure: NonNullable<Job["failure"]> }) {
  const say = useTranslations("jobs")
  const locale = useLocale()
  const detail = describeErrorDetail(failure, locale)
  return (
    <div className="text-sm break-words">
      <p className="text-danger">
        {say("error", { sentence: describeError(failure, locale) })}
        {detail !== undefined && <span className="text-muted-foreground"> ({detail})</span>}
      </p>
      {failure.hint !== undefined && <p className="text-muted-foreground">{describeHint(failure.hint, locale)}</p>}
    </div>
  )
}
