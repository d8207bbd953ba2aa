import { type EntrepotClient, EntrepotError, type FollowOptions, type Job, type QueueEvent } from "@entrepot/client"

interface WatchOptions extends Required<Pick<FollowOptions, "signal" | "onConnection">> {
  /** How long to wait between questions where there is no stream, milliseconds. */
  readonly pollMs?: number
  /** How many questions to ask before a stream is tried again. */
  readonly pollsPerStream?: number
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
export function createQueueWatch(client: Pick<EntrepotClient, "jobs">): QueueWatch {
  let after: number | undefined

  return async function* watch({ signal, onConnection, pollMs = 5_000, pollsPerStream = 6, limit = 100 }) {
    let running: ReadonlySet<number> = new Set()
    while (!signal.aborted) {
      try {
        for await (const event of client.jobs.followQueue({ signal, onConnection, ...(after === undefined ? {} : { after }) })) {
          after = event.revision
          yield event
        }
      } catch (error) {
        if (isUnreachable(error)) continue
        if (!(error instanceof EntrepotError) || error.code !== "too_many") throw error
      }
      for (let polls = 0; polls < pollsPerStream && !signal.aborted; polls++) {
        const jobs = await poll(client, { running, limit, signal, onConnection })
        if (jobs !== undefined) {
          for (const job of jobs) yield { type: "job", revision: job.revision, job }
          running = new Set(jobs.filter(({ state }) => state === "running" || state === "waiting").map(({ id }) => id))
        }
        await pause(pollMs, signal)
      }
    }
  }
}

interface PollOptions extends Required<Pick<WatchOptions, "signal" | "onConnection" | "limit">> {
  /** Those that ran or waited when it was asked before. */
  readonly running: ReadonlySet<number>
}

/** The newest jobs, those that run or wait, and what became of those that did before. Undefined while the application is out of reach. */
async function poll(
  { jobs }: Pick<EntrepotClient, "jobs">,
  { running, limit, signal, onConnection }: PollOptions,
): Promise<readonly Job[] | undefined> {
  try {
    const [newest, active] = await Promise.all([
      jobs.list.query({ limit, everywhere: true }, { signal }),
      jobs.list.query({ limit, everywhere: true, states: ["running", "waiting"] }, { signal }),
    ])
    const found = new Map([...newest.jobs, ...active.jobs].map((job) => [job.id, job]))
    const missing = [...running].filter((id) => !found.has(id)).slice(0, lookUps)
    const others = await Promise.all(missing.map((id) => jobs.get.query({ id }, { signal }).catch(() => undefined)))
    onConnection("restored")
    return [...found.values(), ...others.filter((job) => job !== undefined)]
  } catch (error) {
    if (signal.aborted) return undefined
    if (!isUnreachable(error)) throw error
    onConnection("broken")
    return undefined
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof EntrepotError && (error.code === "unreachable" || error.code === "unavailable")
}

/** Resolves after so many milliseconds, or as soon as the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener("abort", done, { once: true })
  })
}
