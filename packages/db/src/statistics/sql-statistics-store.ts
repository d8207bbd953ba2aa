import { setImmediate as othersFirst } from "node:timers/promises"
import { and, eq, inArray, or } from "drizzle-orm"
import type { Engine } from "../engine/engine.ts"
import type { Visibility } from "../jobs/job-store.ts"
import { nothing, ownerOf, tallyNames } from "./meters.ts"
import { type Movement, readMeters } from "./read-meters.ts"
import type { Copied, HostSide, HostTally, StatisticsStore } from "./statistics-store.ts"

/** SQLite looks a few thousand readings up at once, and nothing else of the process runs meanwhile: what it is asked for has to be little. */
const mostAtOnce = 5

/** Statistics over either dialect. */
export class SqlStatisticsStore implements StatisticsStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  tallies(visibility: Visibility, hours: readonly number[]) {
    const [first = 0, last = 0] = [hours[0], hours.at(-1)]
    return this.#engine.read(function* (context) {
      const { meters } = context.tables
      const own = eq(meters.ownerId, ownerOf(visibility))
      const [all] = yield* readMeters(context, and(own, eq(meters.side, "all")), hours, tallyNames)
      const ofHosts = and(own, inArray(meters.side, ["source", "target"]))
      const hosts = yield* readMeters(context, ofHosts, [first, last], tallyNames)
      return {
        steps: all?.steps ?? hours.slice(1).map(() => nothing),
        hosts: hosts.flatMap(({ side, host, steps: [tally = nothing] }): HostTally[] => {
          const isIdle = tally.succeeded + tally.unchanged + tally.failed + tally.cancelled === 0
          return isIdle ? [] : [{ side: side as HostSide["side"], host, ...tally }]
        }),
      }
    })
  }

  async copied(
    visibility: Visibility,
    places: readonly HostSide[],
    hours: readonly number[],
  ): Promise<readonly (readonly Copied[])[]> {
    const own = ownerOf(visibility)
    const found: Movement<keyof Copied>[] = []
    for (let start = 0; start < places.length; start += mostAtOnce) {
      const part = places.slice(start, start + mostAtOnce)
      found.push(
        ...(await this.#engine.read((context) => {
          const { meters } = context.tables
          const named = part.map(({ side, host }) => and(eq(meters.side, side), eq(meters.host, host)))
          return readMeters(context, and(eq(meters.ownerId, own), or(...named)), hours, ["copyMs", "copyBytes"])
        })),
      )
      await othersFirst()
    }
    return places.map(({ side, host }) => {
      const meter = found.find((each) => each.side === side && each.host === host)
      return meter?.steps ?? hours.slice(1).map(() => ({ copyMs: 0, copyBytes: 0 }))
    })
  }
}
