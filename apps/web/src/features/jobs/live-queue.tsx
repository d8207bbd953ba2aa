"use client"

import type { Job, QueueEvent } from "@entrepot/client"
import { useQueryClient } from "@tanstack/react-query"
import { Unplug } from "lucide-react"
import { useTranslations } from "next-intl"
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { useTabVisible } from "../../connection/use-tab-visible.ts"
import { useMe } from "../session/use-me.ts"
import { QueueCache } from "./queue-cache.ts"
import { createQueueWatch } from "./watch-queue.ts"

const hiddenGraceMs = 30_000
const flushMs = 250
const countsMs = 1_000
/** A break that is over sooner is nobody's concern. */
const brokenGraceMs = 2_000

interface Queue {
  /** Tells everything on the page what a job is now, as a call has just answered. */
  readonly tell: (job: Job) => void
  /** A job is gone from the history. */
  readonly forget: (job: Job) => void
}

const QueueContext = createContext<Queue>({ tell: () => {}, forget: () => {} })

/** For what changes a job: shows the change at once, and not only when the stream brings it. */
export function useQueue(): Queue {
  return use(QueueContext)
}

/** Keeps every list of jobs inside up to date while somebody looks at the page, by one stream; says so while that is broken. */
export function LiveQueue({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient()
  const { state, me } = useMe()
  const visible = useTabVisible(hiddenGraceMs)
  // Somebody else sees another queue.
  const cache = useMemo(() => new QueueCache(queries), [queries, me?.userId])
  const broken = useWatch(cache, state === "open" && visible, me?.userId)
  const queue = useMemo<Queue>(
    () => ({
      tell: (job) => cache.apply([{ type: "job", revision: job.revision, job }]),
      forget: ({ id }) => cache.apply([{ type: "removed", revision: Number.POSITIVE_INFINITY, jobId: id }]),
    }),
    [cache],
  )
  return (
    <QueueContext value={queue}>
      {children}
      <ConnectionLine broken={broken} />
    </QueueContext>
  )
}

/** Follows the queue while `active`, as seen by that user. True while the connection is broken. */
function useWatch(cache: QueueCache, active: boolean, userId: number | undefined): boolean {
  const client = useEntrepot()
  const queries = useQueryClient()
  const trpc = useTRPC()
  const watch = useMemo(() => createQueueWatch(client), [client, userId])
  const [broken, setBroken] = useState(false)

  useEffect(() => {
    if (!active) return
    const stop = new AbortController()
    let waiting: QueueEvent[] = []
    let breaking: ReturnType<typeof setTimeout> | undefined
    const flush = setInterval(() => {
      const events = waiting
      waiting = []
      cache.apply(events)
    }, flushMs)
    const refresh = setInterval(() => cache.refreshCounts(), countsMs)
    const endMending = cache.mendAnswers()
    const onConnection = (connection: "broken" | "restored") => {
      clearTimeout(breaking)
      if (connection === "restored") setBroken(false)
      else breaking = setTimeout(() => setBroken(true), brokenGraceMs)
    }
    const follow = async () => {
      for await (const event of watch({ signal: stop.signal, onConnection })) waiting.push(event)
    }
    // An idle page asks nothing else: here it hears that its login has ended.
    follow().catch(() => {
      if (!stop.signal.aborted) void queries.invalidateQueries({ queryKey: trpc.accounts.me.queryKey() })
    })
    return () => {
      stop.abort()
      clearTimeout(breaking)
      clearInterval(flush)
      clearInterval(refresh)
      cache.apply(waiting)
      endMending()
      setBroken(false)
    }
  }, [active, cache, watch, queries, trpc])

  return broken
}

function ConnectionLine({ broken }: { readonly broken: boolean }) {
  const say = useTranslations("shell")
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-4 z-40 flex justify-center px-4 lg:pl-64">
      {broken && (
        <p className="flex items-center gap-2 rounded-full border bg-card px-4 py-1.5 text-sm text-muted-foreground shadow-lg">
          <Unplug aria-hidden className="size-4" />
          {say("reconnecting")}
        </p>
      )}
    </div>
  )
}
