import { randomUUID } from "node:crypto"
import { type ByteStream, type Digest, isDigest, isTransferError, SerialQueue } from "@entrepot/core"
import type { UploadRecord, WarehouseStore } from "@entrepot/db/stores"
import type { BlobStore, PartialBlob } from "../blobs/blob-store.ts"
import { RegistryError } from "../registry-error.ts"
import { appendBody } from "./append-body.ts"
import type { UploadSession } from "./hosted-repository.ts"
import type { KeptBlobs } from "./kept-blobs.ts"
import type { Leases } from "./leases.ts"

interface UploadsParts {
  readonly store: WarehouseStore
  readonly files: BlobStore
  readonly blobs: KeptBlobs
  readonly leases: Leases
  readonly now: () => number
  /** How long a file stays open after a request, so that the next one need not hash it again. Milliseconds. */
  readonly idleMs: number
  readonly makeRoom: (bytes: number) => Promise<boolean>
  /** A blob was stored. */
  readonly stored: (sizeBytes: number) => void
}

interface OpenUpload {
  readonly queue: SerialQueue
  partial: PartialBlob | undefined
  requests: number
  idle: NodeJS.Timeout | undefined
}

/** Upload sessions (distribution-spec, "Pushing blobs"): a row each, and what has arrived as a partial blob. Both outlive the process. */
export class Uploads {
  readonly #parts: UploadsParts
  readonly #open = new Map<string, OpenUpload>()

  constructor(parts: UploadsParts) {
    this.#parts = parts
  }

  async begin(repositoryId: number, algorithm: "sha256" | "sha512"): Promise<UploadSession> {
    const id = randomUUID()
    await this.#parts.store.createUpload({ id, repositoryId, algorithm, startedAt: this.#parts.now() })
    return { id, offset: 0 }
  }

  /** @throws RegistryError BLOB_UPLOAD_UNKNOWN. */
  async status(repositoryId: number, id: string): Promise<UploadSession> {
    await this.#record(repositoryId, id)
    const partial = this.#open.get(id)?.partial ?? (await this.#parts.files.statPartial(partialName(id)))
    return { id, offset: partial?.sizeBytes ?? 0 }
  }

  /** @throws RegistryError BLOB_UPLOAD_UNKNOWN, RANGE_INVALID, UNAVAILABLE (full disk). */
  async append(
    repositoryId: number,
    id: string,
    start: number | undefined,
    body: ByteStream,
    signal: AbortSignal,
  ): Promise<UploadSession> {
    return await this.#inSession(repositoryId, id, async (partial) => {
      assertStart(partial, start)
      await appendBody(partial, body, { signal, makeRoom: this.#parts.makeRoom })
      return { id, offset: partial.sizeBytes }
    })
  }

  /** @throws RegistryError DIGEST_INVALID (the session is gone then), BLOB_UPLOAD_UNKNOWN, RANGE_INVALID, UNAVAILABLE (full disk). */
  async finish(
    repositoryId: number,
    id: string,
    digest: Digest,
    start: number | undefined,
    body: ByteStream,
    signal: AbortSignal,
  ): Promise<void> {
    const release = this.#parts.leases.take(digest)
    try {
      await this.#inSession(repositoryId, id, async (partial, open) => {
        assertStart(partial, start)
        if (!isDigest(digest)) throw await this.#refused(id, open, `not a digest that can be verified: "${digest.slice(0, 160)}"`)
        await appendBody(partial, body, { signal, makeRoom: this.#parts.makeRoom })
        try {
          this.#parts.blobs.rely(digest)
          const { sizeBytes } = await this.#parts.blobs.commit(partial, digest, repositoryId)
          this.#parts.stored(sizeBytes)
        } catch (error) {
          if (isTransferError(error, "digest_mismatch")) throw await this.#refused(id, open, error.message)
          await this.#letGo(id, open)
          // The repository may have been removed while the bytes came, and the session with it.
          await this.#record(repositoryId, id)
          throw error
        }
        await this.#letGo(id, open)
        await this.#parts.store.removeUpload(id)
      })
    } finally {
      release()
    }
  }

