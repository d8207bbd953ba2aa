import { once } from "node:events"
import { createServer as createHttpServer, request } from "node:http"
import { connect } from "node:net"
import { describe, expect, it } from "vitest"
import { listenOnLoopback } from "../listen.ts"
import { faultProxy, type ProxyRule } from "./fault-proxy.ts"

const KiB = 1024

/** Gives a body of the size in its path; swallows uploads and says how much it got. */
async function server() {
  const received: number[] = []
  const http = createHttpServer(async (incoming, outgoing) => {
    let bytes = 0
    incoming.on("error", () => {})
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length
    })
    incoming.on("close", () => received.push(bytes))
    if (incoming.method === "GET") {
      const size = Number(incoming.url?.slice(1))
      outgoing.writeHead(200, { "content-length": size })
      outgoing.end(Buffer.alloc(size, "x"))
    } else incoming.on("end", () => outgoing.end(String(bytes)))
  })
  const listening = await listenOnLoopback(http)
  return { ...listening, received, [Symbol.asyncDispose]: () => listening.close() }
}

async function fetchThrough(
  origin: string,
  path: string,
  body?: Buffer,
): Promise<{ bytes: number; error?: string; text: string; ms: number }> {
  const started = performance.now()
  const outgoing = request(new URL(path, origin), { method: body ? "PUT" : "GET", agent: false })
  let bytes = 0
  let text = ""
  return await new Promise((resolve) => {
    const finish = (error?: NodeJS.ErrnoException) =>
      resolve({ bytes, text, ms: performance.now() - started, ...(error ? { error: error.code ?? error.message } : {}) })
    outgoing.on("error", finish)
    outgoing.on("response", (incoming) => {
      incoming.on("data", (chunk: Buffer) => {
        bytes += chunk.length
        text = chunk.toString().slice(0, 20)
      })
      incoming.on("error", finish)
      incoming.on("end", () => finish())
    })
    outgoing.end(body)
  })
}

