"use client"

import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"

/** Takes many images at once. */
export function BatchPage() {
  const say = useTranslations("shell")
  return <PageHeader title={say("batch")} />
}
