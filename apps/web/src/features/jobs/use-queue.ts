import type { EntrepotClient, Job } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import { useEffect, useState } from "react"
import { sentenceOf } from "../use-action.ts"

/** As many as are shown. */
const longest = 20

interface Queue {
  readonly jobs: readonly Job[]
  readonly connected: boolean
  /** Why there is nothing more to come: the session has ended, say. */
  readonly problem: string | undefined
}

/** The newest jobs that this person may see, as they change. */
export function useQueue(client: EntrepotClient, locale: Locale): Queue {
  const [jobs, setJobs] = useState<readonly Job[]>([])
  const [connected, setConnected] = useState(true)
  const [problem, setProblem] = useState<string>()

  useEffect(() => {
    const stop = new AbortController()
    const onConnection = (state: "broken" | "restored") => setConnected(state === "restored")
    async function follow(): Promise<void> {
      for await (const event of client.jobs.followQueue({ signal: stop.signal, onConnection })) {
        const changed = event.type === "job" ? event.job.id : event.jobId
        setJobs((before) => {
          const others = before.filter((job) => job.id !== changed)
          const all = event.type === "job" ? [...others, event.job] : others
          return all.toSorted((a, b) => b.id - a.id).slice(0, longest)
        })
      }
    }
    follow().catch((error: unknown) => {
      setConnected(true)
      setProblem(sentenceOf(error, locale))
    })
    return () => stop.abort()
  }, [client, locale])

  return { jobs, connected, problem }
}
