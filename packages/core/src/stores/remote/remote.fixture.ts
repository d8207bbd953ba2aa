import { createHash } from "node:crypto"
import type { Descriptor } from "../../content/descriptor.ts"
import { digestOf } from "../../content/digest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import type { BlobBody, BlobRead, RawManifest } from "../../content/store.ts"
import { type HttpRequest, stack } from "../../http/http.ts"
import { retry } from "../../http/layers/retry.ts"
import { createTransport } from "../../http/transport/transport.ts"
import type { RemoteHttp } from "./repository-client.ts"

/** A plain HTTP client for servers on loopback that notes what it was asked to send. */
export interface TestHttp extends RemoteHttp, AsyncDisposable {
  readonly requests: HttpRequest[]
}

export function testHttp(): TestHttp {
  const transport = createTransport({ hosts: () => ({ plainHttp: true }) })
  const requests: HttpRequest[] = []
  const send = stack(transport.send, retry({ minMs: 1, maxMs: 2 }))
  return {
    requests,
    send: (request) => {
      requests.push(request)
      return send(request)
    },
    baseUrl: async (host) => new URL(`http://${host}/`),
    [Symbol.asyncDispose]: () => transport.close(),
  }
}

/** Bytes that do not repeat at any power of two, made without randomness. */
export function someBytes(size: number, seed = "entrepot"): Buffer {
  const block = Buffer.alloc(32 * 8191)
  let state = createHash("sha256").update(seed).digest()
  for (let at = 0; at < block.length; at += 32) {
    state.copy(block, at)
    if (at % 4096 === 0) state = createHash("sha256").update(state).digest()
    state[0] = ((state[0] ?? 0) + 1) & 255
  }
  return Buffer.alloc(size, block)
}

export function blobOf(bytes: Buffer, mediaType: string = mediaTypes.ociLayerGzip): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length }
}

/** A body in memory; `reads` are the offsets at which it was read. */
export function bodyOf(bytes: Buffer, chunkBytes = 256 * 1024): BlobBody & { readonly reads: number[] } {
  const reads: number[] = []
  return {
    descriptor: blobOf(bytes),
    reads,
    async *read(offset) {
      reads.push(offset)
      for (let at = offset; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
    },
  }
}

export function manifestOf(json: object, mediaType: string = mediaTypes.ociManifest): RawManifest {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...json }, undefined, 1))
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length } }
}

/** An image manifest over one config and one layer. */
export function imageOf(config: Buffer, layer: Buffer, more: object = {}): RawManifest {
  return manifestOf({ config: blobOf(config, mediaTypes.ociConfig), layers: [blobOf(layer)], ...more })
}

export async function readAll(read: BlobRead): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of read.bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}
