import { createHash } from "node:crypto"
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import type { Descriptor } from "../../content/descriptor.ts"
import { digestOf } from "../../content/digest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import type { BlobBody, BlobRead, RawManifest } from "../../content/store.ts"
import { isTransferError, type TransferError } from "../../errors/transfer-error.ts"
import { createHttp } from "../../http/create-http.ts"
import type { HttpRequest } from "../../http/http.ts"
import type { HttpOptions } from "../../http/http-options.ts"
import type { RemoteHttp } from "./repository-client.ts"

/** The real HTTP client, impatient, that notes what it was asked to send. */
export interface TestHttp extends RemoteHttp, AsyncDisposable {
  readonly requests: HttpRequest[]
}

export function testHttp(options: HttpOptions = {}): TestHttp {
  const http = createHttp({ defaults: { plainHttp: true }, retry: { minMs: 1, maxMs: 2 }, ...options })
  const requests: HttpRequest[] = []
  return {
    requests,
    send: (request) => {
      requests.push(request)
      return http.send(request)
    },
    baseUrl: (host) => http.baseUrl(host),
    [Symbol.asyncDispose]: () => http.close(),
  }
}

/** What a scripted registry was asked. */
export interface Received {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An answer; `undefined` where the script answers by itself, or not at all. */
export interface Scripted {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Buffer
}

export interface ScriptedRegistry extends AsyncDisposable {
  readonly host: string
  readonly received: Received[]
  /** `METHOD /path` of everything that was asked. */
  readonly log: string[]
}

/** A server that answers what `script` says, after it has read the request's body. 404 where it says nothing. */
export async function scriptedRegistry(
  script: (
    request: Received,
    raw: { readonly request: IncomingMessage; readonly response: ServerResponse },
  ) => Scripted | "mine" | undefined,
): Promise<ScriptedRegistry> {
  const received: Received[] = []
  const log: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return
    }
    const asked = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) }
    received.push(asked)
    log.push(`${asked.method} ${asked.path}`)
    const answer = script(asked, { request, response }) ?? { status: 404 }
    if (answer === "mine") return
    response.writeHead(answer.status, { ...answer.headers })
    response.end(answer.body)
  })
  const listening = await listenOnLoopback(server)
  return { host: listening.host, received, log, [Symbol.asyncDispose]: () => listening.close() }
}

/** What `work` fails with. */
export async function failureOf(work: Promise<unknown>): Promise<TransferError> {
  try {
    await work
  } catch (error) {
    if (isTransferError(error)) return error
    throw error
  }
  throw new Error("it did not fail")
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
