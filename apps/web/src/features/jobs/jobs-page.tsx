"use client"

import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { RecentJobs } from "./recent-jobs.tsx"

/** The queue and the history. */
export function JobsPage() {
  const say = useTranslations("shell")
  return (
    <>
      <PageHeader title={say("jobs")} />
      <RecentJobs />
    </>
  )
}
