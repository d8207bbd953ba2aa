export interface CircuitOptions {
  /** Failures in a row that open it. Default 3. A timeout counts as that many: the next one who asks shall not wait as long. */
  readonly threshold?: number
  /** How long it stays open the first time, milliseconds; doubled each time a trial fails. Default 5,000. */
  readonly minOpenMs?: number
  /** Default 60,000. */
  readonly maxOpenMs?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Told when it opens, and when it is closed again; a trial that fails is neither. */
  readonly turned?: (state: "open" | "closed") => void
}

/** Leave to ask once. Exactly one of its methods is called, when it is known how that ended. */
export interface Pass {
  succeeded(): void
  failed(how: "failure" | "timeout"): void
  /** Nothing was learned: who asked gave up. */
  abandoned(): void
}

/**
 * Keeps requests from waiting for an upstream that does not work: after some failures in a row it is left alone for a while, then one request tries
 * while the others still go elsewhere.
 */
export class Circuit {
  readonly #threshold: number
  readonly #minOpenMs: number
  readonly #maxOpenMs: number
  readonly #now: () => number
  readonly #turned: ((state: "open" | "closed") => void) | undefined
  #failures = 0
  #openMs = 0
  #retryAt: number | undefined
  #trying = false

  constructor(options: CircuitOptions = {}) {
    this.#threshold = options.threshold ?? 3
    this.#minOpenMs = options.minOpenMs ?? 5_000
    this.#maxOpenMs = options.maxOpenMs ?? 60_000
    this.#now = options.now ?? Date.now
    this.#turned = options.turned
  }

  get state(): "closed" | "open" | "half-open" {
    if (this.#retryAt === undefined) return "closed"
    return this.#trying || this.#now() >= this.#retryAt ? "half-open" : "open"
  }

  /** When it is tried again, milliseconds since 1970; undefined while it is closed. */
  get retryAt(): number | undefined {
    return this.#retryAt
  }

  /** Undefined: it is not to be asked now. */
  enter(): Pass | undefined {
    const isTrial = this.#retryAt !== undefined
    if (this.#retryAt !== undefined && (this.#trying || this.#now() < this.#retryAt)) return undefined
    if (isTrial) this.#trying = true
    const leave = () => {
      if (isTrial) this.#trying = false
    }
    return {
      succeeded: () => {
        leave()
        this.#failures = 0
        this.#openMs = 0
        if (this.#retryAt === undefined) return
        this.#retryAt = undefined
        this.#turned?.("closed")
      },
      failed: (how) => {
        leave()
        // Requests that were under way when it opened tell nothing new.
        if (this.#retryAt !== undefined && !isTrial) return
        this.#failures += how === "timeout" ? this.#threshold : 1
        if (this.#failures < this.#threshold) return
        this.#openMs = Math.min(this.#maxOpenMs, this.#openMs === 0 ? this.#minOpenMs : this.#openMs * 2)
        const isNew = this.#retryAt === undefined
        this.#retryAt = this.#now() + this.#openMs
        if (isNew) this.#turned?.("open")
      },
      abandoned: leave,
    }
  }
}
