import type { Socket } from "node:net"
import tls from "node:tls"
import { TransferError } from "../../errors/transfer-error.ts"
import { connectionError } from "./connection-error.ts"
import { type Dialled, type DialOptions, type DialTarget, dial, resolve } from "./dial.ts"
import { ResponseParser } from "./response-parser.ts"
import { socketReady } from "./socket-ready.ts"

export interface ProxyOptions extends DialOptions {
  readonly proxy: URL
  /** For a proxy that is itself reached over TLS. */
  readonly proxyTls: (hostname: string) => tls.ConnectionOptions
  readonly userAgent: string
}

/** `Basic …` from the user and password in a proxy's URL. They go to the proxy alone. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (proxy.username === "" && proxy.password === "") return undefined
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  return `Basic ${Buffer.from(pair).toString("base64")}`
}

/** True when plain requests go to this proxy in absolute form instead of through a tunnel. */
export function isHttpProxy(proxy: URL): boolean {
  return proxy.protocol === "http:" || proxy.protocol === "https:"
}

/** Opens a connection to an HTTP proxy itself. @throws TransferError. */
export function dialProxy(guard: DialTarget["guard"], options: ProxyOptions): Promise<Dialled> {
  const { proxy, proxyTls } = options
  const hostname = proxy.hostname.replace(/^\[|\]$/g, "")
  const secure = proxy.protocol === "https:"
  const port = Number(proxy.port) || (secure ? 443 : isHttpProxy(proxy) ? 80 : 1080)
  return dial({ hostname, port, host: proxy.host, tls: secure ? proxyTls(hostname) : undefined, guard }, options)
}

/**
 * Opens a tunnel to `target` through the proxy, with TLS inside it where the target asks for it.
 * @throws TransferError `network`; `unauthorized` (side `local`) when the proxy refuses our credentials; `forbidden` when it refuses the target.
 */
export async function dialTunnel(target: DialTarget, guard: DialTarget["guard"], options: ProxyOptions): Promise<Dialled> {
  const { socket } = await dialProxy(guard, { ...options, slabs: false })
  const { signal } = options
  const destroy = () => socket.destroy()
  signal.addEventListener("abort", destroy, { once: true })
  try {
    const tunnel = isHttpProxy(options.proxy)
      ? await connectTunnel(socket, target, options)
      : await socksTunnel(socket, target, options)
    if (!target.tls) return { socket: tunnel, reader: undefined }
    const secure = tls.connect({ ...target.tls, host: target.hostname, socket: tunnel })
    await socketReady(secure, { host: target.host, secure: true, signal })
    return { socket: secure, reader: undefined }
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener("abort", destroy)
  }
}

/** RFC 9110, section 9.3.6. */
async function connectTunnel(socket: Socket, target: DialTarget, { proxy, userAgent }: ProxyOptions): Promise<Socket> {
  const authority = `${target.hostname.includes(":") ? `[${target.hostname}]` : target.hostname}:${target.port}`
  const authorization = proxyAuthorization(proxy)
  const credentials = authorization === undefined ? "" : `proxy-authorization: ${authorization}\r\n`
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\nuser-agent: ${userAgent}\r\n${credentials}\r\n`)
  const status = await connectAnswer(socket, proxy.host)
  if (status < 200 || status > 299) throw refusedByProxy(status, proxy.host, target.host)
  return socket
}

function connectAnswer(socket: Socket, proxyHost: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: { status: number } | { error: unknown }) => {
      socket.off("data", received).off("end", ended).off("close", ended).off("error", failed).pause()
      if ("status" in outcome) resolve(outcome.status)
      else reject(outcome.error)
    }
    let status = 0
    const parser = new ResponseParser("CONNECT", proxyHost, {
      head: (head) => {
        status = head.status
      },
      data: () => undefined,
      end: () => undefined,
    })
    const received = (chunk: Buffer) => {
      try {
        const early = parser.push(chunk) < chunk.length
        // Whoever speaks before our TLS greeting is not the server that we asked for.
        if (early)
          throw new TransferError("protocol", `proxy ${proxyHost} sent data before the tunnel was used`, { host: proxyHost })
        if (status !== 0) settle({ status })
      } catch (error) {
        settle({ error })
      }
    }
    const ended = () =>
      settle({ error: new TransferError("network", `proxy ${proxyHost} closed the connection`, { host: proxyHost }) })
    const failed = (error: Error) => settle({ error: connectionError(error, proxyHost) })
    socket.on("data", received).on("end", ended).on("close", ended).on("error", failed)
  })
}

/** What a proxy's own refusal means. */
export function refusedByProxy(status: number, proxyHost: string, host: string): TransferError {
  const details = { side: "local", host: proxyHost, status } as const
  if (status === 407) {
    const hint = "write user and password into the proxy's address: http://user:password@host:port"
    return new TransferError("unauthorized", `proxy ${proxyHost} asks for other credentials`, { ...details, hint })
  }
  const text = `proxy ${proxyHost} did not connect to ${host} (${status})`
  return new TransferError(status >= 500 ? "network" : "forbidden", text, details)
}

/** socks5 and socks4 resolve names here, where every address is checked; socks5h, socks4a and socks leave that to the proxy. */
async function socksTunnel(socket: Socket, target: DialTarget, options: ProxyOptions): Promise<Socket> {
  const { proxy, signal } = options
  const { SocksClient } = await import("socks")
  const remote = proxy.protocol !== "socks5:" && proxy.protocol !== "socks4:"
  const host = remote ? target.hostname : (await resolve(target, options))[0]
  try {
    const { socket: tunnel } = await SocksClient.createConnection({
      command: "connect",
      destination: { host: host ?? target.hostname, port: target.port },
      existing_socket: socket,
      proxy: {
        host: proxy.hostname,
        port: Number(proxy.port) || 1080,
        type: proxy.protocol.startsWith("socks4") ? 4 : 5,
        ...(proxy.username === ""
          ? {}
          : { userId: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) }),
      },
    })
    return tunnel
  } catch (cause) {
    signal.throwIfAborted()
    const said = cause instanceof Error ? cause.message : String(cause)
    if (/authentication/i.test(said)) throw refusedByProxy(407, proxy.host, target.host)
    throw new TransferError("network", `proxy ${proxy.host} did not connect to ${target.host}: ${said}`, {
      side: "local",
      host: proxy.host,
      cause,
    })
  }
}
