import type { OutcomeEvent, TransferEvent } from "@entrepot/core"
import type { Database, JobRequest } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import type { Configuration } from "../configuration/configuration.ts"
import { openDatabase } from "../runtime/open-database.ts"
import { ChangeFeed } from "./follow/change-feed.ts"
import { JobFollowers } from "./follow/job-followers.ts"
import { QueueFollowers } from "./follow/queue-followers.ts"
import { type JobControlService, JobControls } from "./job-controls.ts"
import { terminalActor } from "./record/terminal-actor.ts"
import { type Copy, TerminalRecorder } from "./record/terminal-recorder.ts"
import { Undertaker } from "./run/undertaker.ts"

export type { Copy } from "./record/terminal-recorder.ts"

export interface HistoryOptions {
  /** Told, at most once, that what runs is not being recorded any more. */
  readonly onWarning?: (message: string) => void
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
}

/** The history of the application, for the command line: the same database, without a server. */
export interface History {
  /** Whoever sits at the terminal can read the database anyway, and so is the first user. */
  readonly actor: Actor
  readonly jobs: JobControlService
  /**
   * Runs a copy as a job of this terminal: its events pass through unchanged, and are recorded on their way. Cancelled from elsewhere, it is aborted.
   * Recording never fails a copy.
   */
  record(request: JobRequest, copy: Copy, signal: AbortSignal): AsyncGenerator<TransferEvent, OutcomeEvent>
  close(): Promise<void>
}

/** Of processes on other machines; those of this one are known to be gone at once. */
const leaseMs = 30_000

/** Opens the database, several processes may; jobs of processes that are gone are told so. @throws when it cannot be opened: the caller goes on without. */
export async function openHistory(
  configuration: Pick<Configuration, "database">,
  { onWarning = () => {}, now = Date.now }: HistoryOptions = {},
): Promise<History> {
  const database = await openDatabase(configuration)
  try {
    return await historyOf(database, { onWarning, now })
  } catch (error) {
    await database.close()
    throw error
  }
}

async function historyOf(database: Database, { onWarning, now }: Required<HistoryOptions>): Promise<History> {
  const { jobs } = database
  const actor = await terminalActor(database, now)
  const log = quietLog(onWarning)
  const monotonic = () => performance.now()
  await new Undertaker({ id: "", jobs, leaseMs, log, now, monotonic }).buryDead()
  const feed = new ChangeFeed({ database, log })
  const followers = new JobFollowers({ jobs, feed, log, now })
  const recorder = new TerminalRecorder({ jobs, ownerId: actor.userId, log, now, monotonic })
  return {
    actor,
    jobs: new JobControls({ jobs, followers, queue: new QueueFollowers({ database, log }), now }),
    record: (request, copy, signal) => recorder.record(request, copy, signal),
    close: async () => {
      feed.stop()
      await recorder.close()
      await database.close()
    },
  }
}

/** A terminal has its own output: of all that goes wrong with the database one line is enough. */
function quietLog(onWarning: (message: string) => void) {
  let isTold = false
  const tell = ({ error }: Readonly<Record<string, unknown>>, message: string) => {
    if (isTold) return
    isTold = true
    onWarning(error === undefined ? message : `${message}: ${String(error)}`)
  }
  return { debug: () => {}, info: () => {}, warn: tell, error: tell }
}