  /** @throws RegistryError BLOB_UPLOAD_UNKNOWN. */
  async cancel(repositoryId: number, id: string): Promise<void> {
    await this.#inSession(repositoryId, id, (_partial, open) => this.#remove(id, open))
  }

  /** Ends sessions that began longer ago than `olderThanMs` and have seen no byte for `graceMs`. Returns how many. */
  async sweep(olderThanMs: number, graceMs: number): Promise<number> {
    const { store, files, now } = this.#parts
    let swept = 0
    for (const { id, repositoryId } of await store.listUploads(now() - olderThanMs, 1000)) {
      if ((this.#open.get(id)?.requests ?? 0) > 0) continue
      const partial = await files.statPartial(partialName(id))
      if (partial !== undefined && now() - partial.modifiedAt < graceMs) continue
      try {
        await this.cancel(repositoryId, id)
        swept++
      } catch (error) {
        // Somebody has ended it meanwhile, or another process holds it.
        if (!(error instanceof RegistryError) && !isTransferError(error, "local_io")) throw error
      }
    }
    return swept
  }

  /** Lets go of all files; sessions stay. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map(([id, open]) => open.queue.run(() => this.#letGo(id, open))))
  }

  async #inSession<T>(
    repositoryId: number,
    id: string,
    work: (partial: PartialBlob, open: OpenUpload) => Promise<T>,
  ): Promise<T> {
    const open = this.#open.get(id) ?? { queue: new SerialQueue(), partial: undefined, requests: 0, idle: undefined }
    this.#open.set(id, open)
    clearTimeout(open.idle)
    open.requests++
    try {
      return await open.queue.run(async () => {
        const record = await this.#record(repositoryId, id)
        open.partial ??= await this.#parts.files.openPartial(partialName(id), { algorithm: record.algorithm })
        return await work(open.partial, open)
      })
    } finally {
      open.requests--
      if (open.requests === 0) this.#restLater(id, open)
    }
  }

  #restLater(id: string, open: OpenUpload): void {
    if (open.partial === undefined) {
      if (this.#open.get(id) === open) this.#open.delete(id)
      return
    }
    const rest = () => {
      if (open.requests === 0) void open.queue.run(() => this.#letGo(id, open)).catch(() => undefined)
    }
    open.idle = setTimeout(rest, this.#parts.idleMs).unref()
  }

  async #letGo(id: string, open: OpenUpload): Promise<void> {
    clearTimeout(open.idle)
    const { partial } = open
    open.partial = undefined
    if (open.requests === 0 && this.#open.get(id) === open) this.#open.delete(id)
    await partial?.close()
  }

  async #record(repositoryId: number, id: string): Promise<UploadRecord> {
    const record = await this.#parts.store.upload(repositoryId, id)
    if (record !== undefined) return record
    throw new RegistryError("BLOB_UPLOAD_UNKNOWN", "there is no such upload", { detail: { id: id.slice(0, 100) } })
  }

  async #remove(id: string, open: OpenUpload): Promise<void> {
    const { partial } = open
    open.partial = undefined
    await partial?.discard()
    await this.#parts.store.removeUpload(id)
  }

  async #refused(id: string, open: OpenUpload, why: string): Promise<RegistryError> {
    await this.#remove(id, open)
    return new RegistryError("DIGEST_INVALID", why)
  }
}

function partialName(id: string): string {
  return `upload-${id}`
}

/** distribution-spec, "Pushing a blob in chunks": chunks come in order, without gap. */
function assertStart(partial: PartialBlob, start: number | undefined): void {
  if (start === undefined || start === partial.sizeBytes) return
  throw new RegistryError("RANGE_INVALID", `the upload stands at byte ${partial.sizeBytes}, not at ${start}`, {
    detail: { offset: partial.sizeBytes },
  })
}
