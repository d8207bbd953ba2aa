import { formatFamiliar, formatLocation, type OutcomeEvent, parseLocation, redact, type TransferEvent } from "@entrepot/core"
import type { JobRequest, JobStore, NewJob } from "@entrepot/db/stores"
import type { Log } from "../../runtime/runtime.ts"
import { processId } from "../run/process-id.ts"
import { Recording } from "./recording.ts"

export interface TerminalRecorderOptions {
  readonly jobs: JobStore
  readonly ownerId: number
  readonly log: Log
  readonly now: () => number
  readonly monotonic: () => number
}

/** A copy that begins when it is first asked for an event; it stops when `signal` is aborted. */
export type Copy = (signal: AbortSignal) => AsyncGenerator<TransferEvent, OutcomeEvent>

/** Well below a lease of half a minute; cancellations are heard of as often. */
const heartbeatMs = 1000

/** Records the copies of one command: registers its process with the first of them, and keeps their leases alive. */
export class TerminalRecorder {
  readonly #options: TerminalRecorderOptions
  readonly #recordings = new Map<number, Recording>()
  #registered: Promise<string> | undefined
  #heartbeat: NodeJS.Timeout | undefined

  constructor(options: TerminalRecorderOptions) {
    this.#options = options
  }

  async *record(request: JobRequest, copy: Copy, signal: AbortSignal): AsyncGenerator<TransferEvent, OutcomeEvent> {
    const recording = await this.#open(request)
    if (recording === undefined) return yield* copy(signal)
    const abort = () => recording.abort()
    signal.addEventListener("abort", abort, { once: true })
    if (signal.aborted) abort()
    const events = copy(recording.signal)
    let outcome: OutcomeEvent | undefined
    try {
      for (;;) {
        const { done, value } = await events.next()
        if (done) {
          outcome = value
          return value
        }
        recording.take(value)
        yield value
      }
    } finally {
      signal.removeEventListener("abort", abort)
      // Whoever stops listening stops the copy; how that ends belongs into the history too.
      outcome ??= await drained(events, () => recording.abort())
      await recording.end(outcome)
      this.#recordings.delete(recording.jobId)
    }
  }

  /** Nothing of this process is left in the queue. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    const { jobs, now } = this.#options
    const registered = this.#registered
    if (registered === undefined) return
    await this.#quietly("the end of this process could not be recorded", async () => jobs.bury(await registered, now()))
  }

  async #open(request: JobRequest): Promise<Recording | undefined> {
    return this.#quietly("this run is not being recorded", async () => {
      const { jobs, now } = this.#options
      const id = await this.#register()
      const lease = await jobs.createRunning(newJobOf(request, this.#options.ownerId), id, now())
      const recording = new Recording(lease, this.#options)
      this.#recordings.set(lease.jobId, recording)
      return recording
    })
  }

  #register(): Promise<string> {
    this.#registered ??= this.#begin().catch((error: unknown) => {
      this.#registered = undefined
      throw error
    })
    return this.#registered
  }

  async #begin(): Promise<string> {
    const id = await processId()
    await this.#options.jobs.heartbeat(id, this.#options.now())
    this.#heartbeat = setInterval(() => void this.#beat(id), heartbeatMs).unref()
    return id
  }

  #beat(id: string): Promise<void> {
    const { jobs, now } = this.#options
    const beat = async () => {
      await jobs.heartbeat(id, now())
      for (const jobId of await jobs.cancellations(id)) this.#recordings.get(jobId)?.abort()
    }
    return this.#quietly("the database does not answer", beat).then(() => undefined)
  }

  async #quietly<Result>(message: string, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work()
    } catch (error) {
      this.#options.log.warn({ error: redact(String(error)) }, message)
      return undefined
    }
  }
}

async function drained(
  events: AsyncGenerator<TransferEvent, OutcomeEvent>,
  abort: () => void,
): Promise<OutcomeEvent | undefined> {
  abort()
  for (;;) {
    const { done, value } = await events.next()
    if (done) return value
  }
}

function newJobOf(request: JobRequest, ownerId: number): NewJob {
  const source = nameOf(request.source)
  const target = nameOf(request.target)
  return {
    ownerId,
    source: source.name,
    target: target.name,
    sourceHost: source.host,
    targetHost: target.host,
    request,
    priority: 0,
  }
}

function nameOf(place: string): { readonly name: string; readonly host: string } {
  const location = parseLocation(place)
  if (location.transport !== "docker") return { name: formatLocation(location), host: "" }
  return { name: formatFamiliar(location.reference), host: location.reference.registry }
}
