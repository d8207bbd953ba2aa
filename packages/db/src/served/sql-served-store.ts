import type { Engine } from "../engine/engine.ts"
import { countServed } from "./count-served.ts"
import { readMostPulled } from "./read-most-pulled.ts"
import { readSteps, readUpstreams } from "./read-served.ts"
import type { ServedCount, ServedStore } from "./served-store.ts"

/** Counts of what was served over either dialect. */
export class SqlServedStore implements ServedStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async add(counts: readonly ServedCount[]): Promise<void> {
    if (counts.length === 0) return
    await this.#engine.write((context) => countServed(context, counts), { lazily: true })
  }

  tallies(hours: readonly number[]) {
    const [from = 0, until = 0] = [hours[0], hours.at(-1)]
    return this.#engine.read(function* (context) {
      return { steps: yield* readSteps(context, hours), upstreams: yield* readUpstreams(context, { from, until }) }
    })
  }

  mostPulled({ since, until, limit }: { readonly since: number; readonly until: number; readonly limit: number }) {
    return readMostPulled(this.#engine, { from: since, until }, limit)
  }
}
