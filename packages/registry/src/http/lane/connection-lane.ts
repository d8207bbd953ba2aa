import type { Server } from "node:http"
import type { Socket } from "node:net"
import { type RequestHead, readRequestHead } from "./request-head.ts"

/** An answer of status 200 that is known already, and what is to be done once it is on its way. */
export interface ReadyAnswer {
  /** Lines of headers, each with its end; Date and what concerns the connection are not among them. */
  readonly headers: string
  /** Latin-1; empty for HEAD. */
  readonly body: string
  sent(): void
}

export interface LaneOptions {
  /** Undefined: the usual way answers. Must be quick, and never throw. */
  answer(head: RequestHead, socket: Socket): ReadyAnswer | undefined
  /** A connection that says nothing for so long after its first answer is closed. Default 65,000. */
  readonly keepAliveTimeoutMs?: number
  /** The same before its first request. Default 10,000. */
  readonly headersTimeoutMs?: number
}

/** More waiting for a client than this, and Node's own server takes over, which knows what to do about those who do not read. */
const mostWaitingBytes = 256 * 1024
/** What clients are given to take their last answers in. */
const lastWordsMs = 1_000

/**
 * Answers plain requests whose answer is in memory before Node's HTTP parser and its objects come into play, which cost several times what such an
 * answer does. Each connection begins here and goes over to the server, with its first bytes, at the first request that is anything else; there
 * it stays. Everything else that listens for connections of the server hears of them as before. Returns how to close those that wait here.
 */
export function openLane(server: Server, options: LaneOptions): { close(): void } {
  const { keepAliveTimeoutMs = 65_000, headersTimeoutMs = 10_000 } = options
  const [toParser] = server.listeners("connection")
  if (toParser === undefined) throw new Error("the server has no listener for connections")
  const waiting = new Set<Socket>()
  const date = new HttpDate()
  const statusLine = "HTTP/1.1 200 OK\r\n"
  const keptAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / 1000)}\r\n\r\n`

  function enter(socket: Socket): void {
    const leave = () => {
      waiting.delete(socket)
      socket.off("data", read).off("error", cut).off("timeout", cut).off("close", leave).off("end", end)
    }
    const cut = () => void socket.destroy()
    const end = () => void socket.end()
    const read = (chunk: Buffer) => {
      const head = server.listening && socket.writableLength < mostWaitingBytes ? readRequestHead(chunk) : undefined
      const answer = head && options.answer(head, socket)
      if (answer !== undefined) {
        socket.setTimeout(keepAliveTimeoutMs)
        socket.write(`${statusLine}${answer.headers}Date: ${date.now()}\r\n${keptAlive}${answer.body}`, "latin1")
        answer.sent()
        return
      }
      leave()
      socket.setTimeout(0)
      toParser?.call(server, socket)
      socket.unshift(chunk)
    }
    waiting.add(socket)
    socket.setNoDelay(true)
    socket.setTimeout(headersTimeoutMs)
    socket.on("data", read).on("error", cut).on("timeout", cut).on("close", leave).on("end", end)
  }

  server.removeListener("connection", toParser as () => void)
  server.prependListener("connection", enter)
  return {
    close() {
      for (const socket of waiting) socket.destroySoon()
      // Who does not take the last answer, or keeps a half open, must not keep the server.
      setTimeout(() => {
        for (const socket of waiting) socket.destroy()
      }, lastWordsMs).unref()
    },
  }
}

/** IMF-fixdate (RFC 9110 section 5.6.7), made once a second. */
class HttpDate {
  #second = 0
  #text = ""

  now(): string {
    const second = Math.floor(Date.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#text = new Date(second * 1000).toUTCString()
    }
    return this.#text
  }
}
