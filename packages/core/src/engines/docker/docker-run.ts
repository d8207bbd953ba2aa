import type { Digest } from "../../content/digest.ts"
import { formatPlatform, matchesPlatform } from "../../content/platform.ts"
import type { Side } from "../../errors/error-code.ts"
import { isCancellation, isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { formatCanonical, parseReference, type Reference } from "../../reference/index.ts"
import { EventQueue } from "../../transfer/event-queue.ts"
import type { OutcomeEvent, Stage, TransferEvent } from "../../transfer/events.ts"
import { RetryCount, type RetryPolicy } from "../../transfer/retry-policy.ts"
import { failureOf } from "../../transfer/transfer.ts"
import { type Daemon, type LocalImage, nameOf, type RemoteImage } from "./daemon.ts"
import type { DaemonMessage } from "./daemon-messages.ts"
import type { DockerRequest } from "./docker-request.ts"
import { LayerProgress } from "./layer-progress.ts"
import type { NameLeases } from "./name-leases.ts"

export interface DockerRunOptions {
  readonly daemon: Daemon
  readonly leases: NameLeases
  readonly retry: RetryPolicy
  /** How long a daemon that went away is waited for. Milliseconds. */
  readonly reconnectMs: number
  /** Leaves the images in the daemon. */
  readonly keepImages: boolean
  readonly force: boolean
  readonly signal: AbortSignal
}

/** A name that a registry does not have costs one more try, not all of them (RELIABILITY fault 2). */
const attemptsForUnknownHost = 2
/** Between two looks whether the daemon is back. */
const reconnectPauseMs = 200

/** One copy through the daemon. Never throws: failure and cancellation are outcomes. */
export class DockerRun {
  readonly events = new EventQueue<TransferEvent>()
  readonly #request: DockerRequest
  readonly #options: DockerRunOptions
  readonly #daemon: Daemon
  readonly #startedAt: number
  readonly #totals = { bytesSent: 0, bytesSkipped: 0, blobsSent: 0, blobsSkipped: 0, blobsMounted: 0 }
  readonly #taken: { readonly reference: Reference; readonly restore: boolean }[] = []
  #idsBefore: ReadonlySet<string> | undefined
  #image: LocalImage | undefined
  #pushedDigest: Digest | undefined

  constructor(request: DockerRequest, options: DockerRunOptions) {
    this.#request = request
    this.#options = options
    this.#daemon = options.daemon
    this.#startedAt = options.retry.clock.now()
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
    const pulled = source.isLocal
      ? source.reference
      : await this.#stage("pull", () =>
          this.#pull(found === undefined ? source.reference : { ...source.reference, digest: found.digest }),
        )
    const image = source.isLocal ? await this.#daemon.inspect(nameOf(pulled), this.#options.signal) : this.#image
    if (image === undefined) throw missing(source.name, this.#daemon.address)
    if (platform !== undefined && !matchesPlatform(platform, image.platform)) {
      const [wanted, there] = [formatPlatform(platform), formatPlatform(image.platform)]
      throw new TransferError("not_found", `${source.name} has no image for ${wanted}: it is for ${there}`, { side: "source" })
    }
    this.#image = image
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
    for (const message of warnings) this.events.push({ type: "log", level: "warn", message })
    await this.#daemon.ping(signal)
    this.#idsBefore = await this.#daemon.listIds(signal)
    if (source.isLocal) return undefined
    const found = await this.#retrying("source", () => this.#daemon.inspectRemote(source.reference, "source", signal))
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

  async #pull(reference: Reference): Promise<Reference> {
    const { signal, leases } = this.#options
    await leases.take(this.#daemon, reference, signal)
    this.#taken.push({ reference, restore: false })
    const progress = this.#progress()
    const digest = await this.#retrying(
      "source",
      async () => {
        let seen: string | undefined
        for await (const message of this.#following(this.#daemon.pull(reference, this.#request.platform, signal), progress)) {
          if (message.status?.startsWith("Digest: ")) seen = message.status.slice("Digest: ".length).trim()
        }
        if (seen === undefined) throw this.#unfinished("pull")
        return seen
      },
      progress,
    )
    if (reference.digest !== undefined && digest !== reference.digest) {
      throw new TransferError("digest_mismatch", `Docker pulled ${digest}, not ${reference.digest}`, {
        side: "source",
        host: reference.registry,
      })
    }
    this.#image = await this.#daemon.inspect(nameOf(reference), signal)
    if (this.#image === undefined) throw this.#unfinished("pull")
    return reference
  }

  async #tag(id: string): Promise<void> {
    const { target } = this.#request
    const { signal, leases } = this.#options
    if (!target.isLocal) {
      await leases.take(this.#daemon, target.reference, signal)
      this.#taken.push({ reference: target.reference, restore: true })
    }
    await this.#daemon.tag(id, target.reference, signal)
  }

  async #push(): Promise<void> {
    const { reference } = this.#request.target
    const { signal } = this.#options
    const progress = this.#progress()
    try {
      this.#pushedDigest = await this.#retrying(
        "target",
        async () => {
          let seen: string | undefined
          for await (const message of this.#following(this.#daemon.push(reference, signal), progress)) {
            seen = message.pushedDigest ?? seen
          }
          if (seen === undefined) throw this.#unfinished("push")
          return seen
        },
        progress,
      )
    } finally {
      const { bytes, sent, skipped, mounted } = progress.totals
      this.#totals.bytesSent += bytes
      this.#totals.blobsSent += sent
      this.#totals.blobsSkipped += skipped
      this.#totals.blobsMounted += mounted
    }
    const there = await this.#retrying("target", () => this.#daemon.inspectRemote(reference, "target", signal))
    const digest = this.#pushedDigest
    if (there !== undefined && there.digest !== digest) {
      throw new TransferError(
        "digest_mismatch",
        `Docker pushed ${digest}, but ${formatCanonical(reference)} is ${there.digest}`,
        {
          side: "target",
          host: reference.registry,
        },
      )
    }
    this.events.push({ type: "manifest", digest, size: there?.size ?? 0, reference: reference.tag ?? digest })
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

  /** The stream came to its end, and what must stand there does not (RELIABILITY fault 47). */
  #unfinished(what: "pull" | "push"): TransferError {
    return new TransferError("docker_unavailable", `the Docker daemon ended the ${what} without a result`, {
      side: "local",
      host: this.#daemon.address,
    })
  }

  /** Again after what may pass: the network, the registry, a daemon that is restarted (RELIABILITY fault 46). */
  async #retrying<Value>(side: Side, work: () => Promise<Value>, progress?: LayerProgress): Promise<Value> {
    const { retry, signal } = this.#options
    const count = new RetryCount(retry)
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (!isTransferError(error) || isCancellation(error, signal)) throw error
        progress?.breakOff()
        const waitMs = count.next(progress?.transferredBytes ?? 0, error.retryAfterMs)
        const attempts = count.failures
        const isUnknownHost = error.code === "network" && error.message.includes("no such host")
        const isLast = waitMs === undefined || (isUnknownHost && attempts >= attemptsForUnknownHost)
        if (isLast || !mayPass(error)) throw error.with({ side, attempts })
        this.events.push({ type: "log", level: "warn", message: `${error.message}; trying again` })
        await retry.clock.sleep(waitMs, signal)
        if (error.code === "docker_unavailable") await this.#waitForDaemon(error)
      }
    }
  }

  async #waitForDaemon(why: TransferError): Promise<void> {
    const { retry, signal, reconnectMs } = this.#options
    const deadline = retry.clock.now() + reconnectMs
    for (;;) {
      try {
        return await this.#daemon.ping(signal)
      } catch (error) {
        if (isCancellation(error, signal)) throw error
        if (retry.clock.now() >= deadline) throw why
        await retry.clock.sleep(reconnectPauseMs, signal)
      }
    }
  }

  /** Takes back what this transfer made in the daemon, also after failure and cancellation. Trouble here is told, and changes no outcome. */
  async #clean(): Promise<void> {
    if (this.#taken.length === 0) return
    this.events.push({ type: "stage", stage: "clean", state: "started" })
    const spared = this.#options.keepImages ? this.#taken : await this.#whatKeepsTheImage()
    for (const { reference, restore } of this.#taken.reverse()) {
      if (spared.some((each) => each.reference === reference)) {
        this.#options.leases.abandon(reference)
        continue
      }
      try {
        await this.#options.leases.release(this.#daemon, reference, { restore })
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        this.events.push({ type: "log", level: "warn", message: `${nameOf(reference)} stays in the Docker daemon: ${why}` })
      }
    }
    if (!this.#options.keepImages) await this.#forgetPushed()
    this.events.push({ type: "stage", stage: "clean", state: "finished" })
  }

  /** An image that was there without any name would go with our last name: it keeps the first. */
  async #whatKeepsTheImage(): Promise<readonly { readonly reference: Reference }[]> {
    const image = this.#image
    if (image === undefined || this.#idsBefore?.has(image.id) !== true) return []
    const now = await this.#daemon.inspect(image.id).catch(() => undefined)
    const ours = new Set(this.#taken.map(({ reference }) => nameOf(reference)))
    const pushed = `${nameWithoutTag(this.#request.target.reference)}@${this.#pushedDigest}`
    const others = (now?.names ?? [])
      .map(canonicalName)
      .filter((name) => name !== undefined && !ours.has(name) && name !== pushed)
    return others.length > 0 ? [] : this.#taken.slice(0, 1)
  }

  /** The daemon remembers a pushed digest as one more name, where the image has another tag in that repository. */
  async #forgetPushed(): Promise<void> {
    const { reference } = this.#request.target
    if (this.#pushedDigest === undefined || this.#image === undefined) return
    const name = `${nameWithoutTag(reference)}@${this.#pushedDigest}`
    if (this.#image.names.map(canonicalName).includes(name)) return
    const now = await this.#daemon.inspect(this.#image.id).catch(() => undefined)
    const names = (now?.names ?? []).map(canonicalName)
    if (names.includes(name) && names.length > 1) await this.#daemon.remove(name).catch(() => undefined)
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

function mayPass(error: TransferError): boolean {
  return ["network", "rate_limited", "server_error", "docker_unavailable"].includes(error.code)
}

function missing(name: string, address: string): TransferError {
  return new TransferError("not_found", `the Docker daemon has no image ${name}`, { side: "source", host: address })
}

function nameWithoutTag({ registry, repository }: Reference): string {
  return `${registry}/${repository}`
}

/** Names as the daemon tells them are familiar ones; `<none>:<none>` is none. */
function canonicalName(name: string): string | undefined {
  try {
    return nameOf(parseReference(name))
  } catch {
    return undefined
  }
}
