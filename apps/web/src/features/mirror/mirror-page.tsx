"use client"

import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"

/** Takes an image from a registry to another, and shows how. */
export function MirrorPage() {
  const say = useTranslations("shell")
  return <PageHeader title={say("mirror")} />
}
