import { setImmediate as breath, setTimeout as delay } from "node:timers/promises"
import type { ServedCount, ServedStore } from "@entrepot/db/stores"
import type { AccessEntry, MeteredUpstream, RegistryMeter } from "@entrepot/registry"
import type { Log } from "../runtime/runtime.ts"
import { HourCount } from "./hour-count.ts"

export interface ServedRecorderOptions {
  readonly store: Pick<ServedStore, "add">
  readonly log: Pick<Log, "warn">
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** How long what was counted may wait to be written, and what could not be written to be tried again. Default 5 s. */
  readonly flushMs?: number
  /** What the store is given to take the last counts when the recorder is closed. Default 5 s. */
  readonly closeMs?: number
  /** Repositories of one hour that are told apart; what comes beyond is counted under an empty name. Default 5,000. */
  readonly mostRepositories?: number
}

/** Counts what the registry of this process serves. */
export interface ServedRecorder extends Pick<RegistryMeter, "request" | "upstreamAnswered" | "upstreamFailed" | "upstreamSent"> {
  /** Resolves when everything that was counted before is written, or could not be: then it is kept, and tried again. Never throws. */
  flush(): Promise<void>
  /** Writes what waits, and tries no more. Never throws. */
  close(): Promise<void>
}

const hourMs = 3_600_000

/** Rows that the store is given at once: a database in this process takes the thread that answers requests. */
const repositoriesAtOnce = 500

/** Hours for which repositories are told apart while the store takes nothing. */
const mostHours = 24

/** Counts in memory by the hour, and adds that to the store every few seconds, beside the requests. */
export function createServedRecorder(options: ServedRecorderOptions): ServedRecorder {
  return new Recorder(options)
}

class Recorder implements ServedRecorder {
  readonly #options: ServedRecorderOptions
  readonly #flushMs: number
  readonly #mostRepositories: number
  /** Not given to the store yet, by the hour. */
  #waiting = new Map<number, HourCount>()
  #current: HourCount | undefined
  /** Given to the store, which has not taken it yet. */
  #given: readonly ServedCount[] = []
  /** Repositories that have a row of their own in that hour. */
  #named = { hour: 0, names: new Set<string>() }
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #isFailing = false
  #isClosed = false

  constructor(options: ServedRecorderOptions) {
    this.#options = options
    this.#flushMs = options.flushMs ?? 5_000
    this.#mostRepositories = options.mostRepositories ?? 5_000
  }

  request(entry: AccessEntry): void {
    this.#hour().add(entry, this.#nameOf)
  }

  upstreamAnswered({ host }: MeteredUpstream, tookMs: number): void {
    this.#hour().addAnswer(host, tookMs)
  }

  upstreamFailed({ host }: MeteredUpstream): void {
    this.#hour().addFailure(host)
  }

  upstreamSent({ host }: MeteredUpstream, bytes: number): void {
    this.#hour().addFetched(host, bytes)
  }

  async flush(): Promise<void> {
    // What is being written now does not hold what came since.
    await this.#writing
    if (this.#waiting.size > 0) await this.#write()
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    const over = new AbortController()
    const patience = delay(this.#options.closeMs ?? 5_000, undefined, { signal: over.signal }).catch(() => undefined)
    await Promise.race([this.flush(), patience])
    over.abort()
    clearTimeout(this.#timer)
    const lost = [...this.#given, ...[...this.#waiting.values()].flatMap((hour) => hour.counts(this.#mostRepositories + 1))]
    const requests = lost.reduce((sum, count) => sum + count.requests, 0)
    if (lost.length > 0)
      this.#options.log.warn({ requests }, "requests are missing from the statistics: the database did not take them")
  }

  /** The one in which everything is counted now. */
  #hour(): HourCount {
    const hour = Math.floor(this.#options.now() / hourMs)
    if (this.#current?.hour !== hour) {
      this.#current = this.#of(hour)
      if (this.#named.hour !== hour) this.#named = { hour, names: new Set() }
    }
    this.#await()
    return this.#current
  }

  #of(hour: number): HourCount {
    const known = this.#waiting.get(hour)
    if (known !== undefined) return known
    const made = new HourCount(hour)
    this.#waiting.set(hour, made)
    return made
  }

  readonly #nameOf = (repository: string): string => {
    const { names } = this.#named
    if (names.has(repository)) return repository
    if (names.size >= this.#mostRepositories) return ""
    names.add(repository)
    return repository
  }

  #await(): void {
    if (this.#timer === undefined && !this.#isClosed) this.#timer = setTimeout(() => this.#write(), this.#flushMs).unref()
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined
      if (this.#waiting.size > 0) this.#await()
    })
    return this.#writing
  }

  async #writeAll(): Promise<void> {
    const hours = [...this.#waiting.values()]
    this.#waiting = new Map()
    this.#current = undefined
    this.#given = hours.flatMap((hour) => hour.counts(repositoriesAtOnce))
    try {
      for (let part = this.#given[0]; part !== undefined; part = this.#given[0]) {
        await breath()
        await this.#options.store.add([part])
        this.#given = this.#given.slice(1)
      }
      this.#isFailing = false
    } catch (error) {
      this.#keep(error)
    }
  }

  /** For the next time. */
  #keep(error: unknown): void {
    if (!this.#isFailing) this.#options.log.warn({ error }, "statistics of the registry cannot be written; they are tried again")
    this.#isFailing = true
    for (const count of this.#given) this.#of(count.hour).addCount(count)
    this.#given = []
    const hours = [...this.#waiting.values()].sort((one, other) => other.hour - one.hour)
    for (const old of hours.slice(mostHours)) old.forgetRepositories()
  }
}
