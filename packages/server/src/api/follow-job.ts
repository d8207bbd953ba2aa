import type { ServerResponse } from "node:http"
import type { Actor } from "../accounts/actor.ts"
import { EventStream, type EventStreamOptions, eventFrame } from "../http/event-stream.ts"
import type { FollowedEvent } from "../jobs/job-service.ts"
import type { ApiContext } from "./context.ts"

/** Frames by the event that they carry: written out once, however many follow the job. */
export type FrameCache = WeakMap<object, Buffer>

const endFrame = eventFrame({ type: "end", data: {} })

/**
 * Writes a job's events to a response as server-sent events: those stored after `after`, then what comes, until the job has ended; then `end`.
 * Stored events carry their sequence number as identifier. Errors before the first byte are thrown.
 */
export async function followJob(
  context: ApiContext,
  actor: Actor,
  job: { readonly id: number; readonly after: number },
  response: ServerResponse,
  frames: FrameCache,
  options: EventStreamOptions = {},
): Promise<void> {
  await context.services.jobs.get(actor, job.id)
  const place = context.streams.enter(actor, undefined)
  try {
    const stream = new EventStream(response, options)
    const signal = AbortSignal.any([stream.left, place.signal])
    const events = context.services.jobs.follow(actor, job.id, { after: job.after, signal })
    for await (const event of events) if (!(await stream.send(frameOf(event, frames)))) break
    stream.close(signal.aborted ? undefined : endFrame)
  } catch (error) {
    if (!response.headersSent) throw error
    context.errors.describe(error)
    response.destroy()
  } finally {
    place.leave()
  }
}

function frameOf({ sequence, at, event }: FollowedEvent, frames: FrameCache): Buffer {
  const known = frames.get(event)
  if (known !== undefined) return known
  const id = sequence === undefined ? {} : { id: sequence }
  const frame = eventFrame({ ...id, type: event.type, data: { at, ...event } })
  frames.set(event, frame)
  return frame
}
