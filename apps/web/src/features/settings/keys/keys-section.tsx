"use client"

import type { ApiKey } from "@entrepot/client"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { KeyRound, Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../../components/problem.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx"
import { EmptyState } from "../../../components/ui/empty-state.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { useMe } from "../../session/use-me.ts"
import { SectionCard } from "../section-card.tsx"
import { KeyRow } from "./key-row.tsx"
import { NewKeyDialog } from "./new-key-dialog.tsx"

/** One's own keys for programs. */
export function KeysSection() {
  const say = useTranslations("settings.keys")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { me } = useMe()
  const keys = useQuery(trpc.accounts.keys.list.queryOptions())
  const [isAdding, setAdding] = useState(false)
  const [removed, setRemoved] = useState<ApiKey>()
  const remove = useMutation(
    trpc.accounts.keys.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.accounts.keys.pathKey() })
        setRemoved(undefined)
      },
    }),
  )

  return (
    <SectionCard
      title={say("title")}
      description={say("description")}
      action={
        <Button size="small" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          {say("add")}
        </Button>
      }
      list={keys}
      rows={{ count: 2, className: "h-14" }}
    >
      {keys.data?.length === 0 && (
        <EmptyState icon={<KeyRound aria-hidden />} title={say("none")}>
          {say("noneHint")}
        </EmptyState>
      )}
      {keys.data !== undefined && keys.data.length > 0 && (
        <ul className="divide-y border-t">
          {keys.data.map((key) => (
            <KeyRow key={key.id} apiKey={key} onRemove={() => setRemoved(key)} />
          ))}
        </ul>
      )}
      {me && <NewKeyDialog me={me} open={isAdding} onClose={() => setAdding(false)} />}
      <ConfirmDialog
        open={removed !== undefined}
        title={say("removeTitle")}
        action={say("removeAction")}
        busy={remove.isPending}
        onConfirm={() => removed && remove.mutate({ id: removed.id })}
        onClose={() => {
          remove.reset()
          setRemoved(undefined)
        }}
      >
        <p>{removed && say("removeEffect", { name: removed.name })}</p>
        {remove.error && <Problem error={remove.error} />}
      </ConfirmDialog>
    </SectionCard>
  )
}
