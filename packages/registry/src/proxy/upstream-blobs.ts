import {
  type BlobRead,
  type Descriptor,
  type Digest,
  isCancellation,
  isTransferError,
  type ReadRange,
  type RemoteStore,
  type TransferError,
} from "@entrepot/core"
import { blobSize } from "./blob-size.ts"
import type { ClientIdentity } from "./client-identity.ts"
import type { FillSource } from "./fills/fill-request.ts"
import type { UpstreamClient } from "./upstream-client.ts"
import { isOutage, isTimeout } from "./upstream-failure.ts"

/** More tries than anybody has: the next upstream carries on at once. */
const noMoreTries = 1_000

/** Where one upstream has a repository's blobs, as fills read them: what it does goes into the books, and one that does not work is not begun with. */
export class UpstreamBlobs implements FillSource {
  readonly host: string
  readonly canRange = true as const
  readonly #client: UpstreamClient
  readonly #remote: RemoteStore
  readonly #size: (digest: Digest, signal: AbortSignal | undefined) => Promise<number | undefined>
  readonly #patienceMs: number
  #lastError: TransferError | undefined

  /** @param patienceMs how long a host may ask us to wait, milliseconds, before it counts as limiting us */
  constructor(client: UpstreamClient, path: string, identity: ClientIdentity | undefined, patienceMs: number) {
    this.host = client.host
    this.#client = client
    this.#remote = client.open(path, identity)
    this.#size = (digest, signal) => blobSize(client, path, digest, { identity, signal })
    this.#patienceMs = patienceMs
  }

  /** What it failed with last, `not_found` included. */
  get lastError(): TransferError | undefined {
    return this.#lastError
  }

  async hasBlob(blob: Descriptor, signal?: AbortSignal): Promise<boolean> {
    return await this.#noting(async () => (await this.#size(blob.digest, signal)) === blob.size, signal)
  }

  async openBlob(blob: Descriptor, range: ReadRange = {}, signal?: AbortSignal): Promise<BlobRead> {
    // A blob that is half here is gone on with, whatever others meet: its clients are in the middle of it.
    if ((range.from ?? 0) > 0) return await this.#noting(() => this.#remote.openBlob(blob, range, signal), signal)
    this.#refuseWhileShut()
    const pass = this.#client.circuit.enter()
    if (pass === undefined) throw this.#noted(this.#client.leftAlone().with({ attempts: noMoreTries }))
    const startedAt = performance.now()
    try {
      const read = await this.#noting(() => this.#remote.openBlob(blob, range, signal), signal)
      pass.succeeded()
      this.#client.noteSuccess(performance.now() - startedAt)
      return read
    } catch (error) {
      if (isCancellation(error, signal) || !isTransferError(error)) pass.abandoned()
      else if (isOutage(error)) {
        this.#client.noteFailure(error)
        pass.failed(isTimeout(error) ? "timeout" : "failure")
      } else pass.succeeded()
      throw error
    }
  }

  #refuseWhileShut(): void {
    const waitMs = this.#client.waitingForMs
    if (waitMs <= this.#patienceMs) return
    throw this.#noted(this.#client.limited(waitMs).with({ attempts: noMoreTries }))
  }

  async #noting<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const startedAt = performance.now()
    try {
      const result = await work()
      this.#client.asked(performance.now() - startedAt)
      return result
    } catch (error) {
      if (isTransferError(error) && !isCancellation(error, signal)) {
        this.#client.asked(performance.now() - startedAt, error)
        this.#noted(error)
      }
      throw error
    }
  }

  #noted(error: TransferError): TransferError {
    this.#lastError = error
    return error
  }
}
