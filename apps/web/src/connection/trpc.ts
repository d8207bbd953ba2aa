"use client"

import type { AppRouter } from "@entrepot/client"
import { createTRPCContext } from "@trpc/tanstack-react-query"

/** `useTRPC().jobs.list.queryOptions(…)` for TanStack Query; errors are EntrepotErrors. */
export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>()
