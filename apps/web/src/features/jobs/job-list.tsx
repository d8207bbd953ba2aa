import type { EntrepotClient } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import type { Say } from "../texts.ts"
import { useQueue } from "./use-queue.ts"

interface JobListProps {
  readonly client: EntrepotClient
  readonly locale: Locale
  readonly say: Say
  readonly onWatch: (id: number) => void
}

/** The newest jobs, kept up to date by the stream of the whole queue. */
export function JobList({ client, locale, say, onWatch }: JobListProps) {
  const { jobs, connected, problem } = useQueue(client, locale)
  return (
    <section>
      <h2>{say("history")}</h2>
      {!connected && <p className="problem">{say("broken")}</p>}
      {problem && <p className="problem">{problem}</p>}
      {jobs.length === 0 && <p className="quiet">{say("nothing")}</p>}
      <table>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id}>
              <td>#{job.id}</td>
              <td>
                {job.source}
                <br />
                <span className="quiet">→ {job.target}</span>
              </td>
              <td className={job.state}>{say(job.state)}</td>
              <td>
                <button type="button" onClick={() => onWatch(job.id)}>
                  {say("follow")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
