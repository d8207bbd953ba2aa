"use client"

import { createEntrepotClient, type EntrepotClient } from "@entrepot/client"
import { QueryClientProvider } from "@tanstack/react-query"
import { useLocale } from "next-intl"
import { createContext, type ReactNode, use, useMemo, useState } from "react"
import { createQueryClient } from "./create-query-client.ts"
import { TRPCProvider } from "./trpc.ts"

const ClientContext = createContext<EntrepotClient | undefined>(undefined)

interface EntrepotProviderProps {
  /** In place of the browser's: for showing pages with answers that are made up. */
  readonly fetch?: typeof globalThis.fetch
  readonly children: ReactNode
}

/** The application's typed client for everything inside, in the language of the page, and what is remembered of its answers. */
export function EntrepotProvider({ fetch, children }: EntrepotProviderProps) {
  const locale = useLocale()
  const client = useMemo(() => createEntrepotClient({ url: "", locale, fetch }), [locale, fetch])
  const [queries] = useState(createQueryClient)
  return (
    <QueryClientProvider client={queries}>
      <TRPCProvider trpcClient={client} queryClient={queries}>
        <ClientContext value={client}>{children}</ClientContext>
      </TRPCProvider>
    </QueryClientProvider>
  )
}

/** The client itself, for streams; questions and changes go through `useTRPC`. */
export function useEntrepot(): EntrepotClient {
  const client = use(ClientContext)
  if (client === undefined) throw new Error("there is no EntrepotProvider around this")
  return client
}
