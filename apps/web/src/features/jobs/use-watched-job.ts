import type { EntrepotClient } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import { useEffect, useState } from "react"
import type { Say } from "../texts.ts"
import { sentenceOf } from "../use-action.ts"
import { afterEvent, newlyWatched, type WatchedJob } from "./watched-job.ts"

/** Follows a job from its first event; the client goes on by itself after a break. */
export function useWatchedJob(client: EntrepotClient, id: number, say: Say, locale: Locale) {
  const [job, setJob] = useState<WatchedJob>(newlyWatched)
  const [connected, setConnected] = useState(true)
  const [problem, setProblem] = useState<string>()
  const [round, setRound] = useState(0)

  useEffect(() => {
    const stop = new AbortController()
    const onConnection = (state: "broken" | "restored") => setConnected(state === "restored")
    async function follow(): Promise<void> {
      setJob(newlyWatched)
      setProblem(undefined)
      for await (const event of client.jobs.follow(id, { signal: stop.signal, onConnection })) {
        setJob((before) => afterEvent(before, event, say, locale))
      }
    }
    follow().catch((error: unknown) => {
      setConnected(true)
      setProblem(sentenceOf(error, locale))
    })
    return () => stop.abort()
  }, [client, id, say, locale, round])

  return { job, connected, problem, again: () => setRound((before) => before + 1) }
}
