"use client"

import { useQueryClient } from "@tanstack/react-query"
import { useCallback, useEffect, useRef, useState } from "react"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import type { AccessLogQuestion } from "./access-filter.ts"
import { nothingWaits, type WaitingNews, withNews } from "./waiting-news.ts"
import { watchLog } from "./watch-log.ts"

/** A break that is over sooner is nobody's concern. */
const brokenGraceMs = 2_000
/** While more of the list is on its way, what has come waits for it. */
const againMs = 200

/** How the stream stands: `ended` once the application refuses to tell more. */
export type Connection = "live" | "broken" | "ended"

interface LiveNewsOptions {
  readonly question: AccessLogQuestion
  /** Number of the newest entry that is known; undefined while there is no list to add to, or nothing is to be followed. */
  readonly after: number | undefined
  /** What comes is counted, and not shown. */
  readonly isHeld: boolean
  /** How many entries are kept for a list. */
  readonly kept: number
  /** Shows what has come. False: not yet. */
  readonly onNews: (news: WaitingNews) => boolean
}

/** Follows the log from the end of a list on, and hands on what comes once for each frame; how much of it waits while it is held. */
export function useLiveNews({ question, after, isHeld, kept, onNews }: LiveNewsOptions) {
  const client = useEntrepot()
  const queries = useQueryClient()
  const trpc = useTRPC()
  const [connection, setConnection] = useState<Connection>("live")
  const [count, setCount] = useState(0)
  const waiting = useRef<WaitingNews>(nothingWaits)
  const newest = useRef(0)
  const again = useRef<ReturnType<typeof setTimeout>>(undefined)
  const show = useRef<() => void>(() => {})

  useEffect(() => {
    newest.current = after ?? 0
    show.current = () => {
      clearTimeout(again.current)
      const news = waiting.current
      if (isHeld) return setCount(news.entries.length)
      if (news === nothingWaits) return
      if (onNews(news)) {
        waiting.current = nothingWaits
        setCount(0)
      } else again.current = setTimeout(() => show.current(), againMs)
    }
  })

  const isActive = after !== undefined
  useEffect(() => {
    if (!isActive) return
    const stop = new AbortController()
    let frame: number | undefined
    let breaking: ReturnType<typeof setTimeout> | undefined
    const onConnection = (state: "broken" | "restored") => {
      clearTimeout(breaking)
      if (state === "restored") setConnection("live")
      else breaking = setTimeout(() => setConnection("broken"), brokenGraceMs)
    }
    const { limit, from, to, ...filter } = question
    const follow = async () => {
      for await (const news of watchLog(client, { filter, after: newest.current, signal: stop.signal, onConnection })) {
        waiting.current = withNews(waiting.current, news, kept)
        frame ??= requestAnimationFrame(() => {
          frame = undefined
          show.current()
        })
      }
    }
    follow().catch(() => {
      if (stop.signal.aborted) return
      setConnection("ended")
      // An idle page asks nothing else: here it hears that its login has ended.
      void queries.invalidateQueries({ queryKey: trpc.accounts.me.queryKey() })
    })
    return () => {
      stop.abort()
      clearTimeout(breaking)
      clearTimeout(again.current)
      if (frame !== undefined) cancelAnimationFrame(frame)
      waiting.current = nothingWaits
      setCount(0)
      setConnection("live")
    }
  }, [isActive, question, client, kept, queries, trpc])

  useEffect(() => {
    if (!isHeld) show.current()
  }, [isHeld])

  return {
    connection,
    /** Entries that are held back. */
    count,
    /** Forgets them. */
    forget: useCallback(() => {
      waiting.current = nothingWaits
      setCount(0)
    }, []),
  } as const
}
