import { randomBytes } from "node:crypto"
import { once } from "node:events"
import net from "node:net"
import { describe, expect, test } from "vitest"
import { bufferBody, type RequestBody } from "../http.ts"
import { errorOf, get, listen, serve, serveRaw, streamed, text, transport } from "./servers.fixture.ts"

describe("one exchange", () => {
  test("a GET answers status, headers and body", async () => {
    const { origin } = await serve((request, response) => response.writeHead(200, { "x-a": "1" }).end(request.url))
    const response = await transport().send(get(`${origin}/v2/?n=1#not-sent`))
    expect(response.status).toBe(200)
    expect(response.headers.get("x-a")).toBe("1")
    expect((await response.body.bytes(10)).toString()).toBe("/v2/?n=1")
  })

  test("the head holds what belongs there, and nothing that would break the framing", async () => {
    const { origin, host } = await serveRaw((socket, request) => {
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${request.length}\r\n\r\n${request}`)
    })
    const headers = {
      host: "other",
      "content-length": "7",
      "transfer-encoding": "chunked",
      connection: "close",
      "proxy-authorization": "x",
      "x-a": "1",
    }
    const head = await text(transport({ userAgent: "test/1" }).send(get(origin, { headers })))
    expect(head).toBe(
      `GET / HTTP/1.1\r\nhost: ${host}\r\naccept-encoding: identity\r\nuser-agent: test/1\r\naccept: */*\r\nx-a: 1`,
    )
  })

  test("a URL that is not HTTP is refused", async () => {
    expect(await errorOf(transport().send(get("ftp://registry.example/x")))).toBe(
      "protocol: ftp: is not spoken here, only http: and https:",
    )
  })

  test("a header that would split the request is refused", async () => {
    const { origin, host } = await serve((_request, response) => response.end())
    const headers = { authorization: "Bearer a\r\nx-b: 1" }
    expect(await errorOf(transport().send(get(origin, { headers })))).toBe(
      `protocol: header "authorization" cannot be sent to ${host}: forbidden characters`,
    )
  })

  test.each([0, 10_000, 3_000_000, undefined])("a PUT sends a body of %s bytes and reports what was sent", async (length) => {
    const size = length ?? 3_000_000
    const content = randomBytes(size)
    const { origin } = await serve(async (request, response) => {
      const received: Buffer[] = []
      for await (const chunk of request) received.push(chunk)
      const whole = Buffer.concat(received)
      response.end(`${whole.length} ${whole.equals(content)} ${request.headers["content-length"]}`)
    })
    const sent: number[] = []
    const body: RequestBody = {
      length,
      async *open() {
        for (let at = 0; at < size; at += 700_000) yield content.subarray(at, at + 700_000)
      },
      onSent: (bytes) => sent.push(bytes),
    }
    expect(await text(transport().send(get(origin, { method: "PUT", body })))).toBe(`${size} true ${length}`)
    expect(sent.at(-1) ?? 0).toBe(size)
    expect(sent).toEqual([...sent].sort((a, b) => a - b))
  })

  test("a POST without a body says so", async () => {
    const { origin } = await serve((request, response) => response.end(request.headers["content-length"]))
    expect(await text(transport().send(get(origin, { method: "POST" })))).toBe("0")
  })

  test.each([
    [3, "only 3 of its 4 bytes"],
    [5, "more than its 4 bytes"],
  ])("a body of %s bytes that promised 4 fails", async (size, much) => {
    const { origin, host } = await serve((request, response) => request.on("end", () => response.end()).resume())
    const body = { ...bufferBody(Buffer.alloc(size)), length: 4 }
    expect(await errorOf(transport().send(get(origin, { method: "PUT", body })))).toMatch(
      `protocol: the body for ${host} has ${much.slice(0, 4)}`,
    )
  })

  test("what a body throws is what the sender sees, and the connection is cut", async () => {
    const server = net.createServer()
    const connected = once(server, "connection")
    const { origin } = await listen(server)
    const body = streamed(3, 200_000, {
      async *open() {
        yield Buffer.alloc(200_000)
        throw new RangeError("source broke")
      },
    })
    const sending = transport().send(get(origin, { method: "PUT", body }))
    const [socket] = (await connected) as [net.Socket]
    const closed = once(socket.resume(), "close")
    await expect(sending).rejects.toThrow(new RangeError("source broke"))
    await closed
  })

  test("a large body arrives whole, in pieces that are never overwritten", async () => {
    const content = randomBytes(8 * 1024 * 1024)
    const { origin } = await serve((_request, response) => {
      response.end(content)
    })
    const response = await transport().send(get(origin))
    const chunks: Buffer[] = []
    for await (const chunk of response.body) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(content)).toBe(true)
  })

  test("a consumer that does not read makes the server wait", async () => {
    let written = 0
    const { origin } = await serve((_request, response) => {
      const more = () => {
        while (written < 64) {
          written += 1
          if (!response.write(Buffer.alloc(1024 * 1024))) return response.once("drain", more)
        }
        response.end()
      }
      more()
    })
    const response = await transport().send(get(origin, { idleTimeoutMs: 200 }))
    let before = -1
    while (before !== written) {
      before = written
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(written).toBeLessThan(32)
    let received = 0
    for await (const chunk of response.body) received += chunk.length
    expect(received).toBe(64 * 1024 * 1024)
  })
})

describe("limits on what is read into memory", () => {
  test.each(["content-length", "chunked"])("bytes() takes exactly the limit and not one more (%s)", async (kind) => {
    const { origin, host } = await serve((_request, response) => {
      if (kind === "content-length") response.setHeader("content-length", 5)
      response.write("he")
      response.end("llo")
    })
    const { send } = transport()
    expect(String(await (await send(get(origin))).body.bytes(5))).toBe("hello")
    expect(await errorOf((await send(get(origin))).body.bytes(4))).toBe(`too_large: ${host} answered with more than 4 bytes`)
  })

  test("a Content-Length over the limit fails before the body has come", async () => {
    const { origin, host } = await serveRaw((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"))
    const response = await transport().send(get(origin))
    expect(await errorOf(response.body.bytes(5))).toBe(`too_large: ${host} answered with more than 5 bytes`)
  })

  test("an encoded answer is refused, an encoded error is not", async () => {
    const { origin, host } = await serve((request, response) => {
      response.writeHead(request.url === "/missing" ? 404 : 200, { "content-encoding": "gzip" }).end("xx")
    })
    const { send } = transport()
    expect(await errorOf(send(get(origin)))).toBe(`protocol: ${host} encoded its answer (gzip) although asked not to`)
    expect((await send(get(`${origin}/missing`))).status).toBe(404)
  })
})
