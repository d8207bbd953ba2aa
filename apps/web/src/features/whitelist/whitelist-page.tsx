"use client"

import { useTranslations } from "next-intl"
import { AdministratorsOnly } from "../session/administrators-only.tsx"
import { Whitelist } from "./whitelist.tsx"

/** What may be pulled without a login, and what may not be pulled at all. */
export function WhitelistPage() {
  const say = useTranslations("whitelist")
  return (
    <AdministratorsOnly title={say("title")}>
      <Whitelist />
    </AdministratorsOnly>
  )
}
