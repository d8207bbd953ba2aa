import { EventEmitter, getEventListeners, once } from "node:events"
import type net from "node:net"
import { describe, expect, test } from "vitest"
import type { HttpRequest } from "../http.ts"
import { errorOf, get, serve, serveRaw, streamed, text, transport } from "./servers.fixture.ts"

describe("an answer before the body has been sent", () => {
  test("is delivered, and the sending stops", async () => {
    const { origin } = await serveRaw((socket) => {
      socket.pause()
      socket.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno")
    })
    let released = false
    const body = streamed(1000, 1_000_000, {
      async *open() {
        try {
          for (;;) yield Buffer.alloc(1_000_000)
        } finally {
          released = true
        }
      },
    })
    const response = await transport().send(get(origin, { method: "PUT", body }))
    expect(response.status).toBe(401)
    expect(String(await response.body.bytes(10))).toBe("no")
    await expect.poll(() => released).toBe(true)
  })

  test("is delivered although the server resets the connection behind it, and our next write fails", async () => {
    const events = new EventEmitter()
    const cut = once(events, "cut")
    const { origin } = await serveRaw((socket) => {
      socket.pause()
      socket.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig", () => {
        socket.resetAndDestroy()
        events.emit("cut")
      })
    })
    const body = streamed(2, 100_000, {
      async *open() {
        await cut
        for (let n = 0; n < 2; n += 1) yield Buffer.alloc(100_000)
      },
    })
    const response = await transport().send(get(origin, { method: "PUT", body }))
    expect(response.status).toBe(413)
    expect(String(await response.body.bytes(10))).toBe("big")
  })

  test("a write that fails without an answer is a broken connection", async () => {
    const events = new EventEmitter()
    const cut = once(events, "cut")
    const { origin, host } = await serveRaw((socket) => {
      socket.resetAndDestroy()
      events.emit("cut")
    })
    const body = streamed(2, 100_000, {
      async *open() {
        await cut
        for (let n = 0; n < 2; n += 1) yield Buffer.alloc(100_000)
      },
    })
    expect(await errorOf(transport().send(get(origin, { method: "PUT", body })))).toBe(`network: connection reset by ${host}`)
  })
})

