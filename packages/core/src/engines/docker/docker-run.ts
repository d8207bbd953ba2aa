import type { Digest } from "../../content/digest.ts"
import { formatPlatform, matchesPlatform } from "../../content/platform.ts"
import { isCancellation, isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { formatCanonical, type Reference } from "../../reference/index.ts"
import { EventQueue } from "../../transfer/event-queue.ts"
import type { OutcomeEvent, Stage, TransferEvent } from "../../transfer/events.ts"
import type { RetryPolicy } from "../../transfer/retry-policy.ts"
import { failureOf } from "../../transfer/transfer.ts"
import { type Daemon, type LocalImage, nameOf, type RemoteImage } from "./daemon.ts"
import type { DaemonMessage } from "./daemon-messages.ts"
import type { DockerRequest } from "./docker-request.ts"
import { LayerProgress } from "./layer-progress.ts"
import type { NameLeases } from "./name-leases.ts"
import { type RetryThroughRestart, retryThroughRestart } from "./retry-through-restart.ts"
import { Traces } from "./traces.ts"

export interface DockerRunOptions {
  readonly daemon: Daemon
  readonly leases: NameLeases
  readonly retry: RetryPolicy
  /** How long a daemon that went away is waited for. Milliseconds. */
  readonly reconnectMs: number
  /** Leaves the images in the daemon. */
  readonly keepImages: boolean
  /** Also when the target has exactly this already. */
  readonly force: boolean
  readonly signal: AbortSignal
}

/** One copy through the daemon. Never throws: failure and cancellation are outcomes. */
export class DockerRun {
  readonly events = new EventQueue<TransferEvent>()
  readonly #request: DockerRequest
  readonly #options: DockerRunOptions
  readonly #daemon: Daemon
  readonly #retry: RetryThroughRestart
  readonly #traces: Traces
  readonly #startedAt: number
  readonly #totals = { bytesSent: 0, bytesSkipped: 0, blobsSent: 0, blobsSkipped: 0, blobsMounted: 0 }
  #pushedDigest: Digest | undefined

  constructor(request: DockerRequest, options: DockerRunOptions) {
    const { daemon, retry: policy, reconnectMs, signal } = options
    this.#request = request
    this.#options = options
    this.#daemon = daemon
    this.#retry = { daemon, policy, reconnectMs, signal, warn: (message) => this.#warn(message) }
    this.#traces = new Traces(daemon, options.leases)
    this.#startedAt = policy.clock.now()
  }

  async start(): Promise<OutcomeEvent> {
    let outcome: OutcomeEvent
    try {
      outcome = await this.#copy()
    } catch (error) {
      outcome = isCancellation(error, this.#options.signal) ? this.#outcome("cancelled") : this.#outcome("failed", error)
    }
    await this.#clean()
    this.events.push(outcome)
    this.events.close()
    return outcome
  }

  async #copy(): Promise<OutcomeEvent> {
    const { source, target, platform } = this.#request
    const found = await this.#stage("prepare", () => this.#prepare())
    if (found === "unchanged") return this.#outcome("unchanged")
    const wanted = found === undefined ? source.reference : { ...source.reference, digest: found.digest }
    const image = source.isLocal ? await this.#findLocal() : await this.#stage("pull", () => this.#pull(wanted))
    this.#traces.found(image)
    if (platform !== undefined && !matchesPlatform(platform, image.platform)) {
      const [asked, there] = [formatPlatform(platform), formatPlatform(image.platform)]
      throw new TransferError("not_found", `${source.name} has no image for ${asked}: it is for ${there}`, { side: "source" })
    }
    await this.#stage("tag", () => this.#tag(image.id))
    if (!target.isLocal) await this.#stage("push", () => this.#push())
    return this.#outcome("succeeded")
  }

  async #stage<Value>(stage: Stage, work: () => Promise<Value>): Promise<Value> {
    this.#options.signal.throwIfAborted()
    this.events.push({ type: "stage", stage, state: "started" })
    const value = await work()
    this.events.push({ type: "stage", stage, state: "finished" })
    return value
  }

  /** What the source's registry has, where the daemon may ask; "unchanged" when the target has exactly that. */
  async #prepare(): Promise<RemoteImage | "unchanged" | undefined> {
    const { source, target, warnings } = this.#request
    const { signal } = this.#options
    for (const message of warnings) this.#warn(message)
    await this.#daemon.ping(signal)
    await this.#traces.begin()
    if (source.isLocal) return undefined
    const ask = () => this.#daemon.inspectRemote(source.reference, "source", signal)
    const found = await retryThroughRestart(this.#retry, "source", ask)
    if (found === undefined) return undefined
    const unchanged = !target.isLocal && !this.#options.force && (await this.#targetHas(found.digest))
    this.events.push({
      type: "plan",
      source: source.name,
      target: target.name,
      digest: found.digest,
      unchanged,
      digestChanges: !unchanged,
      blobs: [],
      totalBytes: 0,
      platforms: found.platforms,
    })
    return unchanged ? "unchanged" : found
  }

  /** Wrong credentials are told before anything is pulled; any other trouble is the push's to tell. */
  async #targetHas(digest: Digest): Promise<boolean> {
    try {
      const there = await this.#daemon.inspectRemote(this.#request.target.reference, "target", this.#options.signal)
      return there?.digest === digest
    } catch (error) {
      if (isTransferError(error, "unauthorized") || isCancellation(error, this.#options.signal)) throw error
      return false
    }
  }

  async #findLocal(): Promise<LocalImage> {
    const { name, reference } = this.#request.source
    const image = await this.#daemon.inspect(nameOf(reference), this.#options.signal)
    if (image !== undefined) return image
    throw new TransferError("not_found", `the Docker daemon has no image ${name}`, { side: "source", host: this.#daemon.address })
  }

  async #pull(reference: Reference): Promise<LocalImage> {
    const { signal } = this.#options
    await this.#traces.take(reference, false)
    const progress = this.#progress()
    const pull = async () => {
      let seen: string | undefined
      const messages = this.#daemon.pull(reference, this.#request.platform, signal)
      for await (const { status } of this.#following(messages, progress)) {
        if (status?.startsWith("Digest: ")) seen = status.slice("Digest: ".length).trim()
      }
      return seen ?? this.#endedWithout("pull")
    }
    const digest = await retryThroughRestart(this.#retry, "source", pull, progress)
    if (reference.digest !== undefined && digest !== reference.digest) {
      throw new TransferError("digest_mismatch", `Docker pulled ${digest}, not ${reference.digest}`, {
        side: "source",
        host: reference.registry,
      })
    }
    return (await this.#daemon.inspect(nameOf(reference), signal)) ?? this.#endedWithout("pull")
  }

  async #tag(id: string): Promise<void> {
    const { isLocal, reference } = this.#request.target
    const { signal } = this.#options
    if (!isLocal) await this.#traces.take(reference, true)
    await this.#daemon.tag(id, reference, signal)
  }

  async #push(): Promise<void> {
    const { reference } = this.#request.target
    const { signal } = this.#options
    const progress = this.#progress()
    const push = async () => {
      let seen: DaemonMessage["pushed"]
      for await (const { pushed } of this.#following(this.#daemon.push(reference, signal), progress)) seen = pushed ?? seen
      return seen ?? this.#endedWithout("push")
    }
    try {
      const { digest, size } = await retryThroughRestart(this.#retry, "target", push, progress)
      this.#traces.pushed(reference, digest)
      await this.#verifyPushed(digest)
      this.#pushedDigest = digest
      this.events.push({ type: "manifest", digest, size, reference: reference.tag ?? digest })
    } finally {
      const { bytes, sent, skipped, mounted } = progress.totals
      this.#totals.bytesSent += bytes
      this.#totals.blobsSent += sent
      this.#totals.blobsSkipped += skipped
      this.#totals.blobsMounted += mounted
    }
  }

  /** The registry itself must have what the daemon says that it pushed (RELIABILITY fault 47), where the daemon may ask. */
  async #verifyPushed(digest: Digest): Promise<void> {
    const { reference } = this.#request.target
    const ask = () => this.#daemon.inspectRemote(reference, "target", this.#options.signal)
    const there = await retryThroughRestart(this.#retry, "target", ask)
    if (there === undefined || there.digest === digest) return
    throw new TransferError("digest_mismatch", `Docker pushed ${digest}, but ${formatCanonical(reference)} is ${there.digest}`, {
      side: "target",
      host: reference.registry,
    })
  }

  #progress(): LayerProgress {
    return new LayerProgress((event) => this.events.push(event), this.#options.retry.clock.now)
  }

  async *#following(messages: AsyncIterable<DaemonMessage>, progress: LayerProgress): AsyncGenerator<DaemonMessage, void> {
    for await (const message of messages) {
      progress.take(message)
      yield message
    }
  }

  #endedWithout(what: "pull" | "push"): never {
    throw new TransferError("docker_unavailable", `the Docker daemon ended the ${what} without a result`, {
      side: "local",
      host: this.#daemon.address,
    })
  }

  async #clean(): Promise<void> {
    const isTold = !this.#traces.isEmpty
    if (isTold) this.events.push({ type: "stage", stage: "clean", state: "started" })
    await this.#traces.clean(this.#options.keepImages, (message) => this.#warn(message))
    if (isTold) this.events.push({ type: "stage", stage: "clean", state: "finished" })
  }

  #warn(message: string): void {
    this.events.push({ type: "log", level: "warn", message })
  }

  #outcome(outcome: OutcomeEvent["outcome"], error?: unknown): OutcomeEvent {
    const { source, target } = this.#request
    const durationMs = Math.round(this.#options.retry.clock.now() - this.#startedAt)
    return {
      type: "outcome",
      outcome,
      source: source.name,
      target: target.name,
      ...(this.#pushedDigest === undefined ? {} : { digest: this.#pushedDigest }),
      totals: { ...this.#totals, durationMs },
      ...(error === undefined ? {} : { error: failureOf(error) }),
    }
  }
}
