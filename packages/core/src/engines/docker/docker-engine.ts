import { type Clock, systemClock } from "../../content/clock.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import type { CredentialSource } from "../../http/credentials/credentials.ts"
import { longestWaitMs } from "../../http/layers/retry.ts"
import type { DockerSocketOptions } from "../../stores/docker-daemon/docker-client.ts"
import { engineStages } from "../../transfer/engine-stages.ts"
import type { OutcomeEvent, TransferEvent } from "../../transfer/events.ts"
import type { TransferPlan } from "../../transfer/plan.ts"
import type { CopyRequest, Engine } from "../engine.ts"
import { refusedOutcome } from "../refused-outcome.ts"
import { Daemon } from "./daemon.ts"
import { type DockerRequest, readDockerRequest } from "./docker-request.ts"
import { DockerRun } from "./docker-run.ts"
import { NameLeases } from "./name-leases.ts"

export interface DockerEngineOptions {
  /** Where the daemon is. Default: the socket `/var/run/docker.sock`. */
  readonly connection?: DockerSocketOptions
  /** Handed to the daemon for the registries of a transfer, by its API. Default: anonymous. */
  readonly credentials?: CredentialSource
  /** Tries of a pull or push without progress before it fails. Default 6. */
  readonly retryAttempts?: number
  /** Shortest and longest pause before a try, full jitter. Milliseconds; default 500 to 60,000. */
  readonly retryMinMs?: number
  readonly retryMaxMs?: number
  /** How long a daemon that goes away during a transfer is waited for. Milliseconds; default 60,000. */
  readonly reconnectMs?: number
  /** The daemon tells no progress for so long: the pull or push is broken off and tried again. Milliseconds; default 120,000. */
  readonly idleTimeoutMs?: number
  /** The daemon owes an answer to a single question. Milliseconds; default 60,000. */
  readonly answerTimeoutMs?: number
  /** Leave what was pulled and tagged in the daemon. Default false. */
  readonly keepImages?: boolean
  readonly clock?: Clock
  readonly random?: () => number
}

/**
 * Carries copies out through a Docker daemon: pull, tag, push, clean. The daemon packs layers anew, so that the digest at the target may
 * differ from the source's, and it copies one platform. Ends are `docker://REF` and `docker-daemon:REF`.
 */
export function createDockerEngine(options: DockerEngineOptions = {}): Engine {
  return new DockerEngine(options)
}

class DockerEngine implements Engine {
  readonly name = "docker"
  readonly stages = engineStages.docker
  readonly #options: DockerEngineOptions
  readonly #clock: Clock
  readonly #leases = new NameLeases()
  #daemon: Promise<Daemon> | undefined

  constructor(options: DockerEngineOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  /** Layers are the daemon's secret until it pulls: the plan has no blobs. @throws TransferError. */
  async plan(request: CopyRequest): Promise<TransferPlan> {
    const { source, target, platform } = readDockerRequest(request)
    const { signal } = request
    const daemon = await this.#open()
    await daemon.ping(signal)
    const names = { source: source.name, target: target.name }
    if (source.isLocal) {
      throw new TransferError("unsupported", "what a Docker daemon would push of its own images is not known beforehand", {
        side: "source",
        host: daemon.address,
        hint: "use the direct engine for a plan",
      })
    }
    const found = await daemon.inspectRemote(source.reference, "source", signal)
    if (found === undefined) {
      throw new TransferError("unsupported", "this Docker daemon may not be asked what a registry has", {
        side: "local",
        host: daemon.address,
        hint: "use the direct engine for a plan",
      })
    }
    const { mediaType, digest, size, platforms } = found
    const there = target.isLocal ? undefined : await daemon.inspectRemote(target.reference, "target", signal).catch(absent)
    const unchanged = there?.digest === digest && request.forceUpload !== true
    const root = { mediaType, digest, size, ...(platform === undefined ? {} : { platform }) }
    return { ...names, root, unchanged, digestChanges: !unchanged, platforms, manifests: [], blobs: [] }
  }

  async *copy(request: CopyRequest): AsyncGenerator<TransferEvent, OutcomeEvent> {
    const startedAt = this.#clock.now()
    let parts: { read: DockerRequest; daemon: Daemon }
    try {
      parts = { read: readDockerRequest(request), daemon: await this.#open() }
    } catch (error) {
      const outcome = refusedOutcome(request, error, this.#clock.now() - startedAt)
      yield outcome
      return outcome
    }
    const stop = new AbortController()
    const cancel = () => stop.abort()
    request.signal?.addEventListener("abort", cancel, { once: true })
    if (request.signal?.aborted) cancel()
    const run = new DockerRun(parts.read, {
      daemon: parts.daemon,
      leases: this.#leases,
      retry: {
        attempts: this.#options.retryAttempts ?? 6,
        minMs: this.#options.retryMinMs ?? 500,
        maxMs: this.#options.retryMaxMs ?? 60_000,
        maxWaitMs: longestWaitMs,
        random: this.#options.random ?? Math.random,
        clock: this.#clock,
      },
      reconnectMs: this.#options.reconnectMs ?? 60_000,
      keepImages: this.#options.keepImages ?? false,
      force: request.forceUpload ?? false,
      signal: stop.signal,
    })
    const outcome = run.start()
    try {
      yield* run.events
    } finally {
      cancel()
      request.signal?.removeEventListener("abort", cancel)
      await outcome
    }
    return outcome
  }

  async close(): Promise<void> {}

  #open(): Promise<Daemon> {
    this.#daemon ??= Daemon.open({
      connection: this.#options.connection ?? {},
      credentials: this.#options.credentials ?? (async () => undefined),
      idleTimeoutMs: this.#options.idleTimeoutMs ?? 120_000,
      answerTimeoutMs: this.#options.answerTimeoutMs ?? 60_000,
    })
    return this.#daemon
  }
}

/** A target that does not answer the question has nothing that we know of. @throws what must not be passed over. */
function absent(error: unknown): undefined {
  if (error instanceof TransferError && (error.code === "unauthorized" || error.code === "cancelled")) throw error
  return undefined
}
