import { setMaxListeners } from "node:events"
import type { Descriptor } from "../content/descriptor.ts"
import { type ParsedManifest, parseManifest } from "../content/manifest.ts"
import type { SourceStore, TargetStore } from "../content/store.ts"
import { isBlobUnknown, isCancellation, isTransferError } from "../errors/transfer-error.ts"
import { BlobTeller } from "./blob-teller.ts"
import { type BlobResult, copyBlob, repositoryOf } from "./copy-blob.ts"
import { EventQueue } from "./event-queue.ts"
import type { OutcomeEvent, TransferEvent, TransferFailure, TransferTotals } from "./events.ts"
import { mapConcurrent } from "./map-concurrent.ts"
import type { PlannedManifest, TransferPlan } from "./plan.ts"
import { TransferSession } from "./session.ts"

export interface TransferEnds {
  readonly from: SourceStore
  /** Equal places: when `from` fails or is wrong, one of them carries on with the same digest. */
  readonly alternatives?: readonly SourceStore[]
  readonly to: TargetStore
  readonly session?: TransferSession
  /** Blobs under way at once. Default 6. */
  readonly maxConcurrent?: number | undefined
  /** Send blobs that are there. */
  readonly force?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** When the work began, by the session's clock, where preparing it counts too. */
  readonly startedAt?: number
}

/**
 * Copies what the plan says: blobs, then child manifests, then the index, the tag last. Ends with an outcome event, which is also returned;
 * failure and cancellation are outcomes, not throws. Nothing is published unless everything below it is there.
 */
export async function* transfer(plan: TransferPlan, ends: TransferEnds): AsyncGenerator<TransferEvent, OutcomeEvent> {
  const run = new TransferRun(plan, ends)
  const outcome = run.start()
  try {
    yield* run.events
  } finally {
    run.cancel()
    await outcome
  }
  return outcome
}

