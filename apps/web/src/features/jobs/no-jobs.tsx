"use client"

import { History, SearchX } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { isSameFilter, type JobFilter, noFilter } from "./job-filter.ts"

/** Says whether there are no jobs at all, or none that the filter leaves, and what to do about it. */
export function NoJobs({ filter, onClear }: { readonly filter: JobFilter; readonly onClear: () => void }) {
  const say = useTranslations("jobs")
  if (isSameFilter(filter, noFilter)) {
    return (
      <EmptyState icon={<History aria-hidden />} title={say("empty")}>
        {say("emptyHint")}
        <Button asChild>
          <Link href="/">{say("startFirst")}</Link>
        </Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={<SearchX aria-hidden />} title={say("noMatch")}>
      {say("noMatchHint")}
      <Button variant="outline" onClick={onClear}>
        {say("filter.clear")}
      </Button>
    </EmptyState>
  )
}
