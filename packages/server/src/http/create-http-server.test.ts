import { once } from "node:events"
import { type createServer, request } from "node:http"
import { connect, type Socket } from "node:net"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { createHttpServer, type HttpCaps } from "./create-http-server.ts"

async function listening(
  caps: HttpCaps,
  handler: Parameters<typeof createServer>[1] = (_, response) => void response.end("here"),
) {
  const server = createHttpServer(handler, caps)
  const { port, origin, close } = await listenOnLoopback(server)
  onTestFinished(close)
  const speak = (bytes: string, localAddress?: string): Socket => {
    const socket = connect({ port, host: "127.0.0.1", ...(localAddress === undefined ? {} : { localAddress }) })
    socket.on("error", () => undefined)
    socket.write(bytes)
    return socket
  }
  return { server, port, origin, speak }
}

async function said(socket: Socket): Promise<string> {
  let text = ""
  socket.on("data", (chunk) => {
    text += chunk.toString()
  })
  await new Promise((resolve) => socket.once("close", resolve))
  return text.split("\r\n")[0] ?? ""
}

test("S22: half a header, and half a body, end after their time", async () => {
  const { speak } = await listening({ headersTimeoutMs: 100, requestTimeoutMs: 200 })
  expect(await said(speak("GET / HTTP/1.1\r\nHost: x\r\nX-"))).toBe("HTTP/1.1 408 Request Timeout")
  const { speak: post } = await listening({ headersTimeoutMs: 100, requestTimeoutMs: 200 }, (asked, response) => {
    asked.resume().once("error", () => undefined)
    asked.once("end", () => response.end())
  })
  expect(await said(post("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"))).toBe("HTTP/1.1 408 Request Timeout")
})

test("S22: a body that may take long takes as long as it takes, beside one that may not", async () => {
  const upload = "POST /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10\r\n\r\nabc"
  const { speak } = await listening(
    { headersTimeoutMs: 100, requestTimeoutMs: 100, mayTakeLong: ({ url }) => url === "/long" },
    (asked, response) => {
      asked.resume().once("error", () => undefined)
      asked.once("end", () => response.end())
    },
  )
  const long = speak(upload)
  const answer = said(long)
  expect(await said(speak(upload.replace("/long", "/short")))).toBe("HTTP/1.1 408 Request Timeout")
  long.write("defghij")
  expect(await answer).toBe("HTTP/1.1 200 OK")
})

test("S22: headers over their cap are refused", async () => {
  const { speak } = await listening({ maxHeaderBytes: 1024 })
  expect(await said(speak(`GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(2000)}\r\n\r\n`))).toBe(
    "HTTP/1.1 431 Request Header Fields Too Large",
  )
})

test("S22: one address has so many connections and no more, others still have theirs", async () => {
  const { speak, origin, server } = await listening({ maxConnectionsPerAddress: 3 })
  const held = [1, 2, 3].map(() => speak("GET / HTTP/1.1\r\n", "127.0.0.2"))
  await Promise.all(held.map((socket) => once(socket, "connect")))
  expect(await said(speak("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "127.0.0.2"))).toBe("")
  expect(await (await fetch(origin)).text()).toBe("here")
  held[0]?.destroy()
  await once(held[0] ?? server, "close")
  await expect
    .poll(() => said(speak("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "127.0.0.2")))
    .toBe("HTTP/1.1 200 OK")
})

test("the connections of a trusted proxy are those of many, and are not counted", async () => {
  const { speak } = await listening({ maxConnectionsPerAddress: 1, isProxy: (address) => address === "127.0.0.2" })
  const held = [1, 2, 3].map(() => speak("GET / HTTP/1.1\r\n", "127.0.0.2"))
  await Promise.all(held.map((socket) => once(socket, "connect")))
  expect(await said(speak("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "127.0.0.2"))).toBe("HTTP/1.1 200 OK")
})

test("S22: a client that takes nothing of its answer is cut off", async () => {
  const big = Buffer.alloc(32 * 1024 * 1024)
  const { port, server } = await listening({ writeIdleMs: 150 }, (_, response) => void response.end(big))
  const [response] = await once(request({ port, agent: false }).end(), "response")
  response.on("error", () => undefined)
  response.pause()
  const connections = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
  await expect.poll(connections).toBe(0)
})

test("a request to upgrade is refused before anybody sees it", async () => {
  const seen: string[] = []
  const { speak } = await listening({}, (asked, response) => {
    seen.push(asked.url ?? "")
    response.end()
  })
  expect(await said(speak("GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"))).toBe(
    "HTTP/1.1 400 Bad Request",
  )
  expect(seen).toEqual([])
})
