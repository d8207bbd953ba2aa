import { createHash } from "node:crypto"
import { createServer, request } from "node:http"
import { describe, expect, it } from "vitest"
import { PseudoRandom } from "../images/pseudo-random.ts"
import { listenOnLoopback } from "../listen.ts"
import { linkProxy } from "./link-proxy.ts"

const body = new PseudoRandom("link").bytes(0, 3_000_000)
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex")

async function server() {
  const http = createServer(async (incoming, outgoing) => {
    if (incoming.method === "GET") return void outgoing.end(body.subarray(0, Number(incoming.url?.slice(1))))
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    outgoing.end(sha256(Buffer.concat(chunks)))
  })
  const listening = await listenOnLoopback(http)
  return { ...listening, [Symbol.asyncDispose]: () => listening.close() }
}

async function through(origin: string, path: string, upload?: Buffer): Promise<{ bytes: Buffer; ms: number }> {
  const started = performance.now()
  return await new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, origin), { method: upload ? "PUT" : "GET", agent: false }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
      incoming.on("error", reject)
      incoming.on("end", () => resolve({ bytes: Buffer.concat(chunks), ms: performance.now() - started }))
    })
    outgoing.on("error", reject)
    outgoing.end(upload)
  })
}

describe("linkProxy", () => {
  it("brings every byte through loss, in order, both ways", async () => {
    await using real = await server()
    await using link = await linkProxy(real.host, { rttMs: 4, lossRate: 0.01, bandwidthBitsPerSecond: 1e9 })
    expect(sha256((await through(link.origin, "/3000000")).bytes)).toBe(sha256(body))
    expect((await through(link.origin, "/", body)).bytes.toString()).toBe(sha256(body))
    expect(link.connections).toBe(2)
    expect(link.bytes.toClient).toBeGreaterThan(3_000_000)
    expect(link.bytes.toServer).toBeGreaterThan(3_000_000)
  })

  it("costs a round trip to connect and one to ask", async () => {
    await using real = await server()
    await using link = await linkProxy(real.host, { rttMs: 60 })
    const { ms } = await through(link.origin, "/10")
    expect(ms).toBeGreaterThan(118)
    expect(ms).toBeLessThan(250)
  })

  it("gives each connection its rate, both ways", async () => {
    await using real = await server()
    await using link = await linkProxy(real.host, { perConnectionBytesPerSecond: 2e6 })
    const [first, second, up] = await Promise.all([
      through(link.origin, "/500000"),
      through(link.origin, "/500000"),
      through(link.origin, "/", body.subarray(0, 500_000)),
    ])
    for (const { ms } of [first, second, up]) {
      expect(ms).toBeGreaterThan(245)
      expect(ms).toBeLessThan(400)
    }
  })

  it("makes all connections share the link", async () => {
    await using real = await server()
    await using link = await linkProxy(real.host, { bandwidthBitsPerSecond: 16e6 })
    const both = await Promise.all([through(link.origin, "/300000"), through(link.origin, "/300000")])
    expect(Math.max(...both.map(({ ms }) => ms))).toBeGreaterThan(295)
    expect(Math.max(...both.map(({ ms }) => ms))).toBeLessThan(450)
  })
})
