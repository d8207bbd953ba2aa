import { type Clock, systemClock } from "../../content/clock.ts"
import { isTransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, HttpResponse, Layer } from "../http.ts"
import { Circuit } from "./circuit.ts"
import { holdUntilConsumed } from "./held-body.ts"
import { HostGate, type HostGateOptions, type HostLimitState } from "./host-gate.ts"
import type { OnNotice } from "./notice.ts"
import { longestWaitMs } from "./retry.ts"

export interface LimitOptions {
  /** Requests at once to one host, in each direction. Default 64. */
  readonly maxConnectionsPerHost?: number
  /** Longest time that a host may ask us to wait. Default 15 minutes. */
  readonly maxWaitMs?: number
  /** First wait after a 429 that names no time. Default 1,000. */
  readonly unnamedWaitMs?: number
  /** After so long without any movement at a host one more request is let in. Default 10,000. */
  readonly standstillMs?: number
  readonly clock?: Clock
  /** 0 ≤ x < 1. */
  readonly random?: () => number
  readonly onNotice?: OnNotice
}

interface Host {
  readonly gate: HostGate
  readonly circuit: Circuit
}

/** The gates of all hosts (RELIABILITY fault 24, DESIGN "per-host limits"). One instance serves everything that a process sends. */
export class HostLimits {
  readonly #hosts = new Map<string, Host>()
  readonly #options: HostGateOptions

  constructor(options: LimitOptions = {}) {
    this.#options = {
      maxWidth: Math.max(1, options.maxConnectionsPerHost ?? 64),
      maxWaitMs: options.maxWaitMs ?? longestWaitMs,
      standstillMs: options.standstillMs ?? 10_000,
      unnamedWaitMs: options.unnamedWaitMs ?? 1000,
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      onNotice: options.onNotice,
    }
  }

  /** Longest time that a host may ask us to wait, milliseconds; asked for more, a request fails at once. */
  get maxWaitMs(): number {
    return this.#options.maxWaitMs
  }

  /** What is known about a `host[:port]`, as in a URL; undefined before the first request. */
  state(host: string): HostLimitState | undefined {
    return this.#hosts.get(host)?.gate.state
  }

  /** All hosts that were asked so far. */
  states(): readonly HostLimitState[] {
    return [...this.#hosts.values()].map((host) => host.gate.state)
  }

  /**
   * The layer: a request waits for its turn, and keeps its slot until its answer's body has been consumed or discarded, or its signal is
   * aborted. `closing` ends the pauses that hosts have asked for.
   * @throws TransferError `rate_limited` when the host wants a longer pause than allowed, or has no pulls left.
   */
  layer(closing?: AbortSignal): Layer {
    return (next) => async (request) => {
      const { gate, circuit } = this.#host(request.url.host)
      const leave = await gate.enter(request, closing)
      // Who aborts may never look at the body again.
      const release = () => {
        request.signal?.removeEventListener("abort", release)
        leave()
      }
      request.signal?.addEventListener("abort", release, { once: true })
      const startedAt = this.#options.clock.now()
      try {
        const response = await circuit.run(() => next(request), request.signal)
        gate.observe(request, response, startedAt)
        if (!hasBody(request, response)) release()
        return holdUntilConsumed(response, release, () => gate.moved(request))
      } catch (error) {
        release()
        throw isTransferError(error) ? error.with({ host: request.url.host, side: request.side }) : error
      }
    }
  }

  #host(name: string): Host {
    let host = this.#hosts.get(name)
    if (!host) {
      host = { gate: new HostGate(name, this.#options), circuit: new Circuit() }
      this.#hosts.set(name, host)
    }
    return host
  }
}

function hasBody(request: HttpRequest, response: HttpResponse): boolean {
  return (
    request.method !== "HEAD" &&
    response.status !== 204 &&
    response.status !== 304 &&
    response.headers.get("content-length") !== "0"
  )
}
