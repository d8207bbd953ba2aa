"use client"

import type { Webhook } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { Bell, Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Alert } from "../../../components/ui/alert.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { Dialog } from "../../../components/ui/dialog.tsx"
import { EmptyState } from "../../../components/ui/empty-state.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { SectionCard } from "../section-card.tsx"
import { DeliveryLog } from "./delivery-log.tsx"
import { RemoveWebhookDialog } from "./remove-webhook-dialog.tsx"
import { WebhookForm } from "./webhook-form.tsx"
import { WebhookRow } from "./webhook-row.tsx"

/** Who is told of jobs and upstreams, and what they were told. */
export function WebhooksSection() {
  const say = useTranslations("webhooks")
  const trpc = useTRPC()
  const list = useQuery(trpc.webhooks.list.queryOptions())
  const [edited, setEdited] = useState<Webhook | "new">()
  const [removed, setRemoved] = useState<Webhook>()
  const webhooks = list.data?.webhooks
  const keepsSecrets = list.data?.keepsSecrets ?? true
  const webhook = edited === "new" ? undefined : edited

  return (
    <>
      {!keepsSecrets && <Alert tone="warning">{say("noMasterKey")}</Alert>}
      <SectionCard
        title={say("title")}
        description={say("description")}
        action={
          <Button size="small" disabled={list.data === undefined || !keepsSecrets} onClick={() => setEdited("new")}>
            <Plus aria-hidden />
            {say("add")}
          </Button>
        }
        list={list}
        rows={{ count: 2, className: "h-36" }}
      >
        {webhooks?.length === 0 && (
          <EmptyState icon={<Bell aria-hidden />} title={say("none")}>
            <p>{say("noneHint")}</p>
          </EmptyState>
        )}
        {webhooks !== undefined && webhooks.length > 0 && (
          <ul className="divide-y border-t">
            {webhooks.map((each) => (
              <WebhookRow key={each.id} webhook={each} onEdit={() => setEdited(each)} onRemove={() => setRemoved(each)} />
            ))}
          </ul>
        )}
      </SectionCard>
      {webhooks !== undefined && webhooks.length > 0 && <DeliveryLog webhooks={webhooks} />}
      <Dialog
        open={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={webhook === undefined ? say("add") : say("editTitle", { name: webhook.name })}
        isForm
        className="max-w-xl"
      >
        <WebhookForm webhook={webhook} onDone={() => setEdited(undefined)} />
      </Dialog>
      <RemoveWebhookDialog webhook={removed} onClose={() => setRemoved(undefined)} />
    </>
  )
}
