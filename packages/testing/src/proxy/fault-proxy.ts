import { connect, createServer, type Socket } from "node:net"
import { type Listening, listenOnLoopback } from "../listen.ts"
import { type Direction, Pump } from "./pump.ts"
import { Throttle } from "./throttle.ts"

/** `toClient` unless told. */
interface OneWay {
  readonly direction?: Direction
}

/** How many connections a rule hits at most, in the order in which it strikes; all unless told. */
interface Counted {
  readonly times?: number
}

/** What `after` counts the bytes of: each connection (unless told), or all of them together, and then one that is moving is hit. */
interface Placed {
  readonly after: number
  readonly of?: "connection" | "all"
}

/**
 * What the proxy does to connections. `after` counts bytes in that direction, headers and TLS records included.
 * - reset: a real RST to both sides
 * - stall: bytes stop moving, for `forMs` or for good, while the connection stays open
 * - end: an orderly FIN, as if the sender had finished
 * - refuse: a new connection gets an RST before a byte
 * - rate: for each connection; linkRate: for all together
 * - delay: each byte arrives this much later
 */
export type ProxyRule =
  | ({ readonly as: "reset" | "end" } & Placed & OneWay & Counted)
  | ({ readonly as: "stall"; readonly forMs?: number } & Placed & OneWay & Counted)
  | ({ readonly as: "refuse" } & Counted)
  | ({ readonly as: "rate" | "linkRate"; readonly bytesPerSecond: number } & OneWay)
  | ({ readonly as: "delay"; readonly ms: number } & OneWay)

/** A TCP proxy in front of a real server; TLS goes through untouched. */
export interface FaultProxy extends AsyncDisposable {
  /** `127.0.0.1:12345`, to be used as the server's name. */
  readonly host: string
  readonly port: number
  readonly origin: string
  /** May be changed while it runs: rates and delays hold for new connections, faults for open ones too. */
  rules: readonly ProxyRule[]
  /** What arrived at either end so far. */
  readonly bytes: { readonly toServer: number; readonly toClient: number }
  /** How many connections were accepted so far. */
  readonly connections: number
  /** How many of them are open. */
  readonly open: number
  /** How often each fault struck. */
  readonly strikes: number
  /** Resets every open connection now. */
  resetAll(): void
  /** Stops listening, so that connections are refused by the system; `listen` takes the same port again. */
  close(): Promise<void>
  listen(): Promise<void>
}

/** Puts a proxy before `target` (`127.0.0.1:5000`, or a port of 127.0.0.1). */
export async function faultProxy(target: string | number, rules: readonly ProxyRule[] = []): Promise<FaultProxy> {
  const proxy = new TcpFaultProxy(typeof target === "number" ? `127.0.0.1:${target}` : target, rules)
  await proxy.listen()
  return proxy
}

interface Link {
  readonly client: Socket
  readonly server: Socket
}

class TcpFaultProxy implements FaultProxy {
  rules: readonly ProxyRule[]
  readonly bytes = { toServer: 0, toClient: 0 }
  connections = 0
  strikes = 0
  readonly #target: { host: string; port: number }
  readonly #links = new Set<Link>()
  readonly #struck = new Map<ProxyRule, number>()
  readonly #throttles = new Map<ProxyRule, Throttle>()
  #listening: Listening | undefined
  #port = 0

  constructor(target: string, rules: readonly ProxyRule[]) {
    const colon = target.lastIndexOf(":")
    this.#target = { host: target.slice(0, colon), port: Number(target.slice(colon + 1)) }
    this.rules = rules
  }

  get port(): number {
    return this.#port
  }

  get host(): string {
    return `127.0.0.1:${this.#port}`
  }

  get origin(): string {
    return `http://${this.host}`
  }

  get open(): number {
    return this.#links.size
  }

  async listen(): Promise<void> {
    if (this.#listening) return
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client))
    this.#listening = await listenOnLoopback(server, { port: this.#port })
    this.#port = this.#listening.port
  }

  async close(): Promise<void> {
    const listening = this.#listening
    this.#listening = undefined
    for (const { client, server } of this.#links) {
      client.destroy()
      server.destroy()
    }
    await listening?.close()
  }

  resetAll(): void {
    for (const link of this.#links) reset(link)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #accept(client: Socket): void {
    this.connections++
    client.on("error", () => {})
    const refusal = this.rules.find((rule) => rule.as === "refuse" && this.#mayStrike(rule))
    if (refusal) {
      this.#strike(refusal)
      client.resetAndDestroy()
      return
    }
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true })
    server.on("error", () => {})
    const link = { client, server }
    this.#links.add(link)
    const done = () => {
      if (client.destroyed && server.destroyed) this.#links.delete(link)
    }
    client.once("close", done)
    server.once("close", done)
    this.#pump(link, client, server, "toServer")
    this.#pump(link, server, client, "toClient")
  }

  #pump(link: Link, from: Socket, to: Socket, direction: Direction): void {
    const shaping = this.rules.filter((rule) => "direction" in rule === false || (rule.direction ?? "toClient") === direction)
    const throttles = shaping.flatMap((rule) => {
      if (rule.as === "rate") return [new Throttle(rule.bytesPerSecond)]
      return rule.as === "linkRate" ? [this.#sharedThrottle(rule)] : []
    })
    const delayMs = shaping.reduce((sum, rule) => sum + (rule.as === "delay" ? rule.ms : 0), 0)
    new Pump(from, to, {
      throttles,
      delayMs,
      arrived: (bytes) => {
        this.bytes[direction] += bytes
      },
      nextFault: (passed) => this.#nextFault(direction, passed),
      strike: (fault) => {
        this.#strike(fault.rule)
        if (fault.rule.as === "reset") reset(link)
      },
    })
  }

  #sharedThrottle(rule: ProxyRule & { bytesPerSecond: number }): Throttle {
    const throttle = this.#throttles.get(rule) ?? new Throttle(rule.bytesPerSecond)
    this.#throttles.set(rule, throttle)
    return throttle
  }

  /** The fault that this connection meets next, and after how many more bytes; one that lies behind it is no longer met. */
  #nextFault(direction: Direction, passed: number) {
    let next: { rule: ProxyRule & { as: "reset" | "end" | "stall" }; inBytes: number } | undefined
    for (const rule of this.rules) {
      if (rule.as !== "reset" && rule.as !== "end" && rule.as !== "stall") continue
      if ((rule.direction ?? "toClient") !== direction || !this.#mayStrike(rule)) continue
      const inBytes = rule.of === "all" ? Math.max(0, rule.after - this.bytes[direction]) : rule.after - passed
      if (inBytes < 0) continue
      if (!next || inBytes < next.inBytes) next = { rule, inBytes }
    }
    return next
  }

  #mayStrike(rule: ProxyRule & Counted): boolean {
    return (this.#struck.get(rule) ?? 0) < (rule.times ?? Number.POSITIVE_INFINITY)
  }

  #strike(rule: ProxyRule): void {
    this.strikes++
    this.#struck.set(rule, (this.#struck.get(rule) ?? 0) + 1)
  }
}

function reset({ client, server }: Link): void {
  client.resetAndDestroy()
  server.resetAndDestroy()
}
