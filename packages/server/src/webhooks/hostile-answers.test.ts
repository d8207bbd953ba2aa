import { createServer, type Socket } from "node:net"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { formats } from "./formats/formats.ts"
import { MessageSender } from "./send-message.ts"

const head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"

/** What a try comes to at somebody who writes this for as long as it is let in, a piece at once or one every few milliseconds. */
async function attemptAt(first: string, piece: string, everyMs?: number) {
  let left: () => void = () => undefined
  const hasLeft = new Promise<void>((resolve) => {
    left = resolve
  })
  const write = (socket: Socket) => {
    if (socket.destroyed) return
    const goesOn = socket.write(piece)
    if (everyMs !== undefined) setTimeout(() => write(socket), everyMs)
    else if (goesOn) setImmediate(() => write(socket))
    else socket.once("drain", () => write(socket))
  }
  const server = createServer((socket) => {
    socket.on("error", () => undefined)
    socket.once("close", left)
    socket.once("data", () => {
      socket.write(first)
      write(socket)
    })
  })
  const { origin, close } = await listenOnLoopback(server)
  onTestFinished(close)
  const sender = new MessageSender({ hosts: () => ({}), timeoutMs: everyMs === undefined ? 20_000 : 300 })
  const request = { url: origin, headers: {}, body: "{}" }
  const before = process.memoryUsage().arrayBuffers
  const attempt = await sender.send(request, formats.standard, 0, new AbortController().signal)
  const grown = process.memoryUsage().arrayBuffers - before
  await hasLeft
  await sender.close()
  return { attempt, grown }
}

const late = { status: null, error: "timeout: no answer within 0.3 s", passes: true }
const odd = { status: null, error: "answer: the receiver's answer cannot be understood", passes: true }

test.each([
  ["a head that comes byte by byte and never ends", head, "x", 5, late],
  ["a body that comes byte by byte and never ends", `${head}\r\n`, "x", 5, late],
  ["an answer that is announced again and again", "", "HTTP/1.1 103 Early Hints\r\n\r\n", 5, undefined],
  ["a body without an end", `${head}\r\n`, "x".repeat(65_536), undefined, { status: 200, error: null, passes: false }],
  [
    "a body without an end of a failure",
    "HTTP/1.1 410 Gone\r\n\r\n",
    "x".repeat(65_536),
    undefined,
    { status: 410, passes: false },
  ],
  ["a head without an end", head, `x-more: ${"x".repeat(8_000)}\r\n`, undefined, odd],
  [
    "a body in pieces without an end",
    `${head}transfer-encoding: chunked\r\n\r\n`,
    `1000\r\n${"x".repeat(4096)}\r\n`,
    undefined,
    { status: 200 },
  ],
] as const)("S9, S22: %s takes neither memory nor more than its time", async (_, first, piece, everyMs, expected) => {
  const { attempt, grown } = await attemptAt(first, piece, everyMs)
  expect(attempt).toMatchObject(expected ?? { status: null, passes: true })
  expect(grown).toBeLessThan(32 * 1024 * 1024)
})
