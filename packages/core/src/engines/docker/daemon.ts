import type Docker from "dockerode"
import { isDigest } from "../../content/digest.ts"
import { formatPlatform, type Platform } from "../../content/platform.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import type { CredentialSource } from "../../http/credentials/credentials.ts"
import { type Reference, registryHost } from "../../reference/index.ts"
import { type DockerSocketOptions, dockerHost, openDocker } from "../../stores/docker-daemon/docker-client.ts"
import { classifyMessage, classifyThrown, type DaemonTask, daemonUnavailable, isClosedEndpoint } from "./classify-error.ts"
import { type DaemonMessage, readDaemonMessages } from "./daemon-messages.ts"

export interface DaemonOptions {
  readonly connection: DockerSocketOptions
  readonly credentials: CredentialSource
  /** The daemon says nothing for so long during a pull or push: it is taken for stuck. Milliseconds. */
  readonly idleTimeoutMs: number
  /** For every question that has one answer. Milliseconds. */
  readonly answerTimeoutMs: number
}

/** What a registry has, as the daemon sees it. */
export interface RemoteImage {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  /** `linux/amd64` */
  readonly platforms: readonly string[]
}

/** What the daemon has. */
export interface LocalImage {
  readonly id: string
  readonly platform: Platform
  /** Names that lead to it, by tag and by digest. */
  readonly names: readonly string[]
}

/** A Docker daemon: the few endpoints that a transfer needs (RELIABILITY S20), with classified errors. Nothing of it runs a shell. */
export class Daemon {
  readonly address: string
  readonly #docker: Docker
  readonly #options: DaemonOptions

  private constructor(docker: Docker, address: string, options: DaemonOptions) {
    this.#docker = docker
    this.address = address
    this.#options = options
  }

  /** Loads dockerode; connects to nothing yet. @throws TransferError `docker_unavailable`. */
  static async open(options: DaemonOptions): Promise<Daemon> {
    return new Daemon(await openDocker(options.connection), dockerHost(options.connection), options)
  }

  /** @throws TransferError `docker_unavailable`. */
  async ping(signal?: AbortSignal): Promise<void> {
    await this.#answer(this.#docker.ping(), this.#local, signal)
  }

  /** Undefined when the daemon has no image of that name. */
  async inspect(name: string, signal?: AbortSignal): Promise<LocalImage | undefined> {
    const info = await this.#ifThere(this.#docker.getImage(name).inspect(), signal)
    if (info === undefined) return undefined
    const variant: unknown = Reflect.get(info, "Variant")
    return {
      id: info.Id,
      platform: {
        os: info.Os,
        architecture: info.Architecture,
        ...(typeof variant === "string" && variant !== "" ? { variant } : {}),
      },
      names: [...(info.RepoTags ?? []), ...(info.RepoDigests ?? [])],
    }
  }

  /** Ids of all images; undefined where the endpoint is closed. */
  async listIds(signal?: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    try {
      const images = await this.#within(this.#docker.listImages({ all: true }), this.#local, signal)
      return new Set(images.map((image) => image.Id))
    } catch (error) {
      if (isClosedEndpoint(error)) return undefined
      throw classifyThrown(error, this.address, this.#local)
    }
  }

  /**
   * Asks the registry through the daemon, by HEAD and GET of the manifest; undefined where the endpoint is closed.
   * @throws TransferError `not_found`, `unauthorized`, `network`, …
   */
  async inspectRemote(reference: Reference, side: "source" | "target", signal?: AbortSignal): Promise<RemoteImage | undefined> {
    const task = { side, host: reference.registry }
    const authconfig = await this.#authOf(reference)
    try {
      const asked = this.#docker.getImage(nameOf(reference)).distribution({ authconfig })
      const { Descriptor, Platforms } = await this.#within(asked, task, signal)
      if (!isDigest(Descriptor.digest)) throw new TransferError("protocol", "Docker: the registry's answer has no digest", task)
      return {
        mediaType: Descriptor.mediaType,
        digest: Descriptor.digest,
        size: Descriptor.size,
        platforms: (Platforms ?? []).map(formatPlatform),
      }
    } catch (error) {
      if (isClosedEndpoint(error)) return undefined
      throw classifyThrown(error, this.address, task)
    }
  }

  /** Pulls by digest where there is one. The daemon's progress, until it ends well. @throws TransferError on side `source`, or the daemon's own. */
  async *pull(reference: Reference, platform: Platform | undefined, signal: AbortSignal): AsyncGenerator<DaemonMessage, void> {
    const task = { side: "source", host: reference.registry } as const
    const auth = await this.#authOf(reference)
    const options = {
      fromImage: `${reference.registry}/${reference.repository}`,
      tag: reference.digest ?? reference.tag ?? "latest",
      ...(platform === undefined ? {} : { platform: formatPlatform(platform) }),
    }
    yield* this.#stream((abortSignal) => this.#docker.createImage(auth, { ...options, abortSignal }), task, signal)
  }

  /** The daemon's progress, until it ends well. @throws TransferError on side `target`, or the daemon's own. */
  async *push(reference: Reference, signal: AbortSignal): AsyncGenerator<DaemonMessage, void> {
    const task = { side: "target", host: reference.registry } as const
    const image = this.#docker.getImage(`${reference.registry}/${reference.repository}`)
    const authconfig = await this.#authOf(reference)
    const tag = reference.tag ?? "latest"
    yield* this.#stream((abortSignal) => image.push({ tag, authconfig, abortSignal }), task, signal)
  }

  /** `name` (or an id) under one more name. */
  async tag(name: string, target: Reference, signal?: AbortSignal): Promise<void> {
    const repo = `${target.registry}/${target.repository}`
    await this.#answer(this.#docker.getImage(name).tag({ repo, tag: target.tag ?? "latest" }), this.#local, signal)
  }

  /** Takes a name away, and the image with its last one. What is not there is no error. */
  async remove(name: string): Promise<void> {
    await this.#ifThere(this.#docker.getImage(name).remove({ force: false }))
  }

  get #local(): DaemonTask {
    return { side: "local", host: this.address }
  }

