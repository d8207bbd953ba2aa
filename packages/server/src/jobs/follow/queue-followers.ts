import {
  type Database,
  endedStates,
  isEnded,
  type Job,
  type JobStore,
  jobStates,
  type QueueChange,
  type Visibility,
} from "@entrepot/db/stores"
import type { Log } from "../../runtime/runtime.ts"
import type { QueueEvent } from "../job-service.ts"
import { QueueHub } from "./queue-hub.ts"

const pageSize = 200
/** Ended jobs that a follower is shown at first. */
const newestEnded = 50
const openStates = jobStates.filter((state) => !isEnded({ state }))

export interface QueueFollowersOptions {
  readonly database: Pick<Database, "jobs" | "onChange">
  readonly log: Log
}

/** Lets any number of readers follow the jobs that they may see. */
export class QueueFollowers {
  readonly #options: QueueFollowersOptions
  readonly #hubs = new Map<string, QueueHub>()

  constructor(options: QueueFollowersOptions) {
    this.#options = options
  }

  /**
   * Changes after that revision; without one that there has been, all open jobs and the newest ended ones first. In the order of revisions, so that the last one seen is
   * where to go on. A job that changes often is told as it is when its turn comes.
   */
  async *follow(visibility: Visibility, after: number | undefined, signal: AbortSignal): AsyncGenerator<QueueEvent, void> {
    const { jobs } = this.#options.database
    const hub = await this.#enter(visibility)
    try {
      const newest = await jobs.revision()
      // Whoever saw more than there is saw another database, such as the one before a backup came back.
      const isKnown = after !== undefined && after <= newest
      let revision = isKnown ? after : newest
      const shown = new Map<number, number>()
      if (!isKnown) {
        for (const job of await snapshot(jobs, visibility)) {
          shown.set(job.id, job.revision)
          // What changed while the list was being read is told again from here: going on after the last revision seen must lose nothing.
          yield { type: "job", revision: Math.min(job.revision, revision), job }
          if (signal.aborted) return
        }
      }
      while (!signal.aborted) {
        const floor = hub.floor
        const events = hub.after(revision) ?? (await jobs.changes(visibility, revision, pageSize)).map(eventOf)
        if (events.length === 0) {
          shown.clear()
          if (revision < floor) revision = floor
          else await hub.bell.wait(signal)
        }
        for (const event of events) {
          revision = event.revision
          if (event.type === "job" && event.revision <= (shown.get(event.job.id) ?? 0)) continue
          yield event
          if (signal.aborted) return
        }
      }
    } finally {
      this.#leave(visibility, hub)
    }
  }

  async #enter(visibility: Visibility): Promise<QueueHub> {
    const key = keyOf(visibility)
    const hub = this.#hubs.get(key) ?? new QueueHub(visibility, this.#options)
    this.#hubs.set(key, hub)
    hub.followers += 1
    try {
      await hub.start()
    } catch (error) {
      this.#leave(visibility, hub)
      throw error
    }
    return hub
  }

  #leave(visibility: Visibility, hub: QueueHub): void {
    hub.followers -= 1
    if (hub.followers > 0) return
    hub.close()
    if (this.#hubs.get(keyOf(visibility)) === hub) this.#hubs.delete(keyOf(visibility))
  }
}

/** What followers are told of a change. */
export function eventOf({ revision, job, jobId }: QueueChange): QueueEvent {
  return job === null ? { type: "removed", revision, jobId } : { type: "job", revision, job }
}

/** The oldest change first. */
async function snapshot(jobs: JobStore, visibility: Visibility): Promise<Job[]> {
  const shown: Job[] = []
  let before: number | undefined
  do {
    const cursor = before === undefined ? {} : { before }
    const page = await jobs.list({ visibility, limit: pageSize, states: openStates, ...cursor })
    shown.push(...page.jobs)
    before = page.next ?? undefined
  } while (before !== undefined)
  const ended = await jobs.list({ visibility, limit: newestEnded, states: endedStates })
  return [...shown, ...ended.jobs].sort((a, b) => a.revision - b.revision)
}

function keyOf(visibility: Visibility): string {
  return visibility === "all" ? visibility : String(visibility.ownerId)
}
