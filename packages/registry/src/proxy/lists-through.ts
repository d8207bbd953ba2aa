import type { Descriptor, Digest, RemoteStore } from "@entrepot/core"
import { listReferrers } from "../warehouse/list-referrers.ts"
import type { NamePage, PageRequest, ReferrerPage } from "../warehouse/readable-repository.ts"
import type { AskedRepository } from "./asked-repository.ts"
import type { Flights } from "./flights.ts"
import type { ListMemo } from "./list-memo.ts"
import type { ProxyParts } from "./proxy-parts.ts"
import { believedMs } from "./standing.ts"
import { UpstreamFailure } from "./upstream-failure.ts"

/** Tags and referrers of one repository, as its upstreams list them; where none can be asked, those that are here. */
export class ListsThrough {
  readonly #parts: ProxyParts
  readonly #asked: AskedRepository

  constructor(parts: ProxyParts, asked: AskedRepository) {
    this.#parts = parts
    this.#asked = asked
  }

  /** Undefined: there is no such repository. @throws RegistryError, see `askUpstreams`. */
  async tags(page: PageRequest, signal: AbortSignal): Promise<NamePage | undefined> {
    const { tagLists, tagListFlights } = this.#parts
    const { after, limit } = page
    try {
      const all = await this.#list("tags", tagLists, tagListFlights, signal, async (remote, asking) =>
        (await remote.listTags(asking))?.toSorted(),
      )
      return all && pageOf(all, page)
    } catch (error) {
      const repository = await this.#mayFallBack(error)
      const found = await this.#parts.warehouse.store.listTags(repository, { after, limit: limit + 1 })
      return { names: found.slice(0, limit).map(({ name }) => name), more: limit > 0 && found.length > limit }
    }
  }

  /** @throws RegistryError, see `askUpstreams`. */
  async referrers(subject: Digest, signal: AbortSignal, page?: ReferrerPage): Promise<readonly Descriptor[]> {
    const { referrerLists, referrerFlights } = this.#parts
    try {
      const listed = await this.#list(subject, referrerLists, referrerFlights, signal, (remote, asking) =>
        remote.listReferrers(subject, undefined, asking),
      )
      return listed ?? []
    } catch (error) {
      const repository = await this.#mayFallBack(error)
      return await listReferrers(this.#parts.warehouse.store, repository, subject, page)
    }
  }

  async #list<T extends object>(
    what: string,
    memo: ListMemo<T>,
    flights: Flights<T | undefined>,
    signal: AbortSignal,
    question: (remote: RemoteStore, signal: AbortSignal) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const { identity, name, scope } = this.#asked
    const key = `${scope} ${what}`
    const lifetimeMs = this.#parts.tagLifetimeMs(name.registry)
    const kept = memo.get(key, identity === undefined ? lifetimeMs : Math.min(lifetimeMs, believedMs))
    if (kept !== undefined) return kept
    return await flights.run(key, signal, async (flight) => {
      const answer = await this.#asked.ask(this.#parts.patience.list, flight, (client, asked) =>
        question(client.open(name.path, identity), asked),
      )
      if (answer !== undefined) memo.set(key, answer.value)
      return answer?.value
    })
  }

  /** The repository whose content may stand in for a list that cannot be had. @throws `error` where none may. */
  async #mayFallBack(error: unknown): Promise<number> {
    const { standing } = this.#parts
    const row = error instanceof UpstreamFailure ? await standing.row(this.#asked.name.name) : undefined
    if (row === undefined || !standing.stands(row, this.#asked.identity)) throw error
    return row.id
  }
}

function pageOf(all: readonly string[], { after, limit }: PageRequest): NamePage {
  const start = after === undefined ? 0 : firstAfter(all, after)
  return { names: all.slice(start, start + limit), more: limit > 0 && start + limit < all.length }
}

/** By halves: the list of a busy repository has tens of thousands. */
function firstAfter(all: readonly string[], after: string): number {
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle] ?? "") <= after) low = middle + 1
    else high = middle
  }
  return low
}
