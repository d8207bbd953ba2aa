"use client"

import type { Upstream } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { Network, Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card } from "../../components/ui/card.tsx"
import { Dialog } from "../../components/ui/dialog.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { RegistryCard } from "./registry-card.tsx"
import { RemoveUpstreamDialog } from "./remove-upstream-dialog.tsx"
import { UpstreamForm } from "./upstream-form.tsx"
import { groupUpstreams } from "./upstream-order.ts"
import { useOrder } from "./use-order.ts"

/** How often it is asked how they stand, milliseconds; while the page is hidden, it is not. */
const healthMs = 5_000

/** What the form is about: a saved upstream, or a new one, for this registry where one is given. */
type Edited = { readonly upstream: Upstream } | { readonly registry: string }

/** All upstreams by registry, as they are asked, with how each one stands. */
export function UpstreamList() {
  const say = useTranslations("upstreams")
  const trpc = useTRPC()
  const list = useQuery(trpc.upstreams.list.queryOptions(undefined, { refetchInterval: healthMs }))
  const { order, announcement, problem } = useOrder()
  const [edited, setEdited] = useState<Edited>()
  const [removed, setRemoved] = useState<Upstream>()
  const upstreams = list.data?.upstreams
  const keepsPasswords = list.data?.keepsPasswords ?? true
  const upstream = edited !== undefined && "upstream" in edited ? edited.upstream : undefined
  const registry = edited !== undefined && "registry" in edited ? edited.registry : ""

  const add = (
    <Button onClick={() => setEdited({ registry: "" })}>
      <Plus aria-hidden />
      {say("add")}
    </Button>
  )

  return (
    <>
      <PageHeader title={say("title")} description={say("description")}>
        {upstreams !== undefined && upstreams.length > 0 && add}
      </PageHeader>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {problem && <Problem error={problem} />}
      {!keepsPasswords && <Alert tone="warning">{say("passwordsNotKept")}</Alert>}
      {list.isPending && (
        <>
          <Skeleton className="h-48" />
          <Skeleton className="h-48" />
        </>
      )}
      {upstreams?.length === 0 && (
        <Card>
          <EmptyState icon={<Network aria-hidden />} title={say("none")}>
            <p>{say("noneHint")}</p>
            {add}
          </EmptyState>
        </Card>
      )}
      <p role="status" className="sr-only">
        {announcement}
      </p>
      {upstreams !== undefined &&
        groupUpstreams(upstreams).map((group) => (
          <RegistryCard
            key={group.registry}
            group={group}
            onOrder={order}
            onAdd={() => setEdited({ registry: group.registry })}
            onEdit={(each) => setEdited({ upstream: each })}
            onRemove={setRemoved}
          />
        ))}
      <Dialog
        open={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={upstream === undefined ? say("add") : say("editTitle", { name: upstream.name })}
        isForm
        className="max-w-xl"
      >
        <UpstreamForm
          upstream={upstream}
          registry={registry}
          registries={[...new Set((upstreams ?? []).map((each) => each.registry))]}
          keepsPasswords={keepsPasswords}
          onDone={() => setEdited(undefined)}
        />
      </Dialog>
      <RemoveUpstreamDialog
        upstream={removed}
        isLast={removed !== undefined && upstreams?.filter((each) => each.registry === removed.registry).length === 1}
        onClose={() => setRemoved(undefined)}
      />
    </>
  )
}
