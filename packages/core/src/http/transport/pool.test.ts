import { EventEmitter, once } from "node:events"
import http from "node:http"
import type net from "node:net"
import { describe, expect, test } from "vitest"
import { bufferBody } from "../http.ts"
import { errorOf, get, listen, serveRaw, streamed, text, transport } from "./servers.fixture.ts"

describe("keep-alive", () => {
  const counted = async (listener: http.RequestListener) => {
    const server = http.createServer(listener)
    const count = { connections: 0 }
    server.on("connection", () => {
      count.connections += 1
    })
    return { ...(await listen(server)), count, server }
  }

  test("requests one after the other share a connection", async () => {
    const { origin, count } = await counted((_request, response) => response.end("x"))
    const { send } = transport()
    for (let n = 0; n < 3; n += 1) await (await send(get(origin))).body.bytes(1)
    expect(count.connections).toBe(1)
  })

  test.each([0, 1000, 1_000_000, undefined])("so do uploads of %s bytes", async (length) => {
    const { origin, count } = await counted((request, response) =>
      request.resume().on("end", () => response.writeHead(201).end()),
    )
    const { send } = transport()
    for (let n = 0; n < 3; n += 1) {
      const body = { ...streamed(1, length ?? 100_000), length }
      await (await send(get(origin, { method: "PUT", body }))).body.discard()
    }
    expect(count.connections).toBe(1)
  })

  test("requests side by side have their own, and no more than the limit is kept", async () => {
    const { origin, count } = await counted((_request, response) => response.end("x"))
    const { send } = transport({ maxIdlePerHost: 2 })
    const burst = () => Promise.all([1, 2, 3].map(async () => (await send(get(origin))).body.bytes(1)))
    await burst()
    expect(count.connections).toBe(3)
    await burst()
    expect(count.connections).toBe(4)
  })

  test("a request with a connection of its own leaves none behind", async () => {
    const { origin, count } = await counted((request, response) => response.end(request.headers.connection))
    const { send } = transport()
    for (let n = 0; n < 2; n += 1) expect(await text(send(get(origin, { connection: "own" })))).toBe("close")
    expect(count.connections).toBe(2)
  })

  test("a short rest is drained, a long one costs the connection", async () => {
    const { origin, count } = await counted((request, response) =>
      response.end(Buffer.alloc(request.url === "/long" ? 1_000_000 : 1000)),
    )
    const { send } = transport()
    await (await send(get(origin))).body.discard()
    await (await send(get(`${origin}/long`))).body.discard()
    expect(count.connections).toBe(1)
    await (await send(get(origin))).body.discard()
    expect(count.connections).toBe(2)
  })

  test("a consumer that leaves early costs the connection", async () => {
    const { origin, count } = await counted((_request, response) => response.end(Buffer.alloc(1_000_000)))
    const { send } = transport()
    for await (const chunk of (await send(get(origin))).body) if (chunk.length > 0) break
    await (await send(get(origin))).body.discard()
    expect(count.connections).toBe(2)
  })

  test("a server's short keep-alive time is honoured", async () => {
    const { origin, count } = await counted((_request, response) =>
      response.writeHead(200, { "keep-alive": "timeout=1" }).end("x"),
    )
    const { send } = transport()
    for (let n = 0; n < 2; n += 1) await (await send(get(origin))).body.bytes(1)
    expect(count.connections).toBe(2)
  })

  test("bytes behind an answer are not taken for the next one", async () => {
    const { origin } = await serveRaw((socket, _request, connection) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${connection}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`)
    })
    const { send } = transport()
    expect(await text(send(get(origin)))).toBe("1")
    expect(await text(send(get(origin)))).toBe("2")
  })

  test("an answer that comes before its question costs the connection", async () => {
    const { origin } = await serveRaw((socket, _request, connection) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${connection}`)
      if (connection === 1) setImmediate(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"))
      socket.on("close", () => events.emit("close"))
    })
    const events = new EventEmitter()
    const cut = once(events, "close")
    const { send } = transport()
    expect(await text(send(get(origin)))).toBe("1")
    await cut
    expect(await text(send(get(origin)))).toBe("2")
  })

  /** Answers the first request of the first connection, and cuts it at the second request. */
  const racing = (cut: (socket: net.Socket) => void) => {
    const requests: string[] = []
    return serveRaw((socket, request, connection) => {
      requests.push(request.slice(0, request.indexOf(" ")))
      if (connection === 1 && requests.length === 2) return cut(socket)
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${connection}`)
    }).then((listening) => ({ ...listening, requests }))
  }

  test.each([
    ["reset", (socket: net.Socket) => void socket.resetAndDestroy()],
    ["closed", (socket: net.Socket) => void socket.end()],
  ])("an idempotent request on a connection that is just being %s is sent again at once", async (_how, cut) => {
    const { origin, requests } = await racing(cut)
    const { send } = transport()
    expect(await text(send(get(origin)))).toBe("1")
    expect(await text(send(get(origin, { method: "PUT", body: bufferBody(Buffer.from("x")) })))).toBe("2")
    expect(requests).toEqual(["GET", "PUT", "PUT"])
  })

  test("what it failed with is told when its body cannot be read twice", async () => {
    const { origin, host } = await racing((socket) => void socket.resetAndDestroy())
    const { send } = transport()
    await text(send(get(origin)))
    const chunks = (function* () {
      yield Buffer.from("x")
    })()
    let opened = false
    const body = {
      length: 1,
      async *open() {
        if (opened) throw new Error("cannot be read twice")
        opened = true
        yield* chunks
      },
    }
    expect(await errorOf(send(get(origin, { method: "PUT", body })))).toBe(`network: connection reset by ${host}`)
  })

  test("a POST is not", async () => {
    const { origin, host, requests } = await racing((socket) => void socket.end())
    const { send } = transport()
    await text(send(get(origin)))
    expect(await errorOf(send(get(origin, { method: "POST" })))).toBe(`network: ${host} closed the connection before answering`)
    expect(requests).toEqual(["GET", "POST"])
  })

  test("a connection that comes about while the transport closes is not used", async () => {
    const { origin, host } = await counted((_request, response) => response.end("x"))
    const made = transport()
    const sent = errorOf(made.send(get(origin)))
    await made.close()
    expect(await sent).toBe(`network: connection to ${host} closed`)
  })

  test("closing the transport ends idle and busy connections", async () => {
    const { origin, host, server } = await counted((request, response) => request.url === "/" && response.end("x"))
    const made = transport()
    await text(made.send(get(origin)))
    const hanging = errorOf(made.send(get(`${origin}/hang`)))
    await once(server, "request")
    await made.close()
    expect(await hanging).toBe(`network: connection to ${host} closed`)
  })
})
