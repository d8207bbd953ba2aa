import http from "node:http"
import net from "node:net"
import { type Listening, listenOnLoopback } from "@entrepot/testing"
import { onTestFinished } from "vitest"
import type { HttpRequest, RequestBody } from "../http.ts"
import { createTransport, type Transport, type TransportOptions } from "./transport.ts"

/** Listens on loopback until the test ends. */
export async function listen(server: net.Server): Promise<Listening> {
  const listening = await listenOnLoopback(server)
  onTestFinished(() => listening.close())
  return listening
}

/** An HTTP server. */
export const serve = (listener: http.RequestListener) => listen(http.createServer(listener))

/** A server that answers each request head with what `answer` writes. */
export function serveRaw(answer: (socket: net.Socket, request: string, connection: number) => void): Promise<Listening> {
  let connections = 0
  return listen(
    net.createServer((socket) => {
      const connection = ++connections
      let text = ""
      socket.on("error", () => undefined)
      socket.on("data", (chunk) => {
        text += chunk.toString("latin1")
        const end = text.indexOf("\r\n\r\n")
        if (end < 0) return
        const request = text.slice(0, end)
        text = ""
        answer(socket, request, connection)
      })
    }),
  )
}

/** A transport that is closed when the test ends. */
export function transport(options: Partial<TransportOptions> = {}): Transport {
  const made = createTransport({ hosts: () => ({}), ...options })
  onTestFinished(() => made.close())
  return made
}

export const get = (origin: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  url: new URL(origin),
  origin: "configured",
  ...more,
})

/** `code: message` of a rejection. */
export const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  )

/** The body of a response. */
export async function text(request: Promise<{ body: { bytes(limit: number): Promise<Buffer> } }>): Promise<string> {
  return (await (await request).body.bytes(1000)).toString()
}

/** A body of `chunks` pieces of `size` bytes, made while it is sent. */
export function streamed(chunks: number, size: number, more: Partial<RequestBody> = {}): RequestBody {
  return {
    length: chunks * size,
    async *open() {
      for (let n = 0; n < chunks; n += 1) yield Buffer.alloc(size, n)
    },
    ...more,
  }
}

/** A SOCKS5 proxy (RFC 1928) with one user, that connects everything to `port` on this machine. */
export async function socksProxy(port: number, password = "secret") {
  const asked: string[] = []
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined)
    const steps = [
      () => socket.write(Buffer.from([5, 2])),
      (data: Buffer) => socket.write(Buffer.from([1, data.subarray(-password.length).toString() === password ? 0 : 1])),
      (data: Buffer) => {
        const name = data[3] === 3 ? data.subarray(5, 5 + (data[4] ?? 0)).toString() : [...data.subarray(4, 8)].join(".")
        asked.push(`${name}:${data.readUInt16BE(data.length - 2)}`)
        const upstream = net.connect(port, "127.0.0.1", () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]))
          upstream.on("error", () => undefined)
          upstream.pipe(socket).pipe(upstream)
        })
      },
    ]
    const next = () => socket.once("data", (data) => steps.shift()?.(data) !== undefined && steps.length > 0 && next())
    next()
  })
  const { host } = await listen(server)
  return { host, asked, url: (scheme: string) => new URL(`${scheme}://user:secret@${host}`) }
}
