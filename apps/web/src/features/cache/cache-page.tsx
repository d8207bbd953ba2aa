"use client"

import { useTranslations } from "next-intl"
import { Alert } from "../../components/ui/alert.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { useMe } from "../session/use-me.ts"
import { CareCards } from "./care-cards.tsx"
import { HitRateCard } from "./hit-rate-card.tsx"
import { UsageCard } from "./usage-card.tsx"

/** What is stored, how often it spared an upstream, and the looks after it. For administrators. */
export function CachePage() {
  const say = useTranslations("cache")
  const { me } = useMe()
  return (
    <>
      <PageHeader title={say("title")} description={say("description")} />
      {me !== undefined && me.role !== "admin" && <Alert tone="warning">{say("adminsOnly")}</Alert>}
      {me?.role === "admin" && (
        <>
          <div className="grid items-stretch gap-6 lg:grid-cols-2">
            <UsageCard />
            <HitRateCard />
          </div>
          <CareCards />
        </>
      )}
    </>
  )
}
