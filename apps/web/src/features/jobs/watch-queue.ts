import type { EntrepotClient, Job, QueueEvent } from "@entrepot/client"
import { type FollowOrAskOptions, followOrAsk } from "../../connection/follow-or-ask.ts"

interface WatchOptions
  extends Pick<FollowOrAskOptions, "signal" | "onConnection">,
    Partial<Pick<FollowOrAskOptions, "pollMs" | "pollsPerStream">> {
  /** How many jobs to ask for: the newest, and again those that run. */
  readonly limit?: number
}

/** Changes of the queue until the signal is aborted; called again, it goes on where it was. @throws EntrepotError once the application refuses to tell any. */
export type QueueWatch = (options: WatchOptions) => AsyncGenerator<QueueEvent, void>

const lookUps = 20

/**
 * Watches the queue by its stream. Where the application has no place for one more (other pages of the same login have them), the newest jobs and
 * those that run are asked for every few seconds instead.
 */
export function createQueueWatch({ jobs }: Pick<EntrepotClient, "jobs">): QueueWatch {
  let after: number | undefined

  return ({ signal, onConnection, pollMs = 5_000, pollsPerStream = 6, limit = 100 }) => {
    let running: ReadonlySet<number> = new Set()
    async function* follow() {
      for await (const event of jobs.followQueue({ signal, onConnection, ...(after === undefined ? {} : { after }) })) {
        after = event.revision
        yield event
      }
    }
    async function ask() {
      const found = await jobsNow(jobs, { running, limit, signal })
      running = new Set(found.filter(({ state }) => state === "running" || state === "waiting").map(({ id }) => id))
      return { events: found.map((job): QueueEvent => ({ type: "job", revision: job.revision, job })), isOver: false }
    }
    return followOrAsk({ follow, ask }, { signal, onConnection, pollMs, pollsPerStream })
  }
}

interface AskOptions {
  /** Those that ran or waited when it was asked before. */
  readonly running: ReadonlySet<number>
  readonly limit: number
  readonly signal: AbortSignal
}

/** The newest jobs, those that run or wait, and what became of those that did before. */
async function jobsNow(jobs: EntrepotClient["jobs"], { running, limit, signal }: AskOptions): Promise<readonly Job[]> {
  const [newest, active] = await Promise.all([
    jobs.list.query({ limit, everywhere: true }, { signal }),
    jobs.list.query({ limit, everywhere: true, states: ["running", "waiting"] }, { signal }),
  ])
  const found = new Map([...newest.jobs, ...active.jobs].map((job) => [job.id, job]))
  const missing = [...running].filter((id) => !found.has(id)).slice(0, lookUps)
  const others = await Promise.all(missing.map((id) => jobs.get.query({ id }, { signal }).catch(() => undefined)))
  return [...found.values(), ...others.filter((job) => job !== undefined)]
}
