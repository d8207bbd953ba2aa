"use client"

import type { RegistryUsage } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useQuery } from "@tanstack/react-query"
import { useFormatter, useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Progress } from "../../components/ui/progress.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"

/** What is stored, whose it is, and how much room there is. */
export function UsageCard() {
  const say = useTranslations("cache")
  const trpc = useTRPC()
  const { data, error, refetch } = useQuery(trpc.registry.usage.queryOptions())
  return (
    <Card aria-label={say("size")}>
      <CardHeader>
        <CardTitle>{say("size")}</CardTitle>
      </CardHeader>
      <CardContent className="min-h-64">
        {error !== null && data === undefined && <Problem error={error} onRetry={() => void refetch()} />}
        {error === null && data === undefined && <Skeleton className="h-52" />}
        {data !== undefined && <Usage usage={data} />}
      </CardContent>
    </Card>
  )
}

function Usage({ usage }: { readonly usage: RegistryUsage }) {
  const say = useTranslations("cache")
  const format = useFormatter()
  const { blobs, bytes, hostedBytes, quotaBytes, freeBytes, repositories, manifests } = usage
  const isOver = quotaBytes !== null && bytes > quotaBytes
  const amount =
    quotaBytes === null ? formatBytes(bytes) : say("ofQuota", { bytes: formatBytes(bytes), quota: formatBytes(quotaBytes) })
  const facts = [
    { name: say("hosted"), value: formatBytes(hostedBytes) },
    { name: say("readThrough"), value: formatBytes(Math.max(0, bytes - hostedBytes)) },
    { name: say("free"), value: freeBytes === null ? say("unknown") : formatBytes(freeBytes) },
    { name: say("repositories"), value: format.number(repositories) },
    { name: say("manifests"), value: format.number(manifests) },
    { name: say("blobs"), value: format.number(blobs) },
  ]
  return (
    <div className="space-y-4">
      <div className="space-y-2">
        <p className="text-2xl font-semibold tracking-tight tabular-nums">{amount}</p>
        <Progress
          value={bytes}
          max={quotaBytes ?? bytes + (freeBytes ?? 0)}
          label={say("size")}
          valueText={amount}
          tone={isOver ? "warning" : "primary"}
        />
        <p className="text-sm text-muted-foreground">
          {say(quotaBytes === null ? "noQuota" : isOver ? "overQuota" : "withinQuota")}
        </p>
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:grid-cols-3">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt className="text-muted-foreground">{name}</dt>
            <dd className="font-medium tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
