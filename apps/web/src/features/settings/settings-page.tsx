"use client"

import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"

/** The token, keys, users, and how much is done at once. */
export function SettingsPage() {
  const say = useTranslations("shell")
  return <PageHeader title={say("settings")} />
}
