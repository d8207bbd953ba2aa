import { type OutcomeEvent, TransferError, type TransferEvent, type TransferTotals } from "@entrepot/core"
import type { Context } from "../context.ts"
import { formatTime } from "../renderers/format-time.ts"
import type { Desk, FollowedEvent, Job } from "./desk.ts"
import type { Logins } from "./logins.ts"
import { refusalOf } from "./refusal.ts"
import type { Notice, NoticeSource } from "./run-and-report.ts"
import type { Carry, Task } from "./run-transfers.ts"

/** A transfer that runs at a desk, as a job there. */
export interface JobTask extends Task {
  readonly id: number
}

export interface FollowJobsOptions {
  /** What Ctrl-C does: cancels this job, or only stops looking. */
  readonly onInterrupt: { readonly cancel: number } | "leave"
  /** Given again to a server that has forgotten them. */
  readonly logins?: Partial<Logins>
}

/** Streams that are open at once; servers give a caller five. */
export const jobsAtOnce = 3

/** How long somebody who waits is told something. */
const noticeMs = 5_000
const waitingNoticeMs = 60 * 60 * 1000

const noTotals: TransferTotals = {
  bytesSent: 0,
  bytesSkipped: 0,
  blobsSent: 0,
  blobsSkipped: 0,
  blobsMounted: 0,
  durationMs: 0,
}

/**
 * Shows jobs as if their transfers ran here: the same events, the same outcomes.
 * @throws TransferError `cancelled` once nobody looks any more; what the desk throws.
 */
export function followJobs(
  desk: Desk,
  { onInterrupt, logins = {} }: FollowJobsOptions,
  { say, signal }: Pick<Context, "say" | "signal">,
): NoticeSource & { readonly carry: Carry<JobTask> } {
  let tell: (notice: Notice) => void = () => {}
  const leave = new AbortController()
  const cannotCancel = (error: unknown) => {
    // It has just ended by itself: its last events say so.
    if (refusalOf(error)?.code !== "conflict") leave.abort(error)
  }
  const interrupted = () => {
    if (onInterrupt === "leave") leave.abort(new TransferError("cancelled", "nobody looks any more"))
    else void desk.cancel(onInterrupt.cancel).catch(cannotCancel)
  }
  if (signal.aborted) interrupted()
  else signal.addEventListener("abort", interrupted, { once: true })

  const onConnection = (state: "broken" | "restored") =>
    tell(
      state === "broken"
        ? {
            message: say("connection to the server lost, trying again …", "与服务端的连接中断，正在重连…"),
            forMs: waitingNoticeMs,
          }
        : { message: say("connected again", "已重新连接"), forMs: noticeMs },
    )

  /** Credentials that a restarted server has forgotten, and that we still have, are given to it again. */
  async function waiting({ id }: JobTask, { event }: FollowedEvent): Promise<void> {
    if (event.type !== "state") return
    // Events are told from the first one on: what it waited for once may be long past.
    if ((await desk.get(id)).state !== "waiting") return
    if (event.waitReason === "credentials" && (logins.target !== undefined || logins.source !== undefined)) {
      await desk.retry(id, logins)
    } else if (event.waitReason === "credentials") {
      const message = say(
        `job ${id} waits for credentials: entrepot job ${id} --retry with --username and --password-stdin`,
        `任务 ${id} 正在等待凭据：entrepot job ${id} --retry，并给出 --username 和 --password-stdin`,
      )
      tell({ message, forMs: waitingNoticeMs })
    } else if (event.waitUntil !== undefined) {
      const until = formatTime(event.waitUntil)
      const message = say(`the registry limits requests: waiting until ${until}`, `仓库限流：等待到 ${until}`)
      tell({ message, forMs: Math.max(noticeMs, event.waitUntil - Date.now()) })
    }
  }

  return {
    onNotice(handler) {
      tell = handler
    },
    async *carry(task): AsyncGenerator<TransferEvent, OutcomeEvent> {
      let outcome: OutcomeEvent | undefined
      for await (const followed of desk.follow(task.id, { signal: leave.signal, onConnection })) {
        const { event } = followed
        // After a retry the events go on behind the outcome of the attempt before.
        if (event.type === "outcome") outcome = event
        else if (event.type !== "state") yield event
        else if (event.state === "waiting") await waiting(task, followed)
      }
      leave.signal.throwIfAborted()
      const last = outcome ?? outcomeOf(await desk.get(task.id))
      yield last
      return last
    },
  }
}

/** How a job ended of which no transfer tells: it never began, or its process was killed. */
export function outcomeOf(job: Job): OutcomeEvent {
  const { source, target, totals, digest, failure } = job
  const outcome =
    job.state === "succeeded" ? (job.unchanged ? "unchanged" : "succeeded") : job.state === "failed" ? "failed" : "cancelled"
  return {
    type: "outcome",
    outcome,
    source,
    target,
    totals: totals ?? noTotals,
    ...(digest === null ? {} : { digest: digest as NonNullable<OutcomeEvent["digest"]> }),
    ...(failure === null ? {} : { error: failure }),
  }
}
