"use client"

import { useQuery } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { Problem } from "../../../components/problem.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../../components/ui/card.tsx"
import { Skeleton } from "../../../components/ui/skeleton.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { TransfersForm } from "./transfers-form.tsx"

/** How much is done at once, how fast, and how long it is remembered. */
export function TransfersSection() {
  const say = useTranslations("settings.transfers")
  const trpc = useTRPC()
  const settings = useQuery(trpc.settings.get.queryOptions())
  return (
    <Card>
      <CardHeader>
        <CardTitle>{say("title")}</CardTitle>
      </CardHeader>
      <CardContent className="space-y-6">
        <p className="text-sm text-muted-foreground">{say("description")}</p>
        {settings.error && <Problem error={settings.error} onRetry={() => void settings.refetch()} />}
        {settings.isPending && (
          <div className="grid gap-6 sm:grid-cols-2">
            {["first", "second", "third", "fourth"].map((place) => (
              <Skeleton key={place} className="h-24" />
            ))}
          </div>
        )}
        {settings.data && <TransfersForm settings={settings.data} />}
      </CardContent>
    </Card>
  )
}
