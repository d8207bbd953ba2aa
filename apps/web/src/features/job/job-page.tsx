"use client"

import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { JobPanel } from "./job-panel.tsx"

/** One job, with everything that it told. */
export function JobPage({ id }: { readonly id: number }) {
  const say = useTranslations("shell")
  return (
    <>
      <PageHeader title={say("job", { id })} />
      <JobPanel id={id} />
    </>
  )
}
