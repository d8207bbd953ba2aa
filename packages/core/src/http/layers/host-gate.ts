import { type Clock, sleepUnless } from "../../content/clock.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, HttpResponse } from "../http.ts"
import { AdaptiveWidth } from "./adaptive-width.ts"
import { formatDuration, type OnNotice } from "./notice.ts"
import { costsAPull, type PullBudget, readPullBudget } from "./pull-budget.ts"
import { retryAfterMs } from "./retry-after.ts"
import { type Release, SlotQueue } from "./slot-queue.ts"

export interface HostGateOptions {
  /** Widest that the gate ever opens, requests at once in each direction. */
  readonly maxWidth: number
  /** Longest wait that a host may ask for, milliseconds. */
  readonly maxWaitMs: number
  /** Wait after a 429 that names no time, doubled with every one that follows. */
  readonly unnamedWaitMs: number
  /** After so long without any movement one more request is let in. */
  readonly standstillMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly onNotice?: OnNotice | undefined
}

/** What a gate knows about its host now. */
export interface HostLimitState {
  readonly host: string
  /** Requests allowed at once in each direction. */
  readonly width: number
  readonly active: number
  readonly waiting: number
  /** Nothing is sent for so many milliseconds, because the host asked for it. 0 most of the time. */
  readonly waitingForMs: number
  readonly budget: PullBudget | undefined
}

/** How long "no pulls left" is believed: HEAD renews it for free, and after this a GET may find out. */
const budgetBelievedMs = 60_000

/**
 * The gate of one host: an adaptive number of slots, shut for everybody while the host has asked for patience. Reading and writing
 * have slots of their own: a copy inside one host reads in order to write, and would wait for itself.
 */
export class HostGate {
  readonly #host: string
  readonly #options: HostGateOptions
  readonly #width: AdaptiveWidth
  readonly #reads: SlotQueue
  readonly #writes: SlotQueue
  #shutUntil = 0
  #strikes = 0
  #budget: PullBudget | undefined

  constructor(host: string, options: HostGateOptions) {
    this.#host = host
    this.#options = options
    this.#width = new AdaptiveWidth(options.maxWidth)
    this.#reads = new SlotQueue(() => this.#width.value, options.standstillMs)
    this.#writes = new SlotQueue(() => this.#width.value, options.standstillMs)
  }

  get state(): HostLimitState {
    return {
      host: this.#host,
      width: this.#width.value,
      active: this.#reads.active + this.#writes.active,
      waiting: this.#reads.waiting + this.#writes.waiting,
      waitingForMs: this.#shutForMs(),
      budget: this.#budget,
    }
  }

  /**
   * Waits for a slot, and for the end of a pause that the host has asked for; `closing` ends such a pause as the request's own signal does.
   * @throws TransferError `rate_limited` when that pause is too long, or when no pulls are left; `cancelled`.
   */
  async enter(request: HttpRequest, closing?: AbortSignal): Promise<Release> {
    const queue = this.#queue(request)
    for (;;) {
      await this.#waitWhileShut(request, closing)
      this.#checkBudget(request)
      const release = await queue.take(request.signal)
      if (this.#shutForMs() <= 0) return release
      release()
    }
  }

  /** Bytes of the answer to `request` arrived. */
  moved(request: HttpRequest): void {
    this.#queue(request).moved()
  }

  /** Learns from an answer to a request that began at `startedAt` (monotonic milliseconds). */
  observe(request: HttpRequest, response: HttpResponse, startedAt: number): void {
    const { clock } = this.#options
    const now = clock.now()
    this.#budget = readPullBudget(response.headers, now) ?? this.#budget
    const asked = retryAfterMs(response.headers, clock.date?.() ?? Date.now())
    // Docker Hub's pull limit concerns manifests alone: the rest of the host goes on.
    if (response.status === 429 && this.#budget?.remaining === 0 && costsAPull(request)) return
    if (response.status === 429) this.#refused(asked, startedAt, now)
    else if (response.status === 503 && asked !== undefined) this.#shut(asked, now)
    else if (response.status < 500) this.#succeeded(request)
  }

  #queue(request: HttpRequest): SlotQueue {
    return request.method === "GET" || request.method === "HEAD" ? this.#reads : this.#writes
  }

  #shutForMs(): number {
    return Math.max(0, this.#shutUntil - this.#options.clock.now())
  }

  async #waitWhileShut(request: HttpRequest, closing: AbortSignal | undefined): Promise<void> {
    for (let waitMs = this.#shutForMs(); waitMs > 0; waitMs = this.#shutForMs()) {
      if (waitMs > this.#options.maxWaitMs)
        throw this.#limited(`${this.#host} asks us to wait ${formatDuration(waitMs)}`, waitMs, request)
      await sleepUnless(this.#options.clock, waitMs, request.signal, closing)
    }
  }

  #checkBudget(request: HttpRequest): void {
    const budget = this.#budget
    if (budget?.remaining !== 0 || !costsAPull(request)) return
    const age = this.#options.clock.now() - budget.seenAt
    const windowMs = (budget.windowSeconds ?? 0) * 1000
    if (age >= Math.min(budgetBelievedMs, windowMs || budgetBelievedMs)) return
    const limit = budget.limit === undefined ? "" : ` of ${budget.limit}${windowMs ? ` in ${formatDuration(windowMs)}` : ""}`
    throw this.#limited(`the pull limit${limit} at ${this.#host} is used up`, windowMs || undefined, request)
  }

  #limited(message: string, waitMs: number | undefined, request: HttpRequest): TransferError {
    return new TransferError("rate_limited", message, {
      host: this.#host,
      side: request.side,
      status: 429,
      retryAfterMs: waitMs,
      hint: "wait, or log in: signed-in users often have a higher limit",
    })
  }

  #refused(askedMs: number | undefined, startedAt: number, now: number): void {
    if (this.#width.refused(startedAt, now)) this.#strikes += 1
    const unnamed =
      this.#options.unnamedWaitMs * 2 ** Math.min(Math.max(this.#strikes - 1, 0), 6) * (0.5 + this.#options.random() / 2)
    this.#shut(askedMs ?? unnamed, now)
  }

  #shut(waitMs: number, now: number): void {
    const wasShut = this.#shutUntil > now
    this.#shutUntil = Math.max(this.#shutUntil, now + waitMs)
    if (wasShut || waitMs <= 0 || waitMs > this.#options.maxWaitMs) return
    const message = `${this.#host} asks us to wait ${formatDuration(waitMs)}`
    this.#options.onNotice?.({ kind: "waiting", host: this.#host, message, forMs: waitMs })
  }

  #succeeded(request: HttpRequest): void {
    this.#strikes = 0
    this.#width.succeeded(this.#queue(request).full)
    this.#reads.advance()
    this.#writes.advance()
  }
}