describe("faultProxy", () => {
  it("lets everything through and counts it", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host)
    expect(await fetchThrough(proxy.origin, "/300000")).toMatchObject({ bytes: 300_000 })
    expect((await fetchThrough(proxy.origin, "/", Buffer.alloc(200_000))).text).toBe("200000")
    expect(proxy.connections).toBe(2)
    expect(proxy.bytes.toClient).toBeGreaterThan(300_000)
    expect(proxy.bytes.toClient).toBeLessThan(301_000)
    expect(proxy.bytes.toServer).toBeGreaterThan(200_000)
    expect(proxy.bytes.toServer).toBeLessThan(201_000)
  })

  it("resets after so many bytes to the client, for the first connections only", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "reset", after: 100 * KiB, times: 2 }])
    for (let i = 0; i < 2; i++) {
      const cut = await fetchThrough(proxy.origin, "/1000000")
      expect(cut.error).toBe("ECONNRESET")
      expect(cut.bytes).toBeGreaterThan(99 * KiB)
      expect(cut.bytes).toBeLessThanOrEqual(100 * KiB)
    }
    expect(await fetchThrough(proxy.origin, "/1000000")).toMatchObject({ bytes: 1_000_000 })
    expect(proxy.strikes).toBe(2)
  })

  it("resets after so many bytes to the server", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "reset", after: 64 * KiB, direction: "toServer", times: 1 }])
    const cut = await fetchThrough(proxy.origin, "/", Buffer.alloc(1_000_000))
    expect(["ECONNRESET", "EPIPE"]).toContain(cut.error)
    await expect.poll(() => real.received[0]).toBeGreaterThan(60 * KiB)
    expect(real.received[0]).toBeLessThanOrEqual(64 * KiB)
    expect((await fetchThrough(proxy.origin, "/", Buffer.alloc(1_000_000))).text).toBe("1000000")
  })

  it("stalls the connection that carries the byte so many of all lie before", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "stall", after: 500_000, of: "all", forMs: 100, times: 1 }])
    const times: number[] = []
    for (let i = 0; i < 4; i++) times.push((await fetchThrough(proxy.origin, "/200000")).ms)
    expect(times.map((ms) => ms > 95)).toEqual([false, false, true, false])
    expect(proxy.strikes).toBe(1)
  })

  it("resets before a byte when after is 0", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "reset", after: 0, direction: "toServer" }])
    expect((await fetchThrough(proxy.origin, "/10")).error).toBe("ECONNRESET")
    expect(proxy.bytes.toServer).toBe(0)
  })

  it("refuses the first connections", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "refuse", times: 1 }])
    expect((await fetchThrough(proxy.origin, "/10")).error).toBe("ECONNRESET")
    expect(await fetchThrough(proxy.origin, "/10")).toMatchObject({ bytes: 10 })
  })

  it("stalls for a while, then goes on", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "stall", after: 50 * KiB, forMs: 150, times: 1 }])
    const slow = await fetchThrough(proxy.origin, "/200000")
    expect(slow.bytes).toBe(200_000)
    expect(slow.ms).toBeGreaterThan(145)
    expect((await fetchThrough(proxy.origin, "/200000")).ms).toBeLessThan(145)
  })

  it("stalls for good with the connection open", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "stall", after: 1000 }])
    const socket = connect(proxy.port, "127.0.0.1")
    socket.write("GET /50000 HTTP/1.1\r\nHost: x\r\n\r\n")
    let bytes = 0
    socket.on("data", (chunk) => {
      bytes += chunk.length
    })
    await expect.poll(() => bytes).toBe(1000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(bytes).toBe(1000)
    expect(socket.readyState).toBe("open")
    expect(proxy.open).toBe(1)
    socket.destroy()
  })

  it("ends a body early with a FIN", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "end", after: 20_000 }])
    const cut = await fetchThrough(proxy.origin, "/50000")
    expect(cut.error).toBe("ECONNRESET")
    expect(cut.bytes).toBeGreaterThan(19_000)
    expect(cut.bytes).toBeLessThan(20_000)
  })

  it("keeps a rate for each connection", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "rate", bytesPerSecond: 1_000_000 }])
    const both = await Promise.all([fetchThrough(proxy.origin, "/300000"), fetchThrough(proxy.origin, "/300000")])
    for (const each of both) {
      expect(each.ms).toBeGreaterThan(280)
      expect(each.ms).toBeLessThan(500)
    }
  })

  it("shares a rate of the whole link", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "linkRate", bytesPerSecond: 2_000_000 }])
    const both = await Promise.all([fetchThrough(proxy.origin, "/300000"), fetchThrough(proxy.origin, "/300000")])
    expect(Math.max(...both.map((each) => each.ms))).toBeGreaterThan(290)
    expect(Math.max(...both.map((each) => each.ms))).toBeLessThan(500)
  })

  it("delays what goes through without thinning it", async () => {
    await using real = await server()
    const rules: ProxyRule[] = [
      { as: "delay", ms: 60, direction: "toServer" },
      { as: "delay", ms: 60 },
    ]
    await using proxy = await faultProxy(real.host, rules)
    const late = await fetchThrough(proxy.origin, "/2000000")
    expect(late.bytes).toBe(2_000_000)
    expect(late.ms).toBeGreaterThan(118)
    expect(late.ms).toBeLessThan(400)
  })

  it("takes new rules for open connections, and resets them all on demand", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host, [{ as: "rate", bytesPerSecond: 1_000_000 }])
    const running = fetchThrough(proxy.origin, "/5000000")
    await expect.poll(() => proxy.bytes.toClient).toBeGreaterThan(50_000)
    proxy.rules = [{ as: "reset", after: 200_000 }]
    expect((await running).error).toBe("ECONNRESET")
    const socket = connect(proxy.port, "127.0.0.1")
    await once(socket, "connect")
    await expect.poll(() => proxy.open).toBe(1)
    proxy.resetAll()
    await once(socket, "error")
    await expect.poll(() => proxy.open).toBe(0)
  })

  it("is refused by the system while it is closed, and comes back on the same port", async () => {
    await using real = await server()
    await using proxy = await faultProxy(real.host)
    await proxy.close()
    expect((await fetchThrough(proxy.origin, "/10")).error).toBe("ECONNREFUSED")
    await proxy.listen()
    expect(await fetchThrough(proxy.origin, "/10")).toMatchObject({ bytes: 10 })
  })
})
