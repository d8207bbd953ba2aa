import type { Visibility } from "@entrepot/db/stores"
import type { QueueEvent } from "../job-service.ts"
import { Bell } from "./bell.ts"
import { eventOf, type QueueFollowersOptions } from "./queue-followers.ts"

const tailLength = 1000
const pageSize = 500
/** A running job changes twenty times a second; a list of jobs need not. */
const pauseMs = 100
const retryMs = 1000

/** What all followers of the same part of the queue share: its newest changes, read once. */
export class QueueHub {
  readonly bell = new Bell()
  followers = 0
  readonly #visibility: Visibility
  readonly #options: QueueFollowersOptions
  readonly #tail = new Map<number, QueueEvent>()
  #floor = 0
  #revision = 0
  #started: Promise<void> | undefined
  #unsubscribe: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #reading = false
  #closed = false

  constructor(visibility: Visibility, options: QueueFollowersOptions) {
    this.#visibility = visibility
    this.#options = options
  }

  /** Changes after this revision are in memory, each job's latest. */
  get floor(): number {
    return this.#floor
  }

  start(): Promise<void> {
    this.#started ??= this.#start()
    return this.#started
  }

  /** Undefined where the table has to be asked. */
  after(revision: number): readonly QueueEvent[] | undefined {
    if (revision < this.#floor) return undefined
    return revision >= this.#revision ? [] : [...this.#tail.values()].filter((event) => event.revision > revision)
  }

  close(): void {
    this.#closed = true
    this.#unsubscribe?.()
    clearTimeout(this.#timer)
  }

  async #start(): Promise<void> {
    const { database } = this.#options
    this.#unsubscribe = database.onChange(() => this.#schedule(pauseMs))
    this.#floor = this.#revision = await database.jobs.revision()
    this.#schedule(pauseMs)
  }

  #schedule(ms: number): void {
    if (this.#closed) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#read()
    }, ms)
  }

  async #read(): Promise<void> {
    if (this.#reading) return this.#schedule(pauseMs)
    this.#reading = true
    try {
      for (let isFull = true; isFull && !this.#closed; ) {
        const changes = await this.#options.database.jobs.changes(this.#visibility, this.#revision, pageSize)
        for (const change of changes) this.#keep(change.jobId, eventOf(change))
        isFull = changes.length === pageSize
        if (changes.length > 0) this.bell.ring()
      }
    } catch (error) {
      this.#options.log.warn({ error: String(error) }, "the queue could not be read")
      this.#schedule(retryMs)
    } finally {
      this.#reading = false
    }
  }

  #keep(jobId: number, event: QueueEvent): void {
    this.#tail.delete(jobId)
    this.#tail.set(jobId, event)
    this.#revision = event.revision
    if (this.#tail.size <= tailLength) return
    const [oldest] = this.#tail
    if (oldest === undefined) return
    this.#tail.delete(oldest[0])
    this.#floor = oldest[1].revision
  }
}
