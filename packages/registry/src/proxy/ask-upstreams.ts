import { isCancellation, isRetryable, isTransferError, TransferError } from "@entrepot/core"
import { RegistryError } from "../registry-error.ts"
import type { Pass } from "./circuit.ts"
import type { ClientIdentity } from "./client-identity.ts"
import { TurnedAway } from "./turned-away.ts"
import type { UpstreamClient } from "./upstream-client.ts"
import { isOutage, isTimeout, TimedOut, upstreamFailure } from "./upstream-failure.ts"

/** How long a client is kept waiting, and how often its question is asked anew. */
export interface Patience {
  readonly totalMs: number
  readonly rounds: number
  /** There is something old to serve instead: that an upstream took too long for that does not show that it is down. */
  readonly hasAlternative?: boolean
}

export interface Asking {
  /** In the order in which they are asked. */
  readonly clients: readonly UpstreamClient[]
  /** What is asked for, by its name here: goes into errors. */
  readonly name: string
  readonly identity: ClientIdentity | undefined
  readonly patience: Patience
  readonly signal: AbortSignal
}

export interface Answered<T> {
  readonly value: T
  readonly client: UpstreamClient
}

/** What one upstream said. `again`: another try makes sense. */
type Outcome =
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly whose: "nobody" | "client" | "ours"; readonly error: TransferError }
  | { readonly kind: "failed"; readonly error: TransferError; readonly again: boolean }

/**
 * Asks the upstreams of a registry one after the other until one has it; mirrors may lack what the registry has. Undefined: none has it.
 *
 * | an upstream says            | while another may have it | when all are done                                                         |
 * |-----------------------------|---------------------------|---------------------------------------------------------------------------|
 * | 200                         | that is the answer        |                                                                           |
 * | 404                         | the next one is asked     | 404, only if all of them said so                                          |
 * | 401, 403 to nobody's login  | the next one is asked     | `TurnedAway` (404): Docker Hub says so of repositories that are not there |
 * | 401, 403 to a client's login| the next one is asked     | DENIED 403; UNAUTHORIZED 401 for a token of its own, which may be old     |
 * | 401, 403 to our own login   | the next one is asked     | 502: somebody has to correct it                                           |
 * | 429, no pulls left          | the next one is asked     | 429                                                                       |
 * | nothing, 5xx, nonsense      | the next one is asked     | 502, 504 when it took all the time                                        |
 *
 * Where several of these meet, trouble beats 404 (what could not be asked may have it), and the first upstream in trouble decides. That the first
 * upstream of all wants a login goes along with the failure: whoever may have one there is better served with that.
 * @throws RegistryError as above; what `question` throws that is no TransferError; TransferError `cancelled`.
 */
export async function askUpstreams<T>(
  asking: Asking,
  question: (client: UpstreamClient, signal: AbortSignal) => Promise<T | undefined>,
): Promise<Answered<T> | undefined> {
  const rounds = new Rounds<T>(asking, question)
  try {
    return await rounds.run()
  } finally {
    rounds.leave()
  }
}

/** One question on its way through the upstreams, as often as there is patience. */
class Rounds<T> {
  readonly #asking: Asking
  readonly #question: (client: UpstreamClient, signal: AbortSignal) => Promise<T | undefined>
  readonly #outcomes = new Map<UpstreamClient, Outcome>()
  readonly #passes = new Map<UpstreamClient, Pass>()
  readonly #endsAt: number

  constructor(asking: Asking, question: (client: UpstreamClient, signal: AbortSignal) => Promise<T | undefined>) {
    this.#asking = asking
    this.#question = question
    this.#endsAt = performance.now() + asking.patience.totalMs
  }

