import { type Digest, isDigest, isTransferError, type RawManifest, type RemoteStore } from "@entrepot/core"
import type { Repository } from "@entrepot/db/stores"
import { readServedManifest } from "../warehouse/read-manifest.ts"
import type { DescribedManifest, Provenance, ServedManifest } from "../warehouse/readable-repository.ts"
import type { Answered, Patience } from "./ask-upstreams.ts"
import { type AskedRepository, isAnswered } from "./asked-repository.ts"
import type { ProxyParts } from "./proxy-parts.ts"
import { believedMs } from "./standing.ts"
import { TurnedAway } from "./turned-away.ts"
import { UpstreamFailure } from "./upstream-failure.ts"

/** A tag as it is known here, with what it points at. */
interface KnownTag {
  readonly digest: Digest
  readonly checkedAt: number
}

/**
 * Manifests of one repository, read through its upstreams. What has a digest is asked for once; a tag is asked for again by HEAD when it is older than the
 * registry's tags are believed, and served as it was known when no upstream can be asked (fault 41).
 */
export class ManifestsThrough {
  readonly #parts: ProxyParts
  readonly #asked: AskedRepository

  constructor(parts: ProxyParts, asked: AskedRepository) {
    this.#parts = parts
    this.#asked = asked
  }

  /** From memory alone, see `ReadableRepository.recall`. */
  recall(reference: string): ServedManifest | undefined {
    const { standing, warehouse } = this.#parts
    const row = standing.peek(this.#asked.name.name)
    if (row === undefined || !standing.stands(row, this.#asked.identity)) return undefined
    if (reference.includes(":")) return warehouse.manifests.recall(row.id, reference)
    const tag = warehouse.tags.recall(row.id, reference)
    return tag !== undefined && this.#isFresh(tag) ? warehouse.manifests.recall(row.id, tag.digest) : undefined
  }

  /** Undefined: no upstream has it. @throws RegistryError, see `askUpstreams`. */
  async get(reference: string, signal: AbortSignal): Promise<ServedManifest | undefined> {
    const { manifestFlights, absences } = this.#parts
    const known = this.recall(reference)
    if (known !== undefined) return known
    const key = this.#key(reference)
    const isTag = !isDigest(reference)
    // What has a digest may be here all the same.
    if (isTag && absences.has(key)) return undefined
    return await manifestFlights.run(key, signal, (flight) =>
      this.#remembering(reference, () => (isTag ? this.#byTag(reference, flight) : this.#byDigest(reference, flight))),
    )
  }

  /** What is not here is asked for by HEAD alone, which costs nothing at Docker Hub. */
  async describe(reference: string, signal: AbortSignal): Promise<DescribedManifest | undefined> {
    const { absences, announced, describeFlights, tagLifetimeMs } = this.#parts
    const known = this.recall(reference)
    if (known !== undefined) return known
    if (absences.has(this.#key(reference)) && !isDigest(reference)) return undefined
    const lifetimeMs = tagLifetimeMs(this.#asked.name.registry)
    const fresh = announced.get(
      this.#asked.scope,
      reference,
      this.#asked.identity === undefined ? lifetimeMs : Math.min(lifetimeMs, believedMs),
    )
    if (fresh !== undefined) return { descriptor: fresh.descriptor, cache: "hit", upstream: fresh.upstream }
    if (await this.#isHere(reference)) return await this.get(reference, signal)
    return await describeFlights.run(this.#key(reference), signal, (flight) =>
      this.#remembering(reference, async () => {
        const answer = await this.#ask(this.#parts.patience.miss, flight, (remote, asking) => remote.resolve(reference, asking))
        if (answer === undefined) return undefined
        await this.#asked.letIn()
        const { host } = answer.client
        if (!isDigest(reference)) announced.note(this.#asked.scope, reference, answer.value, host)
        return { descriptor: answer.value, cache: "miss", upstream: host }
      }),
    )
  }

  /** Remembers what is not there. */
  async #remembering<T>(reference: string, work: () => Promise<T | undefined>): Promise<T | undefined> {
    const { absences } = this.#parts
    const key = this.#key(reference)
    try {
      const found = await work()
      if (found === undefined) absences.note(key)
      else absences.forget(key)
      return found
    } catch (error) {
      if (error instanceof TurnedAway) absences.note(key, error)
      throw error
    }
  }

  /** Whether the manifest is here, wherever a tag may point by now. */
  async #isHere(reference: string): Promise<boolean> {
    const { standing, warehouse } = this.#parts
    const row = await standing.row(this.#asked.name.name)
    if (row === undefined) return false
    const digest = isDigest(reference) ? reference : (await warehouse.tags.get(row.id, reference))?.digest
    return digest !== undefined && (await warehouse.manifests.get(row.id, digest)) !== undefined
  }

  #key(reference: string): string {
    return `${this.#asked.scope} ${reference}`
  }

  async #byDigest(digest: Digest, signal: AbortSignal): Promise<ServedManifest | undefined> {
    const { standing, warehouse, patience } = this.#parts
    const row = await standing.row(this.#asked.name.name)
    const local = row === undefined ? undefined : await warehouse.manifests.get(row.id, digest)
    if (local !== undefined && row !== undefined) {
      if (standing.stands(row, this.#asked.identity)) return local
      const proof = await this.#ask(patience.miss, signal, (remote, asking) => remote.resolve(digest, asking))
      if (proof === undefined) return undefined
      await this.#asked.letIn()
      return from(local, "revalidated", proof)
    }
    if (this.#parts.absences.has(this.#key(digest))) return undefined
    const fetched = await this.#fetch(digest, patience.miss, signal)
    return fetched === undefined ? undefined : await this.#keep(fetched, undefined, signal)
  }

  async #byTag(tag: string, signal: AbortSignal): Promise<ServedManifest | undefined> {
    const { standing, warehouse, patience } = this.#parts
    const row = await standing.row(this.#asked.name.name)
    const known = row === undefined ? undefined : await warehouse.tags.get(row.id, tag)
    const local = row === undefined || known === undefined ? undefined : await warehouse.manifests.get(row.id, known.digest)
    if (row === undefined || known === undefined || local === undefined) return await this.#coldTag(tag, signal)
    const stands = standing.stands(row, this.#asked.identity)
    if (stands && this.#isFresh(known)) return local
    try {
      return await this.#revalidate(tag, local, row, stands ? patience.stale : patience.miss, signal)
    } catch (error) {
      if (!stands || !(error instanceof UpstreamFailure)) throw error
      return { ...local, cache: "stale", ...(error.upstream === undefined ? {} : { upstream: error.upstream }) }
    }
  }

  async #coldTag(tag: string, signal: AbortSignal): Promise<ServedManifest | undefined> {
    const fetched = await this.#fetch(tag, this.#parts.patience.miss, signal)
    return fetched === undefined ? undefined : await this.#keep(fetched, tag, signal)
  }

  async #revalidate(
    tag: string,
    local: ServedManifest,
    row: Repository,
    patience: Patience,
    signal: AbortSignal,
  ): Promise<ServedManifest | undefined> {
    const { warehouse } = this.#parts
    const answer = await this.#ask(patience, signal, (remote, asking) => remote.resolve(tag, asking))
    if (answer === undefined) return undefined
    const { digest } = answer.value
    await this.#asked.letIn()
    if (digest === local.descriptor.digest) {
      await warehouse.tags.touch(row.id, tag)
      return from(local, "revalidated", answer)
    }
    const other = await warehouse.manifests.get(row.id, digest)
    if (other !== undefined && (await warehouse.tags.set(row.id, tag, digest))) return from(other, "revalidated", answer)
    // Between HEAD and GET the tag may have moved on, and what it pointed at be gone (fault 15).
    const fetched = (await this.#fetch(digest, patience, signal)) ?? (await this.#fetch(tag, patience, signal))
    return fetched === undefined ? undefined : await this.#keep(fetched, tag, signal)
  }

  #fetch(reference: string, patience: Patience, signal: AbortSignal): Promise<Answered<RawManifest> | undefined> {
    return this.#ask(patience, signal, async (remote, asking) => {
      try {
        return await remote.getManifest(reference, asking)
      } catch (error) {
        if (isTransferError(error, "not_found")) return undefined
        throw error
      }
    })
  }

  /** Keeps what came, also when nobody waits for it any more. */
  async #keep(fetched: Answered<RawManifest>, tag: string | undefined, signal: AbortSignal): Promise<ServedManifest> {
    const { standing, warehouse, announced, tagLifetimeMs } = this.#parts
    const { descriptor, bytes } = fetched.value
    const isPublic = () => this.#isPublic(descriptor.digest, signal)
    const find = async () => await standing.beforeKeeping(await this.#asked.letIn(), this.#asked.identity, isPublic)
    const read = readServedManifest(descriptor.digest, descriptor.mediaType, bytes)
    const tags = announced.take(this.#asked.scope, descriptor.digest, tagLifetimeMs(this.#asked.name.registry))
    const [first, ...others] = tag === undefined ? tags : [tag]
    const stored = await warehouse.repositories.changing(find, async ({ id }) => {
      const put = () => warehouse.manifests.put(id, read, bytes, { tag: first, complete: false })
      await (first === undefined ? put() : warehouse.tags.changing(id, first, put))
      for (const other of others) await warehouse.tags.set(id, other, descriptor.digest)
      return await warehouse.manifests.get(id, descriptor.digest)
    })
    return from(stored ?? { ...fetched.value, cache: "miss" }, "miss", fetched)
  }

  /** Whether strangers may read it. */
  #isPublic(digest: Digest, signal: AbortSignal): Promise<boolean> {
    const { patience } = this.#parts
    return isAnswered(() =>
      this.#ask(patience.stale, signal, (remote, asked) => remote.resolve(digest, asked), this.#asked.stranger),
    )
  }

  #isFresh(tag: KnownTag): boolean {
    return this.#parts.now() - tag.checkedAt < this.#parts.tagLifetimeMs(this.#asked.name.registry)
  }

  #ask<T>(
    patience: Patience,
    signal: AbortSignal,
    question: (remote: RemoteStore, signal: AbortSignal) => Promise<T | undefined>,
    as = this.#asked,
  ): Promise<Answered<T> | undefined> {
    return as.ask(patience, signal, (client, asked) => question(client.open(as.name.path, as.identity), asked))
  }
}

function from(manifest: ServedManifest, cache: Provenance["cache"], answer: Answered<unknown>): ServedManifest {
  return { ...manifest, cache, upstream: answer.client.host }
}
