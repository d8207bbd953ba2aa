"use client"

import { useTranslations } from "next-intl"
import type { ChosenOption } from "./chosen-options.ts"

interface FoldedTitleProps {
  readonly title: string
  readonly chosen: readonly ChosenOption[]
}

/** What is folded away, and which of it holds. */
export function FoldedTitle({ title, chosen }: FoldedTitleProps) {
  const say = useTranslations("mirror.chosen")
  return (
    <span className="min-w-0 break-words">
      {title}
      {chosen.length > 0 && <span className="text-foreground">{` · ${chosen.map((option) => say(option)).join(" · ")}`}</span>}
    </span>
  )
}