  async run(): Promise<Answered<T> | undefined> {
    const { clients, patience, signal } = this.#asking
    for (let round = 0; round < patience.rounds; round++) {
      if (round > 0) await this.#pause(round, signal)
      for (const [index, client] of clients.entries()) {
        if (signal.aborted) throw new TransferError("cancelled", "cancelled")
        const before = this.#outcomes.get(client)
        if (before !== undefined && !(before.kind === "failed" && before.again)) continue
        const result =
          this.#restMs() > 0
            ? await this.#ask(client, this.#restMs() / (clients.length - index), round === 0)
            : (before ?? { kind: "failed", error: timedOut(client.host, patience.totalMs), again: false })
        if ("value" in result) return result
        this.#outcomes.set(client, result)
      }
      const open = [...this.#outcomes.values()].some((outcome) => outcome.kind === "failed" && outcome.again)
      if (!open) break
    }
    return this.#conclude()
  }

  /** Tells the circuits how it ended. */
  leave(): void {
    for (const [client, pass] of this.#passes) {
      const outcome = this.#outcomes.get(client)
      if (outcome === undefined) pass.abandoned()
      else if (outcome.kind === "failed" && outcome.error.code !== "rate_limited") {
        const { error } = outcome
        client.noteFailure(error)
        if (!isOutage(error)) pass.succeeded()
        else pass.failed(isTimeout(error) && !this.#asking.patience.hasAlternative ? "timeout" : "failure")
      } else pass.succeeded()
    }
  }

  #restMs(): number {
    return this.#endsAt - performance.now()
  }

  async #ask(client: UpstreamClient, atMostMs: number, isFirstRound: boolean): Promise<Answered<T> | Outcome> {
    const shut = this.#shut(client, isFirstRound)
    if (shut) return shut
    const pass = this.#passes.get(client) ?? client.circuit.enter()
    if (pass === undefined) return { kind: "failed", error: client.leftAlone(), again: false }
    this.#passes.set(client, pass)
    const startedAt = performance.now()
    try {
      const value = await within(atMostMs, client.host, this.#asking.signal, (signal) => this.#question(client, signal))
      const tookMs = performance.now() - startedAt
      client.asked(tookMs)
      client.noteSuccess(tookMs)
      if (value === undefined) return { kind: "absent" }
      this.#passes.delete(client)
      pass.succeeded()
      return { value, client }
    } catch (error) {
      if (!isTransferError(error) || isCancellation(error, this.#asking.signal)) throw error
      client.asked(performance.now() - startedAt, error)
      return await this.#read(client, error)
    }
  }

  /** A host that has asked for patience is not waited for while there is somebody else to ask, or something old to be served. */
  #shut(client: UpstreamClient, isFirstRound: boolean): Outcome | undefined {
    const waitMs = client.waitingForMs
    if (waitMs <= 0) return undefined
    const { clients, patience } = this.#asking
    const worthIt = patience.rounds > 1 && waitMs < this.#restMs()
    if (worthIt && (clients.length === 1 || !isFirstRound)) return undefined
    return { kind: "failed", error: client.limited(waitMs), again: worthIt }
  }

  async #read(client: UpstreamClient, error: TransferError): Promise<Outcome> {
    if (error.code === "not_found") return { kind: "absent" }
    if (error.code === "unauthorized" || error.code === "forbidden") {
      const { identity } = this.#asking
      const whose = identity !== undefined ? "client" : (await client.hasLogin()) ? "ours" : "nobody"
      if (whose === "ours") client.noteFailure(error)
      return { kind: "refused", whose, error }
    }
    const again = isRetryable(error) && (error.retryAfterMs ?? 0) < this.#restMs()
    return { kind: "failed", error, again }
  }

  #conclude(): undefined {
    const { identity, name } = this.#asking
    const outcomes = [...this.#outcomes.values()]
    const trouble = outcomes.find(
      (outcome) => outcome.kind === "failed" || (outcome.kind === "refused" && outcome.whose === "ours"),
    )
    if (trouble !== undefined && trouble.kind !== "absent") throw upstreamFailure(trouble.error, this.#turnedAwayFirst())
    const refused = outcomes.find((outcome) => outcome.kind === "refused")
    if (refused === undefined) return undefined
    if (identity === undefined) throw new TurnedAway(name, refused.error)
    const isOwnToken = "bearer" in identity.shows && refused.error.code === "unauthorized"
    const message = `${refused.error.host ?? "the registry"} does not let this login read ${name}`
    throw new RegistryError(isOwnToken ? "UNAUTHORIZED" : "DENIED", message, { cause: refused.error })
  }

  #turnedAwayFirst(): TurnedAway | undefined {
    const [client] = this.#asking.clients
    const outcome = client && this.#outcomes.get(client)
    return outcome?.kind === "refused" && outcome.whose === "nobody"
      ? new TurnedAway(this.#asking.name, outcome.error)
      : undefined
  }

  async #pause(round: number, signal: AbortSignal): Promise<void> {
    const waitMs = Math.min(250 * 2 ** (round - 1) * (0.5 + Math.random()), Math.max(0, this.#restMs()))
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener("abort", done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      signal.addEventListener("abort", done, { once: true })
    })
  }
}

function timedOut(host: string, ms: number, error?: unknown): TransferError {
  const cause = new TimedOut("no time left", { cause: error })
  return new TransferError("network", `${host} did not answer within ${(ms / 1000).toFixed(1)} s`, {
    host,
    side: "source",
    cause,
  })
}

/** @throws TransferError `network` with a `TimedOut` as its cause. */
async function within<T>(ms: number, host: string, outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    controller.abort()
  }, ms)
  const stop = () => controller.abort()
  outer.addEventListener("abort", stop, { once: true })
  try {
    if (outer.aborted) stop()
    return await work(controller.signal)
  } catch (error) {
    if (!isOver || outer.aborted) throw error
    throw timedOut(host, ms, error)
  } finally {
    clearTimeout(timer)
    outer.removeEventListener("abort", stop)
  }
}