describe("broken connections", () => {
  test("refused", async () => {
    const { origin, host, close } = await serve(() => undefined)
    await close()
    expect(await errorOf(transport().send(get(origin)))).toBe(`network: connection refused by ${host}`)
  })

  test("reset before the answer", async () => {
    const { origin, host } = await serveRaw((socket) => socket.resetAndDestroy())
    expect(await errorOf(transport().send(get(origin)))).toBe(`network: connection reset by ${host}`)
  })

  test("closed before the answer", async () => {
    const { origin, host } = await serveRaw((socket) => socket.end())
    expect(await errorOf(transport().send(get(origin)))).toBe(`network: ${host} closed the connection before answering`)
  })

  test("closed within a body with Content-Length, after the bytes that came were delivered", async () => {
    const { origin, host } = await serveRaw((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"))
    const response = await transport().send(get(origin))
    let received = ""
    const reading = (async () => {
      for await (const chunk of response.body) received += chunk
    })()
    expect(await errorOf(reading)).toBe(`network: ${host} closed the connection after 5 of 10 bytes`)
    expect(received).toBe("hello")
  })

  test("closed within a chunked body", async () => {
    const { origin, host } = await serveRaw((socket) =>
      socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhello"),
    )
    const response = await transport().send(get(origin))
    expect(await errorOf(response.body.bytes(100))).toBe(`network: ${host} closed the connection after 5 bytes, before the end`)
  })

  test("a body without framing ends with the connection", async () => {
    const { origin } = await serveRaw((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nhello"))
    expect(await text(transport().send(get(origin)))).toBe("hello")
  })

  test("a bare LF is worth another try", async () => {
    const { origin, host } = await serveRaw((socket) => socket.write("HTTP/1.1 429 Too Many Requests\nRetry-After: 1\n\n"))
    expect(await errorOf(transport().send(get(origin)))).toBe(
      `network: ${host} sent a malformed answer: a line that ends in a bare LF`,
    )
  })

  test("an error says on whose side it was", async () => {
    const { origin } = await serveRaw((socket) => socket.end())
    await expect(transport().send(get(origin, { side: "target" }))).rejects.toMatchObject({ side: "target", code: "network" })
  })
})

describe("stalls", () => {
  test("no answer", async () => {
    const { origin, host } = await serveRaw(() => undefined)
    expect(await errorOf(transport().send(get(origin, { idleTimeoutMs: 40 })))).toBe(`network: no data from ${host} for 0.04 s`)
  })

  test("a body that stops", async () => {
    const { origin, host } = await serveRaw((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"))
    const response = await transport().send(get(origin, { idleTimeoutMs: 40 }))
    expect(await errorOf(response.body.bytes(10))).toBe(`network: no data from ${host} for 0.04 s`)
  })

  test("an upload that the server does not take", async () => {
    const { origin, host } = await serveRaw((socket) => socket.pause())
    const body = streamed(100, 1_000_000)
    expect(await errorOf(transport().send(get(origin, { method: "PUT", body, idleTimeoutMs: 60 })))).toBe(
      `network: no data taken by ${host} for 0.06 s`,
    )
  })

  test("a slow drip is no stall", async () => {
    const { origin } = await serveRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
      let n = 0
      const timer = setInterval(() => {
        socket.write(String(n++))
        if (n === 8) clearInterval(timer)
      }, 40)
    })
    expect(await text(transport().send(get(origin, { idleTimeoutMs: 200 })))).toBe("01234567")
  })

  test("a body that stops after an early answer", async () => {
    const { origin, host } = await serveRaw((socket) =>
      socket.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 10\r\n\r\nhello"),
    )
    const body = streamed(2, 100_000, {
      async *open() {
        yield Buffer.alloc(100_000)
        await new Promise(() => undefined)
      },
    })
    const response = await transport().send(get(origin, { method: "PUT", body, idleTimeoutMs: 40 }))
    expect(response.status).toBe(401)
    expect(await errorOf(response.body.bytes(10))).toBe(`network: no data from ${host} for 0.04 s`)
  })

  test("an upload that is taken slowly is none", async () => {
    const { origin } = await serve((request, response) => {
      request.on("data", () => {
        request.pause()
        setTimeout(() => request.resume(), 2)
      })
      request.on("end", () => response.end("ok"))
    })
    const sent: number[] = []
    const body = streamed(16, 1_000_000, { onSent: (bytes) => sent.push(bytes) })
    expect(await text(transport().send(get(origin, { method: "PUT", body, idleTimeoutMs: 250 })))).toBe("ok")
    expect(sent.at(-1)).toBe(16_000_000)
  })

  test("a body of ours that is slow to come is no stall of the server", async () => {
    const { origin } = await serve((request, response) => request.on("end", () => response.end("ok")).resume())
    const body = streamed(2, 100_000, {
      async *open() {
        yield Buffer.alloc(100_000)
        await new Promise((resolve) => setTimeout(resolve, 450))
        yield Buffer.alloc(100_000)
      },
    })
    expect(await text(transport().send(get(origin, { method: "PUT", body, idleTimeoutMs: 200 })))).toBe("ok")
  })
})

describe("cancelling", () => {
  test("before the request", async () => {
    const { origin } = await serve((_request, response) => response.end())
    expect(await errorOf(transport().send(get(origin, { signal: AbortSignal.abort() })))).toBe("cancelled: cancelled")
  })

  test("while waiting for the answer, sending, or receiving: at once, and the connection is cut", async () => {
    const cases: [Partial<HttpRequest>, string][] = [
      [{}, ""],
      [{ method: "PUT", body: streamed(1000, 1_000_000) }, ""],
      [{}, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"],
    ]
    for (const [more, answer] of cases) {
      const events = new EventEmitter()
      const arrived = once(events, "socket")
      const { origin } = await serveRaw((socket) => {
        if (more.body) socket.pause()
        socket.write(answer)
        events.emit("socket", socket)
      })
      const controller = new AbortController()
      const sent = transport().send(get(origin, { ...more, signal: controller.signal }))
      const outcome = errorOf(sent.then((response) => response.body.bytes(100)))
      const [socket] = (await arrived) as [net.Socket]
      if (answer !== "") await sent
      const closed = once(socket, "close")
      controller.abort()
      expect(await outcome).toBe("cancelled: cancelled")
      socket.resume()
      await closed
    }
  })

  test("a signal shared by many requests raises no warning, and keeps no listener of those that are done", async () => {
    const { origin } = await serve((_request, response) => response.end("x"))
    const controller = new AbortController()
    const { send } = transport()
    const warnings: Error[] = []
    const warned = (warning: Error) => warnings.push(warning)
    process.on("warning", warned)
    await Promise.all(Array.from({ length: 20 }, () => text(send(get(origin, { signal: controller.signal })))))
    process.off("warning", warned)
    expect(warnings).toEqual([])
    expect(getEventListeners(controller.signal, "abort")).toEqual([])
  })
})
