import type { Descriptor } from "../../content/descriptor.ts"
import type { BlobBody, PutOptions } from "../../content/store.ts"
import { isCancellation, isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { RequestBody } from "../../http/http.ts"
import { hasBlob } from "./blobs.ts"
import { outlasting } from "./outlasting.ts"
import { type Quirks, quirksOf } from "./quirks.ts"
import { placed, protocolError } from "./registry-error.ts"
import type { RepositoryClient } from "./repository-client.ts"
import { StallWatch } from "./stall-watch.ts"
import type { UploadMemory } from "./upload-budget.ts"
import { isBroken, isLost, isUnanswered } from "./upload-failure.ts"
import { UploadReader } from "./upload-reader.ts"
import { describeUpload, type Piece, UploadRequests, type UploadSession } from "./upload-session.ts"
import type { UploadSettings } from "./upload-settings.ts"
import { progressBytes, UploadTries } from "./upload-tries.ts"

export type { UploadSettings } from "./upload-settings.ts"

/** Where a blob is to go, and what is known about that. */
export interface UploadPlace {
  readonly client: RepositoryClient
  readonly memory: UploadMemory
  readonly settings: UploadSettings
  /** A session that a refused mount left behind. */
  readonly begun?: UploadSession | undefined
}

/** The answer to the last request may take the registry as long as it needs to read the blob again or to move it: 64 MiB a second. */
const commitBytesPerMs = 64 * 1024

/** Bytes lost by a cut from which on it is worth to avoid the next. */
const costlyBytes = 128 * 1024

/** Idle limit of requests that a StallWatch watches, in milliseconds. */
const watchedElsewhereMs = 3_600_000

/**
 * Stores one blob whole or not at all, whatever happens on the way (RELIABILITY faults 5, 17 to 23 and 30). A broken upload goes on where the registry
 * says it is; where the registry does not say, or refuses, it begins again; any mebibyte gained starts the counting of tries anew.
 * @throws TransferError of the last try, or what the source threw.
 */
export async function uploadBlob(place: UploadPlace, blob: Descriptor, body: BlobBody, options: PutOptions = {}): Promise<void> {
  await new Upload(place, blob, body, options).run()
}

/** What became of the bytes of the last request. */
interface Sent {
  readonly from: number
  /** Taken by the operating system. */
  readonly bytes: number
  /** Asked to send. */
  readonly length: number
  /** The blob's last byte was among them. */
  readonly complete: boolean
}

const nothingSent: Sent = { from: 0, bytes: 0, length: 0, complete: false }

/** What one request is to carry. */
interface Stretch extends Pick<Piece, "from" | "to" | "connection"> {
  /** The request begins an upload instead of going on with one, so that the layers below may send it again. */
  readonly repeatable: boolean
}

class Upload {
  readonly #place: UploadPlace
  readonly #blob: Descriptor
  readonly #options: PutOptions
  readonly #reader: UploadReader
  readonly #requests: UploadRequests
  readonly #tries: UploadTries
  readonly #quirks: Quirks
  readonly #size: number
  #session: UploadSession | undefined
  #costlyCuts = 0
  /** Of the piece that was sent last. */
  #sent: Sent = nothingSent

  constructor(place: UploadPlace, blob: Descriptor, body: BlobBody, options: PutOptions) {
    this.#place = place
    this.#blob = blob
    this.#options = options
    this.#reader = new UploadReader(blob, body)
    this.#requests = new UploadRequests(place.client, blob)
    this.#tries = new UploadTries(place.settings)
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
      const whole = { from: 0, to: this.#size, connection: "pooled", repeatable: true } as const
      this.#session = await this.#outlasting((signal) => this.#sending(whole, (piece) => this.#requests.postWhole(piece), signal))
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

  /** A session that was begun while the transfer was cancelled must be known, so that it can be given up. */
  #outlasting<T>(begin: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return outlasting(this.#options.signal, this.#place.settings.cancelTimeoutMs, begin)
  }

  /** One request forward. True when the blob is stored. */
  async #step(): Promise<boolean> {
    try {
      this.#session ??= await this.#begin()
      return await this.#sendNext(this.#session)
    } catch (error) {
      this.#requireTarget(error)
      return await this.#recover(error)
    }
  }

  async #begin(): Promise<UploadSession> {
    this.#sent = nothingSent
    const startedAt = performance.now()
    const session = await this.#outlasting((signal) => this.#requests.begin(signal))
    this.#place.memory.noteRoundTrip(performance.now() - startedAt)
    return session
  }

  async #sendNext(session: UploadSession): Promise<boolean> {
    const { memory, settings } = this.#place
    const from = session.offset
    const budget = this.#quirks.continues ? memory.chunkBytes(session.to.url, this.#size, settings.carefulRoundTripMs) : undefined
    const to = Math.min(this.#size, from + Math.max(budget ?? this.#size, session.chunkMinLength))
    const chunked = budget !== undefined && this.#size > budget
    const connection = chunked || memory.cutsConnections || this.#tries.count > 0 ? "own" : "pooled"
    const stretch = { from, to, connection, repeatable: false } as const
    if (to === this.#size && (this.#quirks.whole === "put" || from === to)) {
      await this.#sending(stretch, (piece) => this.#requests.close(session, piece))
      return true
    }
    const next = await this.#sending(stretch, (piece) => this.#requests.patch(session, piece))
    if (next.offset <= from || next.offset > to) {
      const { client } = this.#place
      throw protocolError(
        client.asked(describeUpload(client, this.#blob.digest)),
        `confirmed ${next.offset} bytes instead of ${to}`,
      )
    }
    this.#confirm(next)
    return false
  }

  /** Runs one request that carries blob bytes, watched. */
  async #sending<T>(
    { from, to, connection, repeatable }: Stretch,
    send: (piece: Piece) => Promise<T>,
    signal = this.#options.signal,
  ): Promise<T> {
    const { client, settings } = this.#place
    const length = to - from
    // a piece is only written away; the last one makes the registry look at the whole blob
    const answerTimeoutMs =
      to === this.#size ? settings.answerTimeoutMs + this.#size / commitBytesPerMs : settings.answerTimeoutMs / 2
    const watch = new StallWatch(length, { ...settings, answerTimeoutMs }, signal)
    let opened = false
    const body: RequestBody = {
      length,
      open: () => {
        // what a broken request left at the registry must be asked for before anything is sent again
        if (opened && !repeatable) throw new TransferError("network", "an upload is not sent twice unasked")
        opened = true
        return this.#reader.piece(from, to, (bytes) => watch.offered(bytes))
      },
      onTaken: (chunk) => this.#reader.release(chunk),
      onSent: (bytes) => {
        watch.taken(bytes)
        this.#options.onProgress?.(from + bytes)
      },
    }
    const contentRange = length > 0 && length < this.#size
    const idleTimeoutMs = length === 0 ? answerTimeoutMs : watchedElsewhereMs
    try {
      return await send({ from, to, body, contentRange, connection, idleTimeoutMs, signal: watch.signal })
    } catch (error) {
      throw watch.stalled === undefined ? error : placed(watch.stalled, client.asked(describeUpload(client, this.#blob.digest)))
    } finally {
      this.#sent = { from, length, bytes: watch.sent, complete: watch.sent === length && to === this.#size }
      watch.close()
    }
  }

  /** After a request that failed at the target: true when the blob is there all the same, false when it may go on, else throws. */
  async #recover(error: unknown): Promise<boolean> {
    const session = this.#session
    const lost = session !== undefined && isLost(error)
    const tooLarge = this.#quirks.continues && this.#sent.length > progressBytes && isTransferError(error) && error.status === 413
    if (!lost && !tooLarge && !isBroken(error)) throw error
    await this.#tries.next(error, this.#options.signal)
    if (session === undefined) return false
    if (tooLarge) this.#place.memory.noteTooLarge()
    if (lost || !this.#quirks.continues) return this.#beginAgain(error, lost)
    if (this.#sent.complete && (await this.#isThere())) return true
    const continued = await this.#resume(session)
    if (isTransferError(error, "network")) this.#learn(continued)
    return continued === undefined ? this.#beginAgain(error, true) : false
  }

  /** Asks how far the upload came; undefined when the registry will not continue it. */
  async #resume(broken: UploadSession): Promise<UploadSession | undefined> {
    const { signal } = this.#options
    try {
      const session = await this.#requests.status(broken, signal)
      if (session.offset > this.#size) return undefined
      this.#confirm(session)
      this.#options.onLog?.(`${this.#place.client.host}: the upload broke off and goes on at byte ${session.offset}`)
      return session
    } catch (error) {
      if (isCancellation(error, signal) || isUnanswered(error)) throw error
      return undefined
    }
  }

  /** A cut connection cost bytes: later requests are kept small enough not to be cut. */
  #learn(continued: UploadSession | undefined): void {
    const { from, bytes } = this.#sent
    const gained = continued === undefined ? 0 : continued.offset - from
    // a proxy that buffers requests keeps what it got from the registry, and so gains nothing however often it is tried
    const repeated = this.#tries.count > 1 || bytes >= 8 * progressBytes
    // what lay between us and the registry is lost with every cut, even where it goes on at the byte
    if (bytes - gained >= costlyBytes) this.#costlyCuts += 1
    if (continued === undefined || this.#costlyCuts > 1 || (gained < progressBytes && repeated)) this.#place.memory.noteCut(bytes)
  }

  async #beginAgain(error: unknown, forgotten: boolean): Promise<boolean> {
    if (await this.#isThere()) return true
    const { client, settings } = this.#place
    if (this.#session && !forgotten) await this.#requests.cancel(this.#session, settings.cancelTimeoutMs)
    this.#session = undefined
    this.#tries.nextSession(error)
    this.#options.onLog?.(`${client.host}: the upload was lost and begins again`)
    return false
  }

  #isThere(): Promise<boolean> {
    return hasBlob(this.#place.client, this.#blob, this.#options.signal)
  }

  #confirm(session: UploadSession): void {
    this.#session = session
    this.#tries.confirm(session.offset)
  }

  /** Throws what is not the target's doing: cancellation, and failures of the source. */
  #requireTarget(error: unknown): void {
    if (isCancellation(error, this.#options.signal)) throw error
    if (this.#reader.failure) throw this.#reader.failure.error
  }
}
