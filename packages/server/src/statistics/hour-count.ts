import type { RepositoryTally, ServedCount, ServedTally, UpstreamTally } from "@entrepot/db/stores"
import type { AccessEntry } from "@entrepot/registry"
import { cacheResultOf, isServed } from "../registry/cache-result.ts"

type Sums<Tally> = { -readonly [Name in keyof Tally]: Tally[Name] }

/** What was served within one hour, as it is counted: plain numbers, and one row for each upstream and repository. */
export class HourCount {
  /** Whole hours since 1970. */
  readonly hour: number
  readonly #served: Sums<ServedTally> = { ...nothing }
  readonly #upstreams = new Map<string, Sums<UpstreamTally>>()
  readonly #repositories = new Map<string, Sums<RepositoryTally>>()

  constructor(hour: number) {
    this.hour = hour
  }

  /** @param nameOf what its repository is counted under */
  add(entry: AccessEntry, nameOf: (repository: string) => string): void {
    const served = this.#served
    const { action, status, bytes } = entry
    if (status === 403 || status === 429 || (status === 401 && action === "login")) served.refused += 1
    if (status >= 500) served.failures += 1
    if (action === "login") return
    served.requests += 1
    if (action === "push") {
      served.bytesPushed += bytes
      return
    }
    served.bytesSent += bytes
    if ((action !== "pull" && action !== "blob") || !isServed(entry)) return
    this.#addOrigin(cacheResultOf(entry))
    const isPull = action === "pull" && !entry.reference.includes(":")
    if (isPull) served.pulls += 1
    if (!isPull && bytes === 0) return
    const repository = this.#repository(nameOf(entry.repository))
    repository.bytesSent += bytes
    if (isPull) repository.pulls += 1
  }

  addAnswer(host: string, tookMs: number): void {
    const upstream = this.#upstream(host)
    upstream.requests += 1
    upstream.waitMs += tookMs
  }

  addFailure(host: string): void {
    const upstream = this.#upstream(host)
    upstream.requests += 1
    upstream.failures += 1
  }

  addFetched(host: string, bytes: number): void {
    this.#upstream(host).bytesFetched += bytes
    this.#served.bytesFetched += bytes
  }

  /** Takes over what was counted of the same hour elsewhere. */
  addCount(count: ServedCount): void {
    addUp(this.#served, count, servedNames)
    for (const each of count.upstreams) addUp(this.#upstream(each.host), each, upstreamNames)
    for (const each of count.repositories) addUp(this.#repository(each.repository), each, repositoryNames)
  }

  /** Forgets which repositories it were: their sums stay, under an empty name. */
  forgetRepositories(): void {
    const all = [...this.#repositories.values()]
    this.#repositories.clear()
    for (const each of all) addUp(this.#repository(""), each, repositoryNames)
  }

  /** In parts of at most so many repositories, which add up to all of it. */
  counts(mostRepositories: number): readonly ServedCount[] {
    const repositories = [...this.#repositories.values()]
    const first: ServedCount = {
      ...{ hour: this.hour, ...this.#served },
      upstreams: [...this.#upstreams.values()],
      repositories: repositories.slice(0, mostRepositories),
    }
    const counts = [first]
    for (let from = mostRepositories; from < repositories.length; from += mostRepositories) {
      const part = repositories.slice(from, from + mostRepositories)
      counts.push({ ...{ hour: this.hour, ...nothing }, upstreams: [], repositories: part })
    }
    return counts
  }

  #addOrigin(cache: AccessEntry["cache"]): void {
    if (cache === "miss") this.#served.misses += 1
    else if (cache !== null) this.#served.hits += 1
    if (cache === "stale") this.#served.stale += 1
  }

  #upstream(host: string): Sums<UpstreamTally> {
    let upstream = this.#upstreams.get(host)
    if (upstream === undefined) {
      upstream = { host, requests: 0, failures: 0, waitMs: 0, bytesFetched: 0 }
      this.#upstreams.set(host, upstream)
    }
    return upstream
  }

  #repository(name: string): Sums<RepositoryTally> {
    let repository = this.#repositories.get(name)
    if (repository === undefined) {
      repository = { repository: name, pulls: 0, bytesSent: 0 }
      this.#repositories.set(name, repository)
    }
    return repository
  }
}

const nothing: ServedTally = {
  requests: 0,
  pulls: 0,
  refused: 0,
  failures: 0,
  hits: 0,
  stale: 0,
  misses: 0,
  bytesSent: 0,
  bytesPushed: 0,
  bytesFetched: 0,
}

const servedNames = [
  ...(["requests", "pulls", "refused", "failures", "hits", "stale", "misses"] as const),
  ...(["bytesSent", "bytesPushed", "bytesFetched"] as const),
] satisfies readonly (keyof ServedTally)[]
const upstreamNames = ["requests", "failures", "waitMs", "bytesFetched"] as const satisfies readonly (keyof UpstreamTally)[]
const repositoryNames = ["pulls", "bytesSent"] as const satisfies readonly (keyof RepositoryTally)[]

function addUp<Name extends string>(
  sums: Record<Name, number>,
  more: Readonly<Record<NoInfer<Name>, number>>,
  names: readonly Name[],
): void {
  for (const name of names) sums[name] += more[name]
}
