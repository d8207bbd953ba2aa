"use client"

import { useQuery } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { useTRPC } from "../../connection/trpc.ts"
import { useMe } from "../session/use-me.ts"

/** How many images are under way, as a small number beside a word; with words for those who hear the page. Nothing while there are none. */
export function QueueCounts() {
  const say = useTranslations("jobs")
  const trpc = useTRPC()
  const { state } = useMe()
  const { data } = useQuery(trpc.jobs.counts.queryOptions(undefined, { enabled: state === "open", staleTime: 60_000 }))
  if (data === undefined) return null
  const { running, queued, waiting } = data
  const open = running + queued + waiting
  if (open === 0) return null
  const words = say("counts", { running, queued, waiting })
  return (
    <span title={words} className="ml-auto rounded-full bg-white/15 px-2 py-0.5 text-xs text-white tabular-nums">
      <span aria-hidden>{open}</span>
      <span className="sr-only">{words}</span>
    </span>
  )
}
