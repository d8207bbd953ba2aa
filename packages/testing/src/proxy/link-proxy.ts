import { connect, createServer, type Socket } from "node:net"
import { type Listening, listenOnLoopback } from "../listen.ts"
import { RealClock } from "./clock.ts"
import { Flow, LinkDirection, type LinkOptions } from "./link-model.ts"
import type { Direction } from "./pump.ts"

/** A TCP proxy that behaves like a long, thin or lossy link between the client and a real server; TLS goes through untouched. */
export interface LinkProxy extends AsyncDisposable {
  /** `127.0.0.1:12345`, to be used as the server's name. */
  readonly host: string
  readonly port: number
  readonly origin: string
  /** What arrived at either end so far. */
  readonly bytes: { readonly toServer: number; readonly toClient: number }
  readonly connections: number
  readonly open: number
}

/** What a sender's socket holds before it must wait. */
const sendBufferBytes = 512 * 1024
const receiveBufferBytes = 4 * 1024 * 1024

/** Puts a link before `target` (`127.0.0.1:5000`, or a port of 127.0.0.1). */
export async function linkProxy(target: string | number, options: LinkOptions): Promise<LinkProxy> {
  const clock = new RealClock()
  const directions = { toServer: new LinkDirection(options, clock), toClient: new LinkDirection(options, clock) }
  const [host = "127.0.0.1", port] = typeof target === "number" ? ["127.0.0.1", target] : splitHost(target)
  const bytes = { toServer: 0, toClient: 0 }
  let connections = 0
  const pairs = new Set<readonly [Socket, Socket]>()

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    connections++
    const upstream = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true })
    const pair = [client, upstream] as const
    pairs.add(pair)
    const startsAtMs = clock.now() + (options.rttMs ?? 0)
    const count = (direction: Direction) => (size: number) => {
      bytes[direction] += size
    }
    join(client, upstream, directions.toServer, startsAtMs, count("toServer"))
    join(upstream, client, directions.toClient, startsAtMs, count("toClient"))
    for (const socket of pair)
      socket.once("close", () => {
        if (client.destroyed && upstream.destroyed) pairs.delete(pair)
      })
  })
  const listening: Listening = await listenOnLoopback(server)
  return {
    host: listening.host,
    port: listening.port,
    origin: listening.origin,
    bytes,
    get connections() {
      return connections
    },
    get open() {
      return pairs.size
    },
    async [Symbol.asyncDispose]() {
      for (const [client, upstream] of pairs) {
        client.destroy()
        upstream.destroy()
      }
      await listening.close()
      clock[Symbol.dispose]()
    },
  }
}

function splitHost(target: string): [string, string] {
  const colon = target.lastIndexOf(":")
  return [target.slice(0, colon), target.slice(colon + 1)]
}

/** Carries one direction of a connection over the link. */
function join(from: Socket, to: Socket, link: LinkDirection, startsAtMs: number, arrived: (size: number) => void): void {
  let ended = false
  const flow = new Flow(
    link,
    startsAtMs,
    (piece) => {
      if (to.destroyed) return
      arrived(piece.length)
      to.write(piece)
      if (flow.waitingBytes < sendBufferBytes) from.resume()
    },
    () => receiveBufferBytes - to.writableLength,
  )
  const endWhenSent = () => {
    if (!ended) return
    if (flow.idle) link.clock.at(flow.lastDeliveryMs, () => to.end())
    else link.clock.at(link.clock.now() + 5, endWhenSent)
  }
  from.on("data", (chunk: Buffer) => {
    flow.offer(chunk)
    if (flow.waitingBytes >= sendBufferBytes) from.pause()
  })
  from.once("end", () => {
    ended = true
    endWhenSent()
  })
  from.on("error", () => {
    if (!to.destroyed) to.resetAndDestroy()
  })
  from.once("close", () => {
    if (!ended && !to.destroyed) to.destroy()
  })
  to.on("drain", () => flow.send())
  to.once("close", () => {
    if (!from.destroyed) from.destroy()
  })
}
