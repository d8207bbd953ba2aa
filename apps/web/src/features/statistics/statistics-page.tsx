"use client"

import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"

/** What was mirrored, over time. */
export function StatisticsPage() {
  const say = useTranslations("shell")
  return <PageHeader title={say("statistics")} />
}
