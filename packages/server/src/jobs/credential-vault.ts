import type { Credentials } from "@entrepot/core"
import type { CredentialSide } from "@entrepot/db/stores"

/** What was given for one job alone. */
export type JobCredentials = Partial<Readonly<Record<CredentialSide, Credentials>>>

interface CredentialVaultOptions {
  /** How long credentials outlive their job, for a retry. Milliseconds; default an hour. */
  readonly keepMs?: number
  /** Ended jobs whose credentials are kept at most. Default 1,000. */
  readonly keepJobs?: number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** Credentials of one-off jobs: in this process's memory and nowhere else (seed 0: never persisted). */
export class CredentialVault {
  readonly #known = new Map<number, JobCredentials>()
  /** When jobs ended, the earliest first. */
  readonly #ended = new Map<number, number>()
  readonly #keepMs: number
  readonly #keepJobs: number
  readonly #now: () => number
  #pending: Promise<unknown> = Promise.resolve()

  constructor({ keepMs = 3_600_000, keepJobs = 1000, now = () => performance.now() }: CredentialVaultOptions = {}) {
    this.#keepMs = keepMs
    this.#keepJobs = keepJobs
    this.#now = now
  }

  /** Makes jobs and puts their credentials. Until that is done `get` waits: a runner may have a job before its maker knows its number. */
  async filling<Result>(make: () => Promise<Result>): Promise<Result> {
    const before = this.#pending
    let end = () => {}
    const filled = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#pending = Promise.all([before, filled])
    try {
      return await make()
    } finally {
      end()
    }
  }

  put(jobId: number, credentials: JobCredentials): void {
    this.#ended.delete(jobId)
    this.#known.set(jobId, credentials)
  }

  async get(jobId: number): Promise<JobCredentials | undefined> {
    await this.#pending
    return this.peek(jobId)
  }

  /** What is known now, without waiting for jobs that are being made. */
  peek(jobId: number): JobCredentials | undefined {
    this.#sweep()
    return this.#known.get(jobId)
  }

  /** The job is over: its credentials are kept for a while. */
  ended(jobId: number): void {
    if (!this.#known.has(jobId) || this.#ended.has(jobId)) return
    this.#ended.set(jobId, this.#now())
    this.#sweep()
  }

  forget(jobId: number): void {
    this.#known.delete(jobId)
    this.#ended.delete(jobId)
  }

  #sweep(): void {
    const kept = this.#now() - this.#keepMs
    for (const [jobId, endedAt] of this.#ended) {
      if (endedAt > kept && this.#ended.size <= this.#keepJobs) return
      this.forget(jobId)
    }
  }
}
