import { performance } from "node:perf_hooks"
import type { Connection } from "./connection.ts"

const defaultIdleMs = 15_000

interface Idle {
  readonly connection: Connection
  readonly timer: NodeJS.Timeout
  /** On the monotonic clock, in milliseconds. */
  readonly since: number
}

/** Connections that wait for their next request, the most recently used first. None of them holds the process open. */
export class Pool {
  readonly #idle = new Map<string, Idle[]>()
  readonly #busy = new Set<Connection>()
  readonly #maxIdlePerKey: number
  #closed = false

  constructor(maxIdlePerKey: number) {
    this.#maxIdlePerKey = maxIdlePerKey
  }

  /** A connection for `key` that has not been idle for longer than so many milliseconds, or undefined. */
  take(key: string, idleAtMostMs = defaultIdleMs): Connection | undefined {
    const waiting = this.#idle.get(key)
    const idle = waiting?.at(-1)
    if (!idle || performance.now() - idle.since > idleAtMostMs) return undefined
    waiting?.pop()
    clearTimeout(idle.timer)
    this.#busy.add(idle.connection)
    return idle.connection
  }

  /** Looks after a new connection that is about to serve a request for `key`. */
  adopt(key: string, connection: Connection): void {
    this.#busy.add(connection)
    connection.onIdle = (keepAliveMs) => this.#keep(key, connection, keepAliveMs)
    connection.onClose = () => this.#forget(key, connection)
    if (this.#closed) connection.destroy()
  }

  /** Destroys every connection, busy ones and those still to come included. */
  close(): void {
    this.#closed = true
    const waiting = [...this.#idle.values()].flat().map(({ connection }) => connection)
    for (const connection of [...this.#busy, ...waiting]) connection.destroy()
  }

  #keep(key: string, connection: Connection, keepAliveMs: number | undefined): void {
    this.#busy.delete(connection)
    const waiting = this.#idle.get(key) ?? []
    // A second less than the server waits, so that we do not send into its closing.
    const idleMs = keepAliveMs === undefined ? defaultIdleMs : Math.min(defaultIdleMs, keepAliveMs - 1000)
    if (waiting.length >= this.#maxIdlePerKey || idleMs <= 0) {
      connection.destroy()
      return
    }
    const timer = setTimeout(() => connection.destroy(), idleMs).unref()
    waiting.push({ connection, timer, since: performance.now() })
    this.#idle.set(key, waiting)
  }

  #forget(key: string, connection: Connection): void {
    this.#busy.delete(connection)
    const waiting = this.#idle.get(key) ?? []
    const at = waiting.findIndex((idle) => idle.connection === connection)
    if (at >= 0) clearTimeout(waiting.splice(at, 1)[0]?.timer)
    if (waiting.length === 0) this.#idle.delete(key)
  }
}
