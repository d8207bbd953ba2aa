"use client"

import { ScrollText, SearchX } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"

/** Says whether nobody has asked for anything yet, or nothing that the filter leaves, and what to do about it. */
export function NoEntries({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  const say = useTranslations("accessLog")
  if (isFiltered) {
    return (
      <EmptyState icon={<SearchX aria-hidden />} title={say("noMatch")}>
        {say("noMatchHint")}
        <Button variant="outline" onClick={onClear}>
          {say("filter.clear")}
        </Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={<ScrollText aria-hidden />} title={say("empty")}>
      {say("emptyHint")}
      <Button asChild variant="outline">
        <Link href="/setup">{say("toSetup")}</Link>
      </Button>
    </EmptyState>
  )
}
