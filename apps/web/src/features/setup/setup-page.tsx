"use client"

import type { RegistryPlace } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { Network } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Card } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { ChoicesCard } from "./choices-card.tsx"
import { ClientCard } from "./client-card.tsx"
import { ClientChoice } from "./client-choice.tsx"
import type { ClientName } from "./clients.ts"
import { choicesOf, draftOf, offeredRegistries } from "./setup-draft.ts"

/** The configuration of every client that is to pull through this server. */
export function SetupPage() {
  const say = useTranslations("setup")
  const trpc = useTRPC()
  const place = useQuery(trpc.registry.place.queryOptions(undefined, { staleTime: 60_000 }))
  return (
    <>
      <PageHeader title={say("title")} description={say("description")} />
      {place.error && <Problem error={place.error} onRetry={() => void place.refetch()} />}
      {place.isPending && (
        <>
          <Skeleton className="h-96" />
          <Skeleton className="h-96" />
        </>
      )}
      {place.data &&
        (offeredRegistries(place.data).length === 0 ? (
          <Card>
            <EmptyState icon={<Network aria-hidden />} title={say("none")}>
              <p>{say("noneHint")}</p>
            </EmptyState>
          </Card>
        ) : (
          <Setup place={place.data} />
        ))}
    </>
  )
}

/** Begins once the server has told of itself, in the browser: the address of the page is that of the server until somebody types another. */
function Setup({ place }: { readonly place: RegistryPlace }) {
  const say = useTranslations("setup")
  const [draft, setDraft] = useState(() => draftOf(place, location.origin))
  const [client, setClient] = useState<ClientName>("docker")
  const choices = choicesOf(draft, place)
  const refusal = typeof choices === "string" ? "addressFirst" : choices.registries.length === 0 ? "registryFirst" : undefined
  return (
    <>
      <ChoicesCard place={place} draft={draft} onChange={(changes) => setDraft((before) => ({ ...before, ...changes }))} />
      <ClientChoice value={client} onChange={setClient} />
      {typeof choices === "string" || refusal !== undefined ? (
        <Alert tone="warning">{refusal && say(refusal)}</Alert>
      ) : (
        <ClientCard key={client} name={client} choices={choices} />
      )}
    </>
  )
}
