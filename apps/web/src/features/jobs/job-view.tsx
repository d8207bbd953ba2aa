import type { EntrepotClient } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import { formatBytes, isSettled } from "@entrepot/core/progress"
import type { Say } from "../texts.ts"
import { useAction } from "../use-action.ts"
import { useWatchedJob } from "./use-watched-job.ts"

interface JobViewProps {
  readonly client: EntrepotClient
  readonly id: number
  readonly locale: Locale
  readonly say: Say
}

/** One job, live: its stage log, and a bar for each blob that moves. */
export function JobView({ client, id, locale, say }: JobViewProps) {
  const { job, connected, problem, again } = useWatchedJob(client, id, say, locale)
  const action = useAction(locale)
  const { plan, blobs, settledBytes, totalBytes } = job.progress
  const hasEnded = job.state === "succeeded" || job.state === "failed" || job.state === "cancelled"
  const moving = [...blobs.values()].filter((blob) => blob.state !== "waiting" && !isSettled(blob.state))

  return (
    <section className="job" aria-live="polite">
      <h2>
        #{id} {plan?.source ?? ""} <span className={job.state}>{say(job.state)}</span>
      </h2>
      {plan && <p className="quiet">→ {plan.target}</p>}
      {!connected && <p className="problem">{say("broken")}</p>}
      {(problem ?? action.problem) && <p className="problem">{problem ?? action.problem}</p>}
      {totalBytes > 0 && (
        <div className="blob">
          <span>{say(job.state)}</span>
          <progress value={settledBytes} max={totalBytes} />
          <span>
            {formatBytes(settledBytes)} / {formatBytes(totalBytes)}
          </span>
        </div>
      )}
      {!hasEnded &&
        moving.map((blob) => (
          <div className="blob" key={blob.digest}>
            <span>{blob.label}</span>
            <progress value={blob.offset} max={blob.size} />
            <span>
              {formatBytes(blob.offset)} / {formatBytes(blob.size)}
              {blob.connections > 1 ? ` ×${blob.connections}` : ""}
            </span>
          </div>
        ))}
      <ol className="log">
        {job.lines.map(({ sequence, at, text }) => (
          <li key={`${sequence} ${at}`}>
            <span className="quiet">{new Date(at).toLocaleTimeString(locale)}</span> {text}
          </li>
        ))}
      </ol>
      {hasEnded ? (
        job.state !== "succeeded" && (
          <button
            type="button"
            disabled={action.busy}
            onClick={() =>
              action.run(async () => {
                await client.jobs.retry.mutate({ id })
                again()
              })
            }
          >
            {say("retry")}
          </button>
        )
      ) : (
        <button
          type="button"
          disabled={action.busy}
          onClick={() =>
            action.run(async () => {
              await client.jobs.cancel.mutate({ id })
            })
          }
        >
          {say("cancel")}
        </button>
      )}
    </section>
  )
}
