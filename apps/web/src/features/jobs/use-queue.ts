import type { EntrepotClient, Job } from "@entrepot/client"
import { useEffect, useState } from "react"

/** As many as are shown. */
const longest = 20

/** The newest jobs that this person may see, as they change. */
export function useQueue(client: EntrepotClient): { readonly jobs: readonly Job[]; readonly connected: boolean } {
  const [jobs, setJobs] = useState<readonly Job[]>([])
  const [connected, setConnected] = useState(true)

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
    follow().catch(() => setConnected(false))
    return () => stop.abort()
  }, [client])

  return { jobs, connected }
}
