import { randomFillSync } from "node:crypto"
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import { digestOf } from "../../../packages/testing/src/index.ts"

/** A registry of one image with one layer, whose link carries so many bytes a second, all clients together. */
export interface PacedUpstream extends AsyncDisposable {
  readonly origin: string
  /** Of the layer. */
  readonly digest: string
  readonly sizeBytes: number
  /** GETs of the layer, and bytes of it that were sent, since `reset`. */
  readonly gets: number
  readonly bytesSent: number
  /** When its first byte was sent, on performance.now's clock. */
  readonly firstByteAt: number
  reset(): void
}

const sliceBytes = 256 * 1024

/** Room again, or the client has left. */
async function drained(response: ServerResponse): Promise<void> {
  const done = new AbortController()
  const either = ["drain", "close"].map((event) => once(response, event, { signal: done.signal }).catch(() => undefined))
  await Promise.race(either)
  done.abort()
}

/** `bytesPerSecond` of Infinity: as fast as it goes. */
export async function pacedUpstream(sizeBytes: number, bytesPerSecond: number): Promise<PacedUpstream> {
  const layer = randomFillSync(Buffer.alloc(sizeBytes))
  const digest = digestOf(layer)
  const config = Buffer.from("{}")
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(config), size: config.length },
      layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest, size: sizeBytes }],
    }),
  )
  const counted = { gets: 0, bytesSent: 0, firstByteAt: 0 }
  let freeAt = performance.now()

  async function send(response: ServerResponse, bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length && !response.destroyed; at += sliceBytes) {
      const slice = bytes.subarray(at, at + sliceBytes)
      if (Number.isFinite(bytesPerSecond)) {
        freeAt = Math.max(freeAt, performance.now() - 20) + (slice.length / bytesPerSecond) * 1000
        const wait = freeAt - performance.now()
        if (wait > 1) await delay(wait)
      }
      counted.firstByteAt ||= performance.now()
      counted.bytesSent += slice.length
      if (!response.write(slice)) await drained(response)
    }
    response.end()
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? "").split("?")[0] ?? ""
    const isLayer = path.endsWith(digest)
    const body = isLayer ? layer : path.includes("/manifests/") ? manifest : path.includes("/blobs/") ? config : Buffer.from("{}")
    const [, from = "0", to = `${body.length - 1}`] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? []
    const part = body.subarray(Number(from), Number(to || body.length - 1) + 1)
    response.writeHead(request.headers.range ? 206 : 200, {
      "content-type": path.includes("/manifests/") ? "application/vnd.oci.image.manifest.v1+json" : "application/octet-stream",
      "content-length": part.length,
      "docker-content-digest": isLayer ? digest : digestOf(body),
      ...(request.headers.range ? { "content-range": `bytes ${from}-${to || body.length - 1}/${body.length}` } : {}),
    })
    if (request.method === "HEAD") return void response.end()
    if (!isLayer) return void response.end(part)
    counted.gets++
    void send(response, part)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    digest,
    sizeBytes,
    get gets() {
      return counted.gets
    },
    get bytesSent() {
      return counted.bytesSent
    },
    get firstByteAt() {
      return counted.firstByteAt
    },
    reset: () => void Object.assign(counted, { gets: 0, bytesSent: 0, firstByteAt: 0 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
