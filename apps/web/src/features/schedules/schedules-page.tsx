"use client"

import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"

/** What is mirrored again and again. */
export function SchedulesPage() {
  const say = useTranslations("shell")
  return <PageHeader title={say("schedules")} />
}
