import { once } from "node:events"
import http from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, describe, expect, test } from "vitest"
import type { HttpRequest, RequestBody } from "../http.ts"
import { createTransport, type Transport } from "./transport.ts"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function serve(listener: http.RequestListener): Promise<{ url: string; server: http.Server }> {
  const server = http.createServer(listener).listen(0, "127.0.0.1")
  await once(server, "listening")
  cleanups.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function transport(): Transport {
  const made = createTransport({ hosts: () => ({}) })
  cleanups.push(() => made.close())
  return made
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  url: new URL(url),
  origin: "configured",
  ...more,
})

describe("one exchange", () => {
  test("a GET answers status, headers and body", async () => {
    const { url } = await serve((_request, response) => response.writeHead(200, { "x-a": "1" }).end("hello"))
    const response = await transport().send(get(`${url}/v2/?n=1`))
    expect(response.status).toBe(200)
    expect(response.headers.get("x-a")).toBe("1")
    expect((await response.body.bytes(10)).toString()).toBe("hello")
  })

  test.each([10_000, 3_000_000, undefined])("a PUT streams a body of %s bytes and reports what was sent", async (length) => {
    const chunks = length === 10_000 ? [Buffer.alloc(10_000, 1)] : [1, 2, 3].map((fill) => Buffer.alloc(1_000_000, fill))
    const { url } = await serve(async (request, response) => {
      const received: Buffer[] = []
      for await (const chunk of request) received.push(chunk)
      response.end(String(Buffer.concat(received).equals(Buffer.concat(chunks))))
    })
    const sent: number[] = []
    const body: RequestBody = {
      length,
      open: async function* () {
        yield* chunks
      },
      onSent: (bytes) => sent.push(bytes),
    }
    const response = await transport().send(get(url, { method: "PUT", body }))
    expect((await response.body.bytes(10)).toString()).toBe("true")
    expect(sent.at(-1)).toBe(length ?? 3_000_000)
    expect(sent).toEqual([...sent].sort((a, b) => a - b))
  })

  test("a large body arrives whole while its consumer is slow", async () => {
    const size = 8 * 1024 * 1024
    const { url } = await serve((_request, response) => response.end(Buffer.alloc(size, 7)))
    const response = await transport().send(get(url))
    let received = 0
    for await (const chunk of response.body) {
      received += chunk.length
      expect(chunk.every((byte) => byte === 7)).toBe(true)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(received).toBe(size)
  })
})

describe("keep-alive", () => {
  test("requests one after the other share a connection", async () => {
    const { url, server } = await serve((_request, response) => response.end("x"))
    let connections = 0
    server.on("connection", () => (connections += 1))
    const { send } = transport()
    for (let n = 0; n < 3; n += 1) await (await send(get(url))).body.bytes(1)
    expect(connections).toBe(1)
  })
})
