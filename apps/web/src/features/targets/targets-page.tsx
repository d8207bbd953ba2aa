"use client"

import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"

/** The registries that images are taken to. */
export function TargetsPage() {
  const say = useTranslations("shell")
  return <PageHeader title={say("targets")} />
}
