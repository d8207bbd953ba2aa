import { hasTags, type Place, type SourceStore, type TargetStore } from "../content/store.ts"
import { isCancellation, isTransferError } from "../errors/transfer-error.ts"
import { formatFamiliar } from "../reference/index.ts"
import { formatLocation, type Location, parseLocation } from "../stores/location.ts"
import { openSource, openTarget, type StoreContext } from "../stores/open-store.ts"
import { UploadMemories } from "../stores/remote/upload-budget.ts"
import { repositoryOf } from "../transfer/copy-blob.ts"
import { engineStages } from "../transfer/engine-stages.ts"
import type { OutcomeEvent, TransferEvent } from "../transfer/events.ts"
import type { TransferPlan } from "../transfer/plan.ts"
import { planTransfer } from "../transfer/plan-transfer.ts"
import { type SessionOptions, TransferSession } from "../transfer/session.ts"
import { transfer } from "../transfer/transfer.ts"
import type { CopyRequest, Engine } from "./engine.ts"
import { refusedOutcome } from "./refused-outcome.ts"

export interface DirectEngineOptions extends SessionOptions {
  /** What stores are opened with: the HTTP client, the cache directory, … Closing it is the caller's. */
  readonly stores: StoreContext
}

/** Both ends of a copy, open. */
interface Ends {
  readonly from: SourceStore
  readonly to: TargetStore
  readonly alternatives: readonly SourceStore[]
  readonly plan: TransferPlan
}

/** What a copy has opened, closed together, the last one first. */
class OpenPlaces {
  readonly #places: Place[] = []

  add(place: Place): void {
    this.#places.push(place)
  }

  async close(): Promise<void> {
    for (const place of this.#places.reverse()) await place.close()
  }
}

/** Store to store, streaming, without a daemon. Copies of one engine share what they learn: tokens, limits, blobs already at the target. */
export function createDirectEngine(options: DirectEngineOptions): Engine {
  return new DirectEngine(options)
}

class DirectEngine implements Engine {
  readonly name = "direct"
  readonly stages = engineStages.direct
  readonly #options: DirectEngineOptions
  readonly #session: TransferSession
  readonly #uploads = new UploadMemories()
  readonly #tags = new Map<string, Promise<ReadonlySet<string> | undefined>>()

  constructor(options: DirectEngineOptions) {
    this.#options = options
    this.#session = new TransferSession({ maxWaitMs: options.stores.http?.limits?.maxWaitMs, ...options })
  }

  async plan(request: CopyRequest): Promise<TransferPlan> {
    const open = new OpenPlaces()
    try {
      return (await this.#prepare(request, open)).plan
    } finally {
      await open.close()
    }
  }

  async *copy(request: CopyRequest): AsyncGenerator<TransferEvent, OutcomeEvent> {
    const open = new OpenPlaces()
    try {
      return yield* this.#run(request, open)
    } finally {
      await open.close()
    }
  }

  async *#run(request: CopyRequest, open: OpenPlaces): AsyncGenerator<TransferEvent, OutcomeEvent> {
    const startedAt = this.#session.clock.now()
    yield { type: "stage", stage: "prepare", state: "started" }
    let ends: Ends
    try {
      ends = await this.#prepare(request, open)
    } catch (error) {
      const outcome = refusedOutcome(request, error, this.#session.clock.now() - startedAt)
      yield outcome
      return outcome
    }
    const { plan, ...places } = ends
    yield {
      type: "plan",
      source: plan.source,
      target: plan.target,
      digest: plan.root.digest,
      unchanged: plan.unchanged,
      digestChanges: plan.digestChanges,
      blobs: plan.blobs.map(({ descriptor: { digest, size, mediaType } }) => ({ digest, size, mediaType })),
      totalBytes: plan.blobs.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
      platforms: plan.platforms,
    }
    yield { type: "stage", stage: "prepare", state: "finished" }
    const { maxConcurrent, forceUpload: force, signal } = request
    return yield* transfer(plan, { ...places, session: this.#session, maxConcurrent, force, signal, startedAt })
  }

  async close(): Promise<void> {}

  async #prepare(request: CopyRequest, open: OpenPlaces): Promise<Ends> {
    const { signal } = request
    const context = { uploads: this.#uploads, ...this.#options.stores, signal }
    const openFrom = async (text: string) => {
      const source = await openSource(parseLocation(text), context)
      open.add(source.store)
      return source
    }
    const sourceLocation = parseLocation(request.source)
    const targetLocation = parseLocation(request.target)
    const source = await openFrom(request.source)
    const target = await openTarget(targetLocation, context)
    open.add(target.store)
    const alternatives = await Promise.all((request.alternatives ?? []).map(openFrom))
    const plan = await planTransfer({
      from: source.store,
      to: target.store,
      sourceName: nameOf(sourceLocation),
      targetName: nameOf(targetLocation),
      sourceReference: source.reference,
      targetReference: target.reference,
      platforms: request.platforms,
      referrers: request.referrers,
      nonDistributable: request.nonDistributable,
      force: request.forceUpload,
      targetIsEmpty: request.oneOfMany === true && !(await this.#hasTag(target.store, target.reference, signal)),
      signal,
    })
    return { from: source.store, to: target.store, alternatives: alternatives.map(({ store }) => store), plan }
  }

  /** Whether a repository has a tag, by its list, asked once. True where it cannot be listed. */
  async #hasTag(store: TargetStore, tag: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (!hasTags(store)) return true
    const repository = repositoryOf(store)
    const key = `${store.host}/${repository}`
    let listed = this.#tags.get(key)
    if (listed === undefined) {
      listed = store.listTags(signal).then((tags) => {
        if (tags === undefined || tags.length === 0) this.#session.hasNoTags(store.host, repository)
        return new Set(tags)
      })
      this.#tags.set(key, listed)
    }
    try {
      return (await listed)?.has(tag) ?? true
    } catch (error) {
      if (isCancellation(error, signal)) throw error
      this.#tags.set(key, Promise.resolve(undefined))
      if (isTransferError(error, "unsupported") || isTransferError(error, "not_found")) return true
      throw isTransferError(error) ? error.with({ side: "target", host: store.host }) : error
    }
  }
}

/** As a person would write it: registries without their transport, sources as short as Docker shows them. */
function nameOf(location: Location): string {
  return location.transport === "docker" ? formatFamiliar(location.reference) : formatLocation(location)
}
