import { setMaxListeners } from "node:events"
import type { Socket } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import type { Throttle } from "./throttle.ts"

export type Direction = "toServer" | "toClient"

interface Fault<Rule> {
  readonly rule: Rule
  readonly inBytes: number
}

interface PumpOptions<Rule extends { as: string; forMs?: number }> {
  readonly throttles: readonly Throttle[]
  readonly delayMs: number
  arrived(bytes: number): void
  nextFault(passed: number): Fault<Rule> | undefined
  strike(fault: Fault<Rule>): void
}

/** An RST drops what still lies in the kernel's send queue; this long the bytes before it get to leave. */
const settleMs = 5

/** Carries the bytes of one connection in one direction, with backpressure, and meets the faults on its way. */
export class Pump<Rule extends { as: string; forMs?: number }> {
  readonly #to: Socket
  readonly #options: PumpOptions<Rule>
  readonly #closed = new AbortController()
  #passed = 0
  #delivery: Promise<void> = Promise.resolve()
  #met: Rule | undefined

  constructor(from: Socket, to: Socket, options: PumpOptions<Rule>) {
    this.#to = to
    this.#options = options
    setMaxListeners(0, this.#closed.signal)
    const cut = () => this.#closed.abort()
    from.once("close", () => {
      if (from.errored && !to.destroyed) to.resetAndDestroy()
    })
    to.once("close", () => {
      cut()
      if (!from.destroyed) to.errored ? from.resetAndDestroy() : from.destroy()
    })
    from.on("data", (chunk: Buffer) => {
      from.pause()
      void this.#carry(chunk).then(() => from.resume(), cut)
    })
    from.once("end", () => void this.#delivery.then(() => to.end(), cut))
  }

  async #carry(chunk: Buffer): Promise<void> {
    let rest = chunk
    while (rest.length > 0) {
      const fault = this.#nextFault()
      const slice = Math.min(
        rest.length,
        fault?.inBytes ?? rest.length,
        ...this.#options.throttles.map((each) => each.sliceBytes),
      )
      await this.#pass(rest.subarray(0, slice))
      rest = rest.subarray(slice)
      if (fault && fault.inBytes === slice) await this.#meet(fault)
    }
  }

  #nextFault(): Fault<Rule> | undefined {
    const fault = this.#options.nextFault(this.#passed)
    return fault?.inBytes === 0 && fault.rule === this.#met ? undefined : fault
  }

  async #meet(fault: Fault<Rule>): Promise<void> {
    this.#met = fault.rule
    await this.#delivery
    if (fault.rule.as === "reset" && this.#passed > 0) await sleep(settleMs, undefined, { signal: this.#closed.signal })
    this.#options.strike(fault)
    if (fault.rule.as === "stall") {
      if (fault.rule.forMs === undefined) await this.#forGood()
      else await sleep(fault.rule.forMs, undefined, { signal: this.#closed.signal })
    }
    if (fault.rule.as === "end") this.#to.end()
    if (fault.rule.as !== "stall") await this.#forGood()
  }

  #forGood(): Promise<never> {
    return new Promise((_, reject) => {
      this.#closed.signal.addEventListener("abort", () => reject(this.#closed.signal.reason), { once: true })
    })
  }

  async #pass(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    for (const throttle of this.#options.throttles) await throttle.take(bytes.length, this.#closed.signal)
    this.#passed += bytes.length
    if (this.#options.delayMs === 0) return await this.#write(bytes)
    const arrival = sleep(this.#options.delayMs, undefined, { signal: this.#closed.signal })
    this.#delivery = Promise.all([this.#delivery, arrival]).then(() => this.#write(bytes))
    this.#delivery.catch(() => {})
  }

  async #write(bytes: Buffer): Promise<void> {
    if (this.#to.destroyed) return
    this.#options.arrived(bytes.length)
    if (this.#to.write(bytes)) return
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#to.removeListener("drain", done)
        this.#to.removeListener("close", done)
        resolve()
      }
      this.#to.once("drain", done)
      this.#to.once("close", done)
    })
  }
}
