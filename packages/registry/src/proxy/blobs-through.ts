import { type Descriptor, type Digest, isTransferError, mediaTypes, type TransferError } from "@entrepot/core"
import type { Repository } from "@entrepot/db/stores"
import { RegistryError } from "../registry-error.ts"
import type { ServedBlob } from "../warehouse/readable-repository.ts"
import type { Answered, Patience } from "./ask-upstreams.ts"
import { type AskedRepository, isAnswered } from "./asked-repository.ts"
import { blobSize } from "./blob-size.ts"
import type { ProxyParts } from "./proxy-parts.ts"
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
  readonly #asked: AskedRepository

  constructor(parts: ProxyParts, asked: AskedRepository) {
    this.#parts = parts
    this.#asked = asked
  }

  /** Undefined: no upstream has it. @throws RegistryError, see `askUpstreams`; reading throws the same where nothing has come yet. */
  async get(digest: Digest, signal: AbortSignal): Promise<ServedBlob | undefined> {
    const { standing, warehouse } = this.#parts
    const row = await standing.row(this.#asked.name.name)
    if (row === undefined) return await this.#strange(digest, signal)
    const linked = await warehouse.blobs.linked(row.id, digest)
    const reference = linked === undefined ? await warehouse.blobs.referenceIn(row.id, digest) : undefined
    if (linked === undefined && reference === undefined) return await this.#strange(digest, signal)
    // Even that it is here is nobody's business who may not read it.
    if (!standing.stands(row, this.#asked.identity)) return await this.#proven(digest, signal)
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
    const key = `blob ${this.#asked.scope} ${digest}`
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
    const { standing, warehouse, patience } = this.#parts
    const answer = await this.#ask(this.#asked, patience.miss, digest, signal)
    if (answer === undefined) return undefined
    const row = await this.#asked.letIn()
    const record = await warehouse.blobs.record(digest)
    if (record?.sizeBytes !== answer.value) return await this.#fill(row, digest, answer.value, signal)
    await standing.beforeKeeping(row, this.#asked.identity, () => this.#isPublic(digest, signal))
    await warehouse.blobs.link(row.id, digest)
    const stored = await warehouse.blobs.open(record)
    if (stored === undefined) return await this.#fill(row, digest, answer.value, signal)
    return throughBlob(stored, { cache: "revalidated", upstream: answer.client.host })
  }

  /** Whether strangers may read it. */
  #isPublic(digest: Digest, signal: AbortSignal): Promise<boolean> {
    return isAnswered(() => this.#ask(this.#asked.stranger, this.#parts.patience.stale, digest, signal))
  }

  #ask(as: AskedRepository, patience: Patience, digest: Digest, signal: AbortSignal): Promise<Answered<number> | undefined> {
    const { identity, name } = as
    return this.#parts.sizeFlights.run(`${as.scope} ${digest} ${patience.totalMs}`, signal, (flight) =>
      as.ask(patience, flight, (client, asked) => blobSize(client, name.path, digest, { identity, signal: asked })),
    )
  }

  async #fill(row: Repository, digest: Digest, sizeBytes: number, signal: AbortSignal): Promise<ServedBlob> {
    const { fills, patience, standing } = this.#parts
    const { clients, identity, name } = this.#asked
    await standing.beforeKeeping(row, identity, () => this.#isPublic(digest, signal))
    const sources = clients.map((client) => new UpstreamBlobs(client, name.path, identity, patience.miss.totalMs))
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
    if (this.#asked.identity !== undefined) {
      return new RegistryError(
        "DENIED",
        `${refused.host ?? "the registry"} does not let this login read ${this.#asked.name.name}`,
        {
          cause: refused,
        },
      )
    }
    return new TurnedAway(this.#asked.name.name, refused)
  }
}
