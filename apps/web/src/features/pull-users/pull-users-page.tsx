"use client"

import { useTranslations } from "next-intl"
import { AdministratorsOnly } from "../session/administrators-only.tsx"
import { PullUserList } from "./pull-user-list.tsx"

/** Who may `docker login` here, and pull. */
export function PullUsersPage() {
  const say = useTranslations("pullUsers")
  return (
    <AdministratorsOnly title={say("title")}>
      <PullUserList />
    </AdministratorsOnly>
  )
}
