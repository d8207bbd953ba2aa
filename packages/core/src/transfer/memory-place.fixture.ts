import { systemClock } from "../content/clock.ts"
import type { Descriptor } from "../content/descriptor.ts"
import { digestOf } from "../content/digest.ts"
import { manifestLimits } from "../content/manifest.ts"
import { mediaTypes } from "../content/media-types.ts"
import type { BlobBody, BlobRead, PutOptions, RawManifest, ReadRange, SourceStore, TargetStore } from "../content/store.ts"
import { TransferError } from "../errors/transfer-error.ts"

/** What happens to one opening of a blob. */
export interface Weather {
  /** Breaks off after so many bytes. */
  readonly resetAfter?: number
  /** Goes silent after so many bytes. */
  readonly stallAfter?: number
  /** Thrown by the opening. */
  readonly error?: TransferError
  /** Bytes are altered. */
  readonly corrupt?: boolean
  /** Answers from byte 0 to the end, whatever was asked. */
  readonly ignoreRange?: boolean
  readonly bytesPerSecond?: number
}

/** A place in memory for the transfer's own tests: it keeps the interface's promises, and breaks them only as told. */
export class MemoryPlace implements SourceStore, TargetStore {
  readonly transport = "memory"
  readonly canRange = true as const
  readonly host: string
  readonly display: string
  readonly blobs = new Map<string, Buffer>()
  readonly manifests = new Map<string, RawManifest>()
  /** What was asked, in order. */
  readonly asked: string[] = []
  /** Published references, in order. */
  readonly published: string[] = []
  weather: (open: { blob: Descriptor; from: number; times: number }) => Weather = () => ({})
  refuseManifest: ((reference: string) => TransferError | undefined) | undefined
  bytesOut = 0
  openNow = 0
  mostOpen = 0

  constructor(host = "memory.test") {
    this.host = host
    this.display = `${host}/image`
  }

  /** Adds a blob. */
  blob(bytes: Buffer, mediaType: string = mediaTypes.ociLayerGzip): Descriptor {
    const digest = digestOf(bytes)
    this.blobs.set(digest, bytes)
    return { mediaType, digest, size: bytes.length }
  }

  /** Adds a manifest, under a tag too when one is given. */
  manifest(json: object, mediaType: string, tag?: string): Descriptor {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...json }))
    const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length }
    this.manifests.set(descriptor.digest, { bytes, descriptor })
    if (tag !== undefined) this.manifests.set(tag, { bytes, descriptor })
    return descriptor
  }

  /** Adds an image of these layers. */
  image(layers: readonly Buffer[], tag?: string, config = "{}"): Descriptor {
    const json = { config: this.blob(Buffer.from(config), mediaTypes.ociConfig), layers: layers.map((layer) => this.blob(layer)) }
    return this.manifest(json, mediaTypes.ociManifest, tag)
  }

  async resolve(reference: string): Promise<Descriptor | undefined> {
    this.asked.push(`HEAD ${reference}`)
    return this.manifests.get(reference)?.descriptor
  }

  async getManifest(reference: string): Promise<RawManifest> {
    this.asked.push(`GET ${reference}`)
    const manifest = this.manifests.get(reference)
    if (manifest === undefined || manifest.bytes.length > manifestLimits.bytes)
      throw new TransferError("not_found", `no ${reference}`)
    return manifest
  }

  async putManifest(reference: string, manifest: RawManifest): Promise<void> {
    const refusal = this.refuseManifest?.(reference)
    if (refusal !== undefined) throw refusal
    this.published.push(reference)
    this.manifests.set(reference, manifest)
    this.manifests.set(manifest.descriptor.digest, manifest)
  }

  async hasBlob(blob: Descriptor): Promise<boolean> {
    this.asked.push(`HEAD blob ${blob.digest}`)
    return this.blobs.has(blob.digest)
  }

  async openBlob(blob: Descriptor, range: ReadRange = {}, signal?: AbortSignal): Promise<BlobRead> {
    const asked = range.from ?? 0
    this.asked.push(`GET blob ${asked}-${range.to ?? ""}`)
    const times = this.asked.filter((line) => line.startsWith("GET blob")).length
    const weather = this.weather({ blob, from: asked, times })
    if (weather.error !== undefined) throw weather.error
    const bytes = this.blobs.get(blob.digest)
    if (bytes === undefined) throw new TransferError("not_found", `no blob ${blob.digest}`)
    const from = weather.ignoreRange ? 0 : asked
    const to = weather.ignoreRange ? bytes.length : (range.to ?? bytes.length)
    return { offset: from, bytes: this.#flow(bytes.subarray(from, to), weather, signal) }
  }

  async putBlob(blob: Descriptor, body: BlobBody, options: PutOptions = {}): Promise<void> {
    const chunks: Buffer[] = []
    let offset = 0
    for await (const chunk of body.read(0)) {
      options.signal?.throwIfAborted()
      chunks.push(chunk)
      offset += chunk.length
      options.onProgress?.(offset)
    }
    const bytes = Buffer.concat(chunks)
    if (digestOf(bytes) !== blob.digest) throw new TransferError("rejected", "DIGEST_INVALID")
    this.blobs.set(blob.digest, bytes)
  }

  async close(): Promise<void> {}

  async *#flow(bytes: Buffer, weather: Weather, signal?: AbortSignal): AsyncGenerator<Buffer, void> {
    this.openNow += 1
    this.mostOpen = Math.max(this.mostOpen, this.openNow)
    try {
      const step = weather.bytesPerSecond === undefined ? 64 * 1024 : Math.ceil(weather.bytesPerSecond / 100)
      for (let at = 0; at < bytes.length; at += step) {
        if (weather.bytesPerSecond !== undefined) await systemClock.sleep(10, signal)
        if (at >= (weather.resetAfter ?? Number.POSITIVE_INFINITY)) throw new TransferError("network", "connection reset")
        if (at >= (weather.stallAfter ?? Number.POSITIVE_INFINITY)) await systemClock.sleep(60_000, signal)
        const chunk = Buffer.from(bytes.subarray(at, at + step))
        if (weather.corrupt) chunk[0] = (chunk[0] ?? 0) ^ 1
        this.bytesOut += chunk.length
        yield chunk
      }
    } finally {
      this.openNow -= 1
    }
  }
}