  async #authOf(reference: Reference): Promise<Docker.AuthConfig | Record<string, never>> {
    const known = await this.#options.credentials(registryHost(reference), reference.repository)
    if (known === undefined) return {}
    const serveraddress = reference.registry === "docker.io" ? "https://index.docker.io/v1/" : reference.registry
    if ("identityToken" in known)
      return { username: "", password: "", serveraddress, identitytoken: known.identityToken } as Docker.AuthConfig
    return { username: known.username, password: known.password, serveraddress }
  }

  async #answer<Value>(asked: Promise<Value>, task: DaemonTask, signal?: AbortSignal): Promise<Value> {
    try {
      return await this.#within(asked, task, signal)
    } catch (error) {
      throw classifyThrown(error, this.address, task)
    }
  }

  async #ifThere<Value>(asked: Promise<Value>, signal?: AbortSignal): Promise<Value | undefined> {
    try {
      return await this.#within(asked, this.#local, signal)
    } catch (error) {
      if (typeof error === "object" && error !== null && Reflect.get(error, "statusCode") === 404) return undefined
      throw classifyThrown(error, this.address, this.#local)
    }
  }

  /** The library never settles when the daemon dies in the middle of an answer: nobody waits longer than this. */
  async #within<Value>(asked: Promise<Value>, task: DaemonTask, signal?: AbortSignal): Promise<Value> {
    const limitMs = this.#options.answerTimeoutMs
    let timer: NodeJS.Timeout | undefined
    let cancel: (() => void) | undefined
    const given = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(
          task.side === "local"
            ? daemonUnavailable(this.address, `no answer within ${limitMs} ms`)
            : new TransferError("network", `Docker: no answer from ${task.host} within ${limitMs} ms`, task),
        )
      }, limitMs)
      cancel = () => reject(new TransferError("cancelled", "cancelled"))
      if (signal?.aborted) cancel()
      signal?.addEventListener("abort", cancel, { once: true })
    })
    asked.catch(() => undefined)
    try {
      return await Promise.race([asked, given])
    } finally {
      clearTimeout(timer)
      if (cancel !== undefined) signal?.removeEventListener("abort", cancel)
    }
  }

  async *#stream(
    open: (signal: AbortSignal) => Promise<NodeJS.ReadableStream>,
    task: DaemonTask,
    signal: AbortSignal,
  ): AsyncGenerator<DaemonMessage, void> {
    const stop = new AbortController()
    const cancel = () => stop.abort()
    signal.addEventListener("abort", cancel, { once: true })
    if (signal.aborted) cancel()
    let isStuck = false
    const idle = setTimeout(() => {
      isStuck = true
      stop.abort()
    }, this.#options.idleTimeoutMs)
    try {
      const stream = await open(stop.signal)
      for await (const message of readDaemonMessages(stream as AsyncIterable<Buffer | string>)) {
        idle.refresh()
        if (message.error !== undefined) throw classifyMessage(message.error, undefined, task)
        yield message
      }
    } catch (error) {
      if (isStuck) {
        const seconds = Math.round(this.#options.idleTimeoutMs / 1000)
        throw new TransferError("network", `Docker: nothing moved for ${seconds} s`, { ...task, cause: error })
      }
      throw signal.aborted
        ? new TransferError("cancelled", "cancelled", { cause: error })
        : classifyThrown(error, this.address, task)
    } finally {
      clearTimeout(idle)
      signal.removeEventListener("abort", cancel)
      stop.abort()
    }
  }
}

/** As the API takes it: the digest where there is one, else the tag. */
export function nameOf(reference: Reference): string {
  const name = `${reference.registry}/${reference.repository}`
  return reference.digest === undefined ? `${name}:${reference.tag ?? "latest"}` : `${name}@${reference.digest}`
}
