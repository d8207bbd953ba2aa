import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"

/** Name of the channel that changes of jobs are announced on. */
export const channel = "entrepot_jobs"

const longestDelayMs = 500

/** Hears of the changes of other processes, over a connection of its own that comes back when it is lost (fault 37). */
export class ChangeChannel {
  readonly #url: string
  readonly #heard: (sender: string) => void
  readonly #ending = new AbortController()
  readonly #running: Promise<void>
  #client: pg.Client | undefined

  /** `heard` is called with the sender of each announcement, and with "" when there may have been some that nobody heard. */
  constructor(url: string, heard: (sender: string) => void) {
    this.#url = url
    this.#heard = heard
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#client?.end().catch(() => {})
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending
    for (let delayMs = 10; !signal.aborted; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      const listened = await this.#listen().catch(() => false)
      if (listened) delayMs = 10
      await sleep(delayMs, undefined, { signal }).catch(() => {})
    }
  }

  /** Returns once the connection is lost: true when it listened before. */
  async #listen(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.#url, keepAlive: true, connectionTimeoutMillis: 5_000 })
    this.#client = client
    const lost = new Promise<void>((resolve) => {
      client.on("error", () => resolve())
      client.on("end", () => resolve())
    })
    client.on("notification", ({ payload }) => this.#heard(payload ?? ""))
    try {
      await client.connect()
      if (this.#ending.signal.aborted) return true
      await client.query("listen entrepot_jobs")
      // What was announced while nobody listened is not announced again.
      this.#heard("")
      await lost
      return true
    } finally {
      await client.end().catch(() => {})
    }
  }
}
