import { setTimeout as delay } from "node:timers/promises"
import type { Descriptor } from "../../content/descriptor.ts"
import type { BlobBody, PutOptions } from "../../content/store.ts"
import { isCancellation, isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { RequestBody } from "../../http/http.ts"
import { hasBlob } from "./blobs.ts"
import { type Quirks, quirksOf } from "./quirks.ts"
import { placed } from "./registry-error.ts"
import type { RepositoryClient } from "./repository-client.ts"
import { type StallLimits, StallWatch } from "./stall-watch.ts"
import type { UploadMemory } from "./upload-budget.ts"
import { UploadReader } from "./upload-reader.ts"
import { describeUpload, UploadRequests, type UploadSession } from "./upload-session.ts"

export interface UploadSettings extends StallLimits {
  /** Largest blob, in bytes, to send within the POST where the registry takes it. Default 8 MiB. */
  readonly singlePostLimit: number
  /** For giving up a broken upload, at most, in milliseconds. Default 3,000. */
  readonly cancelTimeoutMs: number
  /** First wait between tries without progress, in milliseconds; doubled each time, up to a minute, with full jitter. Default 500. */
  readonly backoffMs: number
  readonly random: () => number
}

export const defaultUploadSettings: UploadSettings = {
  singlePostLimit: 8 * 1024 * 1024,
  stallTimeoutMs: 10_000,
  answerTimeoutMs: 30_000,
  cancelTimeoutMs: 3_000,
  backoffMs: 500,
  random: Math.random,
}

export interface UploadPlace {
  readonly client: RepositoryClient
  readonly memory: UploadMemory
  readonly settings: UploadSettings
  /** A session that a refused mount left behind. */
  readonly begun?: UploadSession | undefined
}

const progressBytes = 1024 * 1024
const mostTries = 6
const mostSessions = 3
const mostBackoffMs = 60_000

/** What a registry calls an upload that it does not know (any more), or whose bytes went wrong on the way. */
const lostCodes = new Set(["BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID", "DIGEST_INVALID", "SIZE_INVALID"])

/**
 * Stores one blob whole or not at all, whatever happens on the way (RELIABILITY faults 5, 17 to 23 and 30). A broken upload goes on where the registry
 * says it is; where the registry does not say, or refuses, it begins again; any mebibyte gained starts the counting of tries anew.
 * @throws TransferError of the last try, or what the source threw.
 */
export async function uploadBlob(place: UploadPlace, blob: Descriptor, body: BlobBody, options: PutOptions = {}): Promise<void> {
  await new Upload(place, blob, body, options).run()
}

class Upload {
  readonly #place: UploadPlace
  readonly #blob: Descriptor
  readonly #options: PutOptions
  readonly #reader: UploadReader
  readonly #requests: UploadRequests
  readonly #quirks: Quirks
  readonly #size: number
  #session: UploadSession | undefined
  /** Of the piece that was sent last. */
  #sent = { bytes: 0, complete: false }
  #tries = 0
  #sessions = 0
  #confirmed = 0

  constructor(place: UploadPlace, blob: Descriptor, body: BlobBody, options: PutOptions) {
    this.#place = place
    this.#blob = blob
    this.#options = options
    this.#reader = new UploadReader(blob, body)
    this.#requests = new UploadRequests(place.client, blob)
    this.#quirks = quirksOf(place.client.host)
    this.#size = blob.size
    this.#session = place.begun
  }

  async run(): Promise<void> {
    try {
      if (!(await this.#postWhole())) while (!(await this.#step())) this.#options.onProgress?.(this.#session?.offset ?? 0)
      this.#options.onProgress?.(this.#size)
    } catch (error) {
      if (this.#session) await this.#requests.cancel(this.#session, this.#place.settings.cancelTimeoutMs)
      if (!isCancellation(error, this.#options.signal)) throw error
      throw isTransferError(error, "cancelled")
        ? error
        : new TransferError("cancelled", "the upload was stopped", { cause: error })
    } finally {
      this.#reader.close()
    }
  }

  /** True when a single POST stored the blob. Whatever else comes of it, the upload goes on with a session. */
  async #postWhole(): Promise<boolean> {
    const { memory, settings } = this.#place
    if (this.#session !== undefined || this.#size > memory.singlePostBytes(settings.singlePostLimit)) return false
    try {
      this.#session = await this.#sending(0, this.#size, ({ body, signal }) => this.#requests.postWhole(body, signal))
      memory.noteSinglePost(this.#size, this.#session === undefined)
      return this.#session === undefined
    } catch (error) {
      this.#requireTarget(error)
      if (isBroken(error)) return this.#isThere()
      if (isTransferError(error, "unauthorized") || isTransferError(error, "forbidden")) throw error
      memory.noteSinglePost(this.#size, false)
      return false
    }
  }

  /** One request forward. True when the blob is stored. */
  async #step(): Promise<boolean> {
    try {
      this.#session ??= await this.#begin()
      return await this.#sendNext(this.#session)
    } catch (error) {
      return await this.#recover(error)
    }
  }

  #begin(): Promise<UploadSession> {
    this.#sent = { bytes: 0, complete: false }
    return this.#requests.begin(this.#options.signal)
  }

  async #sendNext(session: UploadSession): Promise<boolean> {
    const from = session.offset
    if (from >= this.#size) {
      this.#sent = { bytes: 0, complete: true }
      await this.#sending(from, from, ({ signal }) => this.#requests.close(session, undefined, signal))
      return true
    }
    const budget = this.#quirks.continues ? this.#place.memory.chunkBytes : undefined
    const to = Math.min(this.#size, from + Math.max(budget ?? this.#size, session.chunkMinLength))
    const connection = budget !== undefined || this.#tries > 0 ? "own" : "pooled"
    const piece = { from, to, connection, contentRange: this.#quirks.contentRange && !(from === 0 && to === this.#size) } as const
    if (to === this.#size && this.#quirks.whole === "put") {
      await this.#sending(from, to, (sending) => this.#requests.close(session, { ...piece, ...sending }, sending.signal))
      return true
    }
    const next = await this.#sending(from, to, (sending) => this.#requests.patch(session, { ...piece, ...sending }))
    if (next.offset <= from || next.offset > to) {
      throw new TransferError(
        "protocol",
        `${this.#place.client.host} confirmed ${next.offset} bytes after ${from} to ${to} were sent`,
      )
    }
    this.#confirm(next)
    return false
  }

  /** Runs one request that carries bytes `from` to `to`, watched. */
  async #sending<T>(
    from: number,
    to: number,
    send: (sending: { readonly body: RequestBody; readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const watch = new StallWatch(to - from, this.#place.settings, this.#options.signal)
    const body: RequestBody = {
      length: to - from,
      open: () => this.#reader.piece(from, to, watch),
      onSent: (bytes) => {
        watch.taken(bytes)
        this.#options.onProgress?.(from + bytes)
      },
    }
    try {
      return await send({ body, signal: watch.signal })
    } catch (error) {
      const { client } = this.#place
      throw watch.stalled === undefined ? error : placed(watch.stalled, client.asked(describeUpload(client, this.#blob.digest)))
    } finally {
      this.#sent = { bytes: watch.sent, complete: watch.sent === to - from && to === this.#size }
      watch.close()
    }
  }

  /** After a request that failed: true when the blob is there all the same, false when `#step` may go on, else throws. */
  async #recover(error: unknown): Promise<boolean> {
    this.#requireTarget(error)
    const tooLarge = isTransferError(error) && error.status === 413 && this.#sent.bytes > progressBytes && this.#quirks.continues
    if (tooLarge) this.#place.memory.noteTooLarge(this.#sent.bytes)
    const lost = isLost(error)
    if (!lost && !tooLarge && !isBroken(error)) throw error
    await this.#pause(error)
    if (this.#session === undefined) return false
    if (!lost && this.#quirks.continues) {
      if (this.#sent.complete && (await this.#isThere())) return true
      if (await this.#resume(this.#session)) return false
    }
    return this.#beginAgain(error, lost)
  }

  /** Asks how far the upload came; false when the registry will not continue it. */
  async #resume(broken: UploadSession): Promise<boolean> {
    const { signal } = this.#options
    try {
      const session = await this.#requests.status(broken, signal ?? new AbortController().signal)
      if (session.offset > this.#size) return false
      this.#confirm(session)
      this.#options.onLog?.(`${this.#place.client.host}: the upload broke off and goes on at byte ${session.offset}`)
      return true
    } catch (error) {
      if (isCancellation(error, signal)) throw error
      if (["network", "unauthorized", "forbidden", "rate_limited"].some((code) => isTransferError(error) && error.code === code))
        throw error
      if (this.#sent.bytes > 0) this.#place.memory.noteRefusedResume(this.#sent.bytes)
      return false
    }
  }

  async #beginAgain(error: unknown, forgotten: boolean): Promise<boolean> {
    if (await this.#isThere()) return true
    const { client, settings } = this.#place
    if (this.#session && !forgotten) await this.#requests.cancel(this.#session, settings.cancelTimeoutMs)
    this.#session = undefined
    this.#sessions += 1
    if (this.#sessions > mostSessions) throw this.#final(error)
    this.#options.onLog?.(`${client.host}: the upload was lost and begins again`)
    return false
  }

  #isThere(): Promise<boolean> {
    return hasBlob(this.#place.client, this.#blob, this.#options.signal)
  }

  #confirm(session: UploadSession): void {
    this.#session = session
    if (session.offset < this.#confirmed + progressBytes) return
    this.#confirmed = session.offset
    this.#tries = 0
    this.#sessions = 0
  }

  /** Counts a try without progress and waits before the next. */
  async #pause(error: unknown): Promise<void> {
    const { backoffMs, random } = this.#place.settings
    this.#tries += 1
    if (this.#tries >= mostTries) throw this.#final(error)
    const asked = isTransferError(error) ? (error.retryAfterMs ?? 0) : 0
    const ceiling = this.#tries === 1 ? 0 : Math.min(mostBackoffMs, backoffMs * 2 ** (this.#tries - 2))
    const ms = Math.max(asked, ceiling * random())
    if (ms > 0) await delay(ms, undefined, { signal: this.#options.signal })
  }

  /** Throws what is not the target's doing: cancellation, and failures of the source. */
  #requireTarget(error: unknown): void {
    if (isCancellation(error, this.#options.signal)) throw error
    if (this.#reader.failure) throw this.#reader.failure.error
  }

  #final(error: unknown): unknown {
    return isTransferError(error) ? error.with({ attempts: this.#tries }) : error
  }
}

/** The connection or the server broke, not the request. 416: bytes out of order, the registry's own count holds. */
function isBroken(error: unknown): boolean {
  if (!isTransferError(error)) return false
  return ["network", "server_error", "rate_limited"].includes(error.code) || error.status === 416
}

function isLost(error: unknown): boolean {
  if (!isTransferError(error)) return false
  return error.status === 404 || (error.registryCode !== undefined && lostCodes.has(error.registryCode))
}
