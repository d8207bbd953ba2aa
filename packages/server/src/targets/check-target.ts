import {
  type Credentials,
  checkTarget,
  createHttp,
  type HostSettings,
  type HttpOptions,
  staticCredentials,
  type TargetCheck,
} from "@entrepot/core"
import { ServiceError } from "../errors/service-error.ts"

/** A registry as somebody with the right to decide named it. */
export interface CheckedTarget {
  readonly host: string
  readonly project: string
  readonly settings: HostSettings
  readonly credentials: Credentials | undefined
  /** False: it is only read from. Default true. */
  readonly push?: boolean
}

export interface TargetCheckerOptions {
  /** How registries are reached: proxies, resolver, sockets of our own. */
  readonly http?: Omit<HttpOptions, "hosts" | "credentials"> | undefined
  /** For one check. Default 20,000. */
  readonly timeoutMs?: number | undefined
}

const atOnce = 4
/** A repository that is not there: an upload is begun in it and given up. */
export const probeName = "entrepot-check"

const notInTime: TargetCheck = {
  reachable: { answer: "no", code: "network", hint: "there was no answer in time" },
  tls: { answer: "unknown" },
  credentials: { answer: "unknown" },
  push: { answer: "unknown" },
}

/** Asks registries whether they could be pushed to: a few at once, each for a limited time, and only the host that was named (RELIABILITY S3). */
export class TargetChecker {
  readonly #options: TargetCheckerOptions
  #running = 0

  constructor(options: TargetCheckerOptions) {
    this.#options = options
  }

  /** @throws ServiceError `too_many`; TransferError `cancelled` when `signal` is aborted. */
  async check(target: CheckedTarget, signal: AbortSignal): Promise<TargetCheck> {
    if (this.#running >= atOnce) {
      throw new ServiceError("too_many", "several targets are being checked already; try again in a moment", {
        retryAfterSeconds: 5,
      })
    }
    this.#running++
    try {
      return await this.#ask(target, signal)
    } finally {
      this.#running--
    }
  }

  async #ask({ host, project, settings, credentials, push = true }: CheckedTarget, signal: AbortSignal): Promise<TargetCheck> {
    const ending = new AbortController()
    const end = () => ending.abort()
    const timer = setTimeout(end, this.#options.timeoutMs ?? 20_000)
    signal.addEventListener("abort", end, { once: true })
    const http = createHttp({
      ...this.#options.http,
      retry: { attempts: 2, minMs: 200, maxMs: 1000, ...this.#options.http?.retry },
      hosts: { [host]: settings },
      ...(credentials === undefined ? {} : { credentials: staticCredentials({ [host]: credentials }) }),
    })
    try {
      if (signal.aborted) end()
      return await checkTarget(http, host, `${project}/${probeName}`, { signal: ending.signal, push })
    } catch (error) {
      if (ending.signal.aborted && !signal.aborted) return notInTime
      throw error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener("abort", end)
      await http.close()
    }
  }
}