/** What of an error goes into events. */
export function failureOf(error: unknown): TransferFailure {
  if (!isTransferError(error))
    return { code: "local_io", message: error instanceof Error ? error.message : String(error), side: "local" }
  const { code, message, side, host, hint, status, attempts, retryAfterMs } = error
  return {
    code,
    message,
    ...(side === undefined ? {} : { side }),
    ...(host === undefined ? {} : { host }),
    ...(hint === undefined ? {} : { hint }),
    ...(status === undefined ? {} : { status }),
    ...(attempts === undefined || attempts < 2 ? {} : { attempts }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

/** Tries to publish a manifest whose blobs the target has lost in between (fault 22). */
const publishAttempts = 3

class TransferRun {
  readonly events = new EventQueue<TransferEvent>()
  readonly #plan: TransferPlan
  readonly #ends: TransferEnds
  readonly #session: TransferSession
  readonly #abort = new AbortController()
  readonly #startedAt: number
  readonly #totals = { bytesSent: 0, bytesSkipped: 0, blobsSent: 0, blobsSkipped: 0, blobsMounted: 0 }

  constructor(plan: TransferPlan, ends: TransferEnds) {
    // Every blob listens.
    setMaxListeners(0, this.#abort.signal)
    this.#plan = plan
    this.#ends = ends
    this.#session = ends.session ?? new TransferSession()
    this.#startedAt = ends.startedAt ?? this.#session.clock.now()
  }

  /** Does nothing any more once it has ended. */
  cancel(): void {
    this.#abort.abort()
  }

  async start(): Promise<OutcomeEvent> {
    const { signal } = this.#ends
    const cancel = () => this.cancel()
    signal?.addEventListener("abort", cancel, { once: true })
    if (signal?.aborted) cancel()
    let outcome: OutcomeEvent
    try {
      if (!this.#plan.unchanged) {
        await this.#copy()
        await this.#publish()
        await this.#ends.to.finish?.(this.#abort.signal)
      }
      outcome = this.#outcome(this.#plan.unchanged ? "unchanged" : "succeeded")
    } catch (error) {
      outcome = isCancellation(error, signal) ? this.#outcome("cancelled") : this.#outcome("failed", error)
    } finally {
      signal?.removeEventListener("abort", cancel)
    }
    this.events.push(outcome)
    this.events.close()
    return outcome
  }

  #outcome(outcome: OutcomeEvent["outcome"], error?: unknown): OutcomeEvent {
    const totals: TransferTotals = { ...this.#totals, durationMs: Math.round(this.#session.clock.now() - this.#startedAt) }
    const { source, target, root } = this.#plan
    return {
      type: "outcome",
      outcome,
      source,
      target,
      digest: root.digest,
      totals,
      ...(error === undefined ? {} : { error: failureOf(error) }),
    }
  }

  async #copy(): Promise<void> {
    this.events.push({ type: "stage", stage: "copy", state: "started" })
    const toSend: Descriptor[] = []
    for (const { descriptor, skip } of this.#plan.blobs) {
      if (skip === undefined) toSend.push(descriptor)
      else this.#count(descriptor, { how: "present", bytesSent: 0 }, "skipped")
    }
    await this.#copyBlobs(toSend, this.#ends.force === true)
    this.#session.foundNothing(this.#ends.to.host, repositoryOf(this.#ends.to))
    this.events.push({ type: "stage", stage: "copy", state: "finished" })
  }

  /** The largest first: a long blob begun last would keep everybody waiting. The first failure stops the others. */
  async #copyBlobs(blobs: readonly Descriptor[], force: boolean): Promise<void> {
    const { to } = this.#ends
    const assumeAbsent = this.#session.isFresh(to.host, repositoryOf(to))
    const largestFirst = [...blobs].sort((a, b) => b.size - a.size)
    await mapConcurrent(largestFirst, this.#ends.maxConcurrent ?? 6, async (blob) => {
      const teller = new BlobTeller(blob, this.events, () => this.#session.clock.now())
      try {
        const { from, alternatives = [] } = this.#ends
        const options = {
          from,
          alternatives,
          to,
          session: this.#session,
          force,
          assumeAbsent,
          signal: this.#abort.signal,
          report: teller,
        }
        const result = await copyBlob(blob, options)
        this.#count(blob, result, result.how === "sent" ? "done" : result.how, teller)
      } catch (error) {
        if (!isCancellation(error, this.#abort.signal)) teller.end("failed")
        this.cancel()
        throw error
      }
    })
  }

  #count(blob: Descriptor, result: BlobResult, state: "present" | "mounted" | "done" | "skipped", teller?: BlobTeller): void {
    this.#totals.bytesSent += result.bytesSent
    if (state === "done") this.#totals.blobsSent += 1
    else this.#totals.bytesSkipped += blob.size
    if (state === "mounted") this.#totals.blobsMounted += 1
    if (state === "present" || state === "skipped") this.#totals.blobsSkipped += 1
    const told = teller ?? new BlobTeller(blob, this.events, () => this.#session.clock.now())
    told.end(state)
  }

  /** Children that stand alone go side by side; the rest in the plan's order, the root last. */
  async #publish(): Promise<void> {
    this.events.push({ type: "stage", stage: "tag", state: "started" })
    const planned = this.#plan.manifests.map((entry) => ({ entry, parsed: parseManifest(entry.manifest) }))
    const last = planned.at(-1)
    const alone = planned.filter((each) => each !== last && each.parsed.kind === "image" && each.parsed.subject === undefined)
    await mapConcurrent(alone, 4, ({ entry, parsed }) => this.#put(entry, parsed))
    for (const each of planned) if (!alone.includes(each)) await this.#put(each.entry, each.parsed)
    this.events.push({ type: "stage", stage: "tag", state: "finished" })
  }

  async #put(entry: PlannedManifest, parsed: ParsedManifest): Promise<void> {
    const { to } = this.#ends
    const { digest, size } = entry.manifest.descriptor
    for (let attempt = 1; ; attempt++) {
      this.#abort.signal.throwIfAborted()
      try {
        await to.putManifest(entry.reference, entry.manifest, this.#abort.signal)
        break
      } catch (error) {
        if (!isBlobUnknown(error) || attempt >= publishAttempts)
          throw isTransferError(error) ? error.with({ side: "target", host: to.host }) : error
        this.events.push({
          type: "log",
          level: "warn",
          message: `${to.host} has lost content of ${digest}; what is missing is sent again`,
        })
        await this.#restore(parsed)
      }
    }
    this.events.push({ type: "manifest", digest, size, reference: entry.reference })
  }

  /** Sends again what the target no longer has: blobs of an image, manifests of an index. */
  async #restore(parsed: ParsedManifest): Promise<void> {
    const { to } = this.#ends
    if (parsed.kind === "image") {
      const planned = new Set(
        this.#plan.blobs.filter(({ skip }) => skip === undefined).map(({ descriptor }) => descriptor.digest),
      )
      this.#session.forget(to.host, repositoryOf(to))
      await this.#copyBlobs(
        parsed.blobs.filter(({ digest }) => planned.has(digest)),
        false,
      )
      return
    }
    const below = new Set(parsed.children.map(({ digest }) => digest))
    for (const child of this.#plan.manifests) {
      if (below.has(child.manifest.descriptor.digest)) await this.#put(child, parseManifest(child.manifest))
    }
  }
}
