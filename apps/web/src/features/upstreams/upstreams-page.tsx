"use client"

import { useTranslations } from "next-intl"
import { AdministratorsOnly } from "../session/administrators-only.tsx"
import { UpstreamList } from "./upstream-list.tsx"

/** The registries that images are read through. */
export function UpstreamsPage() {
  const say = useTranslations("upstreams")
  return (
    <AdministratorsOnly title={say("title")}>
      <UpstreamList />
    </AdministratorsOnly>
  )
}
