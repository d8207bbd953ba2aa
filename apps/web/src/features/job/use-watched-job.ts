"use client"

import type { FollowedEvent } from "@entrepot/client"
import { useCallback, useEffect, useReducer, useRef, useState } from "react"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"
import { useTabVisible } from "../../connection/use-tab-visible.ts"
import { watchJob } from "./watch-job.ts"
import { afterEvents, newlyWatched, type WatchedJob } from "./watched-job.ts"

/** A page that nobody sees lets go of its stream after so long. */
const hiddenMs = 30_000

export interface Watching {
  readonly job: WatchedJob
  /** `broken`: being made again, nothing is lost; `ended`: the job has told everything. */
  readonly connection: "open" | "broken" | "ended"
  /** Why it cannot be watched. */
  readonly error: unknown
  /** Goes on after the last event that came: after a retry, or an error. */
  readonly resume: () => void
}

/** Watches a job from its first event on. Events are taken in once a frame, and together. One job for the life of the component: give it a key. */
export function useWatchedJob(id: number): Watching {
  const client = useEntrepot()
  const visible = useTabVisible(hiddenMs)
  const [job, take] = useReducer(afterEvents, newlyWatched)
  const [connection, setConnection] = useState<Watching["connection"]>("open")
  const [error, setError] = useState<unknown>()
  const [round, setRound] = useState(0)
  const last = useRef(0)

  useEffect(() => {
    if (!visible) return
    const stop = new AbortController()
    let waiting: FollowedEvent[] = []
    let frame = 0
    let isFirst = true
    const flush = () => {
      cancelAnimationFrame(frame)
      frame = 0
      if (waiting.length === 0) return
      take({ events: waiting, receivedAt: Date.now(), isFirst })
      if (waiting.some(({ sequence }) => sequence === undefined)) isFirst = false
      waiting = []
    }
    const follow = async () => {
      const onConnection = (state: "broken" | "restored") => {
        isFirst = true
        setConnection(state === "broken" ? "broken" : "open")
      }
      for await (const event of watchJob(client, id, { after: last.current, signal: stop.signal, onConnection })) {
        if (stop.signal.aborted) break
        last.current = event.sequence ?? last.current
        waiting.push(event)
        if (frame === 0) frame = requestAnimationFrame(flush)
      }
      flush()
      if (!stop.signal.aborted) setConnection("ended")
    }
    setConnection("open")
    setError(undefined)
    follow().catch((reason: unknown) => {
      flush()
      if (!stop.signal.aborted) setError(reason)
    })
    return () => {
      stop.abort()
      flush()
    }
  }, [client, id, visible, round])

  const resume = useCallback(() => setRound((before) => before + 1), [])
  return { job, connection, error, resume }
}
