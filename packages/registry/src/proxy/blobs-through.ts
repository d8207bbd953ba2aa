import { type Descriptor, type Digest, isTransferError, mediaTypes, type TransferError } from "@entrepot/core"
import type { Repository } from "@entrepot/db/stores"
import { RegistryError } from "../registry-error.ts"
import type { ServedBlob } from "../warehouse/readable-repository.ts"
import { type Answered, askUpstreams, type Patience } from "./ask-upstreams.ts"
import { blobSize } from "./blob-size.ts"
import type { ClientIdentity } from "./client-identity.ts"
import type { ProxyParts } from "./proxy-parts.ts"
import type { ProxiedName } from "./resolved-name.ts"
import { throughBlob } from "./through-blob.ts"
import { TurnedAway } from "./turned-away.ts"
import { UpstreamBlobs } from "./upstream-blobs.ts"
import { upstreamFailure } from "./upstream-failure.ts"

/**
 * Blobs of one repository, read through its upstreams. Bytes that are here are shared by all repositories; whether this one has a right to them is an
 * upstream's word, until it has been given once (S6): then a link stands for it.
 */
export class BlobsThrough {
  readonly #parts: ProxyParts
  readonly #name: ProxiedName
  readonly #identity: ClientIdentity | undefined

  constructor(parts: ProxyParts, name: ProxiedName, identity: ClientIdentity | undefined) {
    this.#parts = parts
    this.#name = name
    this.#identity = identity
  }

  /** Undefined: no upstream has it. @throws RegistryError, see `askUpstreams`; reading throws the same where nothing has come yet. */
  async get(digest: Digest, signal: AbortSignal): Promise<ServedBlob | undefined> {
    const { standing, warehouse } = this.#parts
    const row = await standing.row(this.#name.name)
    if (row === undefined) return await this.#strange(digest, signal)
    const linked = await warehouse.blobs.linked(row.id, digest)
    const reference = linked === undefined ? await warehouse.blobs.referenceIn(row.id, digest) : undefined
    if (linked === undefined && reference === undefined) return await this.#strange(digest, signal)
    // Even that it is here is nobody's business who may not read it.
    if (!standing.stands(row, this.#identity)) return await this.#proven(digest, signal)
    if (linked?.blob !== undefined) {
      const { blob } = linked
      return (await warehouse.blobs.open(blob)) ?? (await this.#fill(row, digest, blob.sizeBytes, signal))
    }
    const sizeBytes = (reference ?? (await warehouse.blobs.referenceIn(row.id, digest)))?.sizeBytes
    // The bytes may be here through another repository: then an upstream has to say that this one has them too.
    if (sizeBytes === undefined || (await warehouse.blobs.record(digest)) !== undefined) return await this.#proven(digest, signal)
    return await this.#fill(row, digest, sizeBytes, signal)
  }

  /** Nothing here speaks of it: an upstream is asked whether the repository has it, and how large it is. */
  async #strange(digest: Digest, signal: AbortSignal): Promise<ServedBlob | undefined> {
    const key = `blob ${this.#identity?.key ?? ""} ${this.#name.name} ${digest}`
    if (this.#parts.absences.has(key)) return undefined
    try {
      const found = await this.#proven(digest, signal)
      if (found === undefined) this.#parts.absences.note(key)
      return found
    } catch (error) {
      if (error instanceof TurnedAway) this.#parts.absences.note(key, error)
      throw error
    }
  }

  /** What an upstream says that this repository has: linked where the bytes are here, otherwise fetched. */
  async #proven(digest: Digest, signal: AbortSignal): Promise<ServedBlob | undefined> {
    const { standing, warehouse } = this.#parts
    const answer = await this.#ask(digest, signal)
    if (answer === undefined) return undefined
    const { name, registry } = this.#name
    const row = await standing.letIn(name, registry, this.#identity)
    const record = await warehouse.blobs.record(digest)
    if (record?.sizeBytes !== answer.value) return await this.#fill(row, digest, answer.value, signal)
    await standing.beforeKeeping(row, this.#identity, () => this.#isPublic(digest, signal))
    await warehouse.blobs.link(row.id, digest)
    const stored = await warehouse.blobs.open(record)
    if (stored === undefined) return await this.#fill(row, digest, answer.value, signal)
    return throughBlob(stored, { cache: "revalidated", upstream: answer.client.host })
  }

  /** Whether strangers may read it. What cannot be found out counts as no. */
  async #isPublic(digest: Digest, signal: AbortSignal): Promise<boolean> {
    try {
      return (await this.#askAs(undefined, this.#parts.patience.stale, digest, signal)) !== undefined
    } catch (error) {
      if (error instanceof RegistryError) return false
      throw error
    }
  }

  #ask(digest: Digest, signal: AbortSignal): Promise<Answered<number> | undefined> {
    return this.#askAs(this.#identity, this.#parts.patience.miss, digest, signal)
  }

  #askAs(
    identity: ClientIdentity | undefined,
    patience: Patience,
    digest: Digest,
    signal: AbortSignal,
  ): Promise<Answered<number> | undefined> {
    const { name, registry, path } = this.#name
    const asking = { clients: this.#parts.clientsOf(registry, identity), name, identity, patience }
    const key = `${identity?.key ?? ""} ${name} ${digest} ${patience.totalMs}`
    return this.#parts.sizeFlights.run(key, signal, (flight) =>
      askUpstreams({ ...asking, signal: flight }, (client, asked) => blobSize(client, path, digest, { identity, signal: asked })),
    )
  }

  async #fill(row: Repository, digest: Digest, sizeBytes: number, signal: AbortSignal): Promise<ServedBlob> {
    const { clientsOf, fills, patience, standing } = this.#parts
    const identity = this.#identity
    await standing.beforeKeeping(row, identity, () => this.#isPublic(digest, signal))
    const sources = clientsOf(this.#name.registry, identity).map(
      (client) => new UpstreamBlobs(client, this.#name.path, identity, patience.miss.totalMs),
    )
    const blob: Descriptor = { mediaType: mediaTypes.octetStream, digest, size: sizeBytes }
    const audience = `${row.id} ${identity?.key ?? ""}`
    const served = await fills.open({ repositoryId: row.id, blob, sources, audience }, signal)
    return throughBlob(served, { failed: (error) => this.#failure(error, digest, sources) })
  }

  /** What a fill that has not begun failed with, as `askUpstreams` would say it. */
  #failure(error: unknown, digest: Digest, sources: readonly UpstreamBlobs[]): unknown {
    if (!isTransferError(error) || error.code === "cancelled" || error.code === "local_io") return error
    const isAbsence = ({ code }: TransferError) => code === "not_found"
    const isRefusal = ({ code }: TransferError) => code === "unauthorized" || code === "forbidden"
    const met = [...sources.flatMap(({ lastError }) => (lastError === undefined ? [] : [lastError])), error]
    const trouble = met.find((each) => !isAbsence(each) && !isRefusal(each))
    if (trouble !== undefined) return upstreamFailure(trouble)
    const refused = met.find(isRefusal)
    if (refused === undefined) return new RegistryError("BLOB_UNKNOWN", `no upstream has ${digest} any more`, { cause: error })
    if (this.#identity !== undefined) {
      return new RegistryError("DENIED", `${refused.host ?? "the registry"} does not let this login read ${this.#name.name}`, {
        cause: refused,
      })
    }
    return new TurnedAway(this.#name.name, refused)
  }
}
