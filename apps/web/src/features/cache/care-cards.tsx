"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { useEffect, useRef, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { CareCard } from "./care-card.tsx"
import { CareHistory } from "./care-history.tsx"
import { careKinds, runningOf } from "./care-run.ts"
import { EvictDialog } from "./evict-dialog.tsx"

const secondMs = 1_000

/** The looks after what is stored: each can be started and stopped, and says what it found. Asked about each second while one goes on. */
export function CareCards() {
  const say = useTranslations("cache")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [isEvicting, setEvicting] = useState(false)
  const { data, error, isPending, refetch } = useQuery(
    // Hidden pages ask nothing: a page that is shown again asks at once.
    trpc.registry.care.queryOptions(undefined, {
      refetchInterval: ({ state }) => (state.data?.some(({ isRunning }) => isRunning) === true ? secondMs : false),
    }),
  )
  const changed = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.registry.care.queryKey() }) }
  const start = useMutation(trpc.registry.startCare.mutationOptions(changed))
  const stop = useMutation(trpc.registry.stopCare.mutationOptions(changed))
  const runs = data ?? []
  const problem = start.error ?? stop.error

  const isRunning = runs.some((run) => run.isRunning)
  const wasRunning = useRef(isRunning)
  useEffect(() => {
    if (wasRunning.current && !isRunning) void queries.invalidateQueries({ queryKey: trpc.registry.usage.queryKey() })
    wasRunning.current = isRunning
  }, [isRunning, queries, trpc])

  return (
    <>
      {problem && <Problem error={problem} />}
      <div className="grid items-stretch gap-6 lg:grid-cols-3">
        {careKinds.map((kind) => (
          <CareCard
            key={kind}
            kind={kind}
            running={runningOf(runs, kind)}
            isBusy={start.isPending || stop.isPending || data === undefined}
            onStart={() => (kind === "evict" ? setEvicting(true) : start.mutate({ kind }))}
            onStop={(id) => stop.mutate({ id })}
          />
        ))}
      </div>
      <p role="status" className="sr-only">
        {isRunning ? say("goesOn") : ""}
      </p>
      <CareHistory runs={data} isPending={isPending} error={error} onRetry={() => void refetch()} />
      <EvictDialog
        open={isEvicting}
        onClose={() => setEvicting(false)}
        onEvict={(toBytes) => {
          setEvicting(false)
          start.mutate({ kind: "evict", ...(toBytes === undefined ? {} : { toBytes }) })
        }}
      />
    </>
  )
}
