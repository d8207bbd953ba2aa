import http from "node:http"
import https from "node:https"
import net from "node:net"
import { type Listening, needs, type TestCa, testCa } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { errorOf, get, listen, serve, socksProxy, streamed, text, transport } from "./servers.fixture.ts"
import { spokePlainHttp } from "./tls-error.ts"

const trustHint = "if this certificate is right, give the file of its CA; --tls-verify=false accepts any certificate of this host"

describe.skipIf(needs("openssl"))("TLS", () => {
  let authority: TestCa
  beforeAll(async () => {
    authority = await testCa()
  })
  afterAll(() => authority[Symbol.asyncDispose]())

  type Certificate = Parameters<TestCa["certificate"]>[0]

  async function serveTls(listener: http.RequestListener, options: https.ServerOptions & { certificate?: Certificate } = {}) {
    const { key, cert } = await authority.certificate(options.certificate)
    const server = https.createServer({ key, cert, ...options }, listener)
    return { ...origin(await listen(server)), server }
  }
  const origin = (listening: Listening) => ({ ...listening, origin: `https://${listening.host}` })

  test("a private CA is trusted beside the usual roots, and bodies flow in both directions", async () => {
    const size = 3_000_000
    const { origin } = await serveTls(async (request, response) => {
      let received = 0
      for await (const chunk of request) received += chunk.length
      response.end(request.method === "PUT" ? String(received) : Buffer.alloc(size, 7))
    })
    const { send } = transport({ hosts: () => ({ ca: authority.ca }) })
    const sent: number[] = []
    const body = streamed(3, size / 3, { onSent: (bytes) => sent.push(bytes) })
    expect(await text(send(get(origin, { method: "PUT", body })))).toBe(String(size))
    expect(sent.at(-1)).toBe(size)
    const received = await (await send(get(origin))).body.bytes(size)
    expect(received.equals(Buffer.alloc(size, 7))).toBe(true)
  })

  test("connections are kept, per TLS settings", async () => {
    const { origin, server } = await serveTls((_request, response) => response.end("x"))
    let connections = 0
    server.on("secureConnection", () => {
      connections += 1
    })
    let settings = { ca: authority.ca, tlsVerify: true }
    const { send } = transport({ hosts: () => settings })
    await text(send(get(origin)))
    await text(send(get(origin)))
    expect(connections).toBe(1)
    settings = { ca: authority.ca, tlsVerify: false }
    await text(send(get(origin)))
    expect(connections).toBe(2)
  })

  test("the name in the URL is what the certificate must be for, whatever the address", async () => {
    const { port } = await serveTls((request, response) => response.end((request.socket as { servername?: string }).servername), {
      certificate: { names: ["registry.example"] },
    })
    const lookup = async () => [{ address: "127.0.0.1", family: 4 }]
    const { send } = transport({ hosts: () => ({ ca: authority.ca }), lookup })
    expect(await text(send(get(`https://registry.example:${port}`)))).toBe("registry.example")
    expect(await errorOf(send(get(`https://other.example:${port}`)))).toMatch(
      new RegExp(
        `^tls: the certificate of other\\.example:${port} is for another name \\(subject CN=registry\\.example, issuer CN=Entrepot test authority, valid .* GMT to .* GMT, names DNS:registry\\.example\\)$`,
      ),
    )
  })

  test.each([
    ["an unknown authority", {}, undefined, "is signed by an unknown authority"],
    ["an expired certificate", { expired: true }, "ca", "has expired"],
    ["a certificate for clients", { usage: "client" as const }, "ca", "is not meant for servers"],
  ])("%s fails at once and names the certificate", async (_what, certificate, trusted, fault) => {
    let requests = 0
    const { origin, host, server } = await serveTls(() => (requests += 1), { certificate })
    let handshakes = 0
    server.on("connection", () => (handshakes += 1))
    const { send } = transport({ hosts: () => (trusted ? { ca: authority.ca } : {}) })
    const sent = send(get(origin, { side: "source" }))
    await expect(sent).rejects.toMatchObject({ code: "tls", host, side: "source", hint: trustHint })
    expect(await errorOf(sent)).toMatch(
      new RegExp(
        `^tls: the certificate of ${host} ${fault} \\(subject CN=127\\.0\\.0\\.1, issuer CN=Entrepot test authority, valid `,
      ),
    )
    expect([handshakes, requests]).toEqual([1, 0])
  })

  test("tlsVerify false accepts any certificate", async () => {
    const { origin } = await serveTls((_request, response) => response.end("x"), {
      certificate: { expired: true, names: ["other"] },
    })
    expect(await text(transport({ hosts: () => ({ tlsVerify: false }) }).send(get(origin)))).toBe("x")
  })

  test("a client certificate is shown to a server that asks", async () => {
    const { cert, key } = await authority.certificate({ usage: "client", names: ["somebody"] })
    const { origin } = await serveTls(
      (request, response) => response.end(String((request.socket as { authorized?: boolean }).authorized)),
      { ca: authority.ca, requestCert: true, rejectUnauthorized: false },
    )
    const { ca } = authority
    expect(await text(transport({ hosts: () => ({ ca, clientCertificate: { cert, key } }) }).send(get(origin)))).toBe("true")
    expect(await text(transport({ hosts: () => ({ ca }) }).send(get(origin)))).toBe("false")
  })

  test("a plain HTTP server is recognised", async () => {
    const { host } = await serve((_request, response) => response.end())
    const sent = transport().send(get(`https://${host}`))
    expect(await errorOf(sent)).toBe(`tls: ${host} does not speak TLS; it may be a plain HTTP server`)
    expect(await sent.catch(spokePlainHttp)).toBe(true)
    const { origin } = await serveTls((_request, response) => response.end())
    expect(await transport().send(get(origin)).catch(spokePlainHttp)).toBe(false)
  })

  test("a server that only speaks old TLS is no plain HTTP server", async () => {
    const { origin, host } = await serveTls((_request, response) => response.end(), {
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    })
    const sent = transport({ hosts: () => ({ tlsVerify: false }) }).send(get(origin))
    expect(await errorOf(sent)).toBe(`tls: TLS handshake with ${host} failed (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)`)
    expect(await sent.catch(spokePlainHttp)).toBe(false)
  })

  test("a handshake that the server drops is a broken connection, one that hangs ends with the time for connecting", async () => {
    const dropping = await listen(net.createServer((socket) => void socket.on("error", () => undefined).resetAndDestroy()))
    expect(await errorOf(transport().send(get(`https://${dropping.host}`)))).toBe(`network: connection reset by ${dropping.host}`)
    const hanging = await listen(net.createServer((socket) => void socket.on("error", () => undefined).resume()))
    expect(await errorOf(transport({ connectTimeoutMs: 50 }).send(get(`https://${hanging.host}`)))).toBe(
      `network: no connection to ${hanging.host} within 0.05 s`,
    )
  })

  test("stalls within TLS are noticed in both directions", async () => {
    const { origin, host } = await serveTls((request, response) => {
      if (request.method === "PUT") request.pause()
      else response.writeHead(200, { "content-length": 10 }).write("hello")
    })
    const { send } = transport({ hosts: () => ({ ca: authority.ca }) })
    const response = await send(get(origin, { idleTimeoutMs: 60 }))
    expect(await errorOf(response.body.bytes(10))).toBe(`network: no data from ${host} for 0.06 s`)
    const body = streamed(50, 1_000_000)
    expect(await errorOf(send(get(origin, { method: "PUT", body, idleTimeoutMs: 100 })))).toBe(
      `network: no data taken by ${host} for 0.1 s`,
    )
  })

  /** A proxy, over TLS itself if asked, that tunnels everything to `port`. */
  async function tunnelTo(port: number, secure: boolean) {
    const asked: string[] = []
    const { key, cert } = await authority.certificate()
    const server = secure ? https.createServer({ key, cert }) : http.createServer()
    server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
      asked.push(request.url ?? "")
      const upstream = net.connect(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n")
        upstream.pipe(socket).pipe(upstream)
      })
      for (const end of [socket, upstream]) end.on("error", () => undefined)
    })
    const { host } = await listen(server)
    return { asked, url: new URL(`${secure ? "https" : "http"}://${host}`) }
  }

  test("through a SOCKS proxy", async () => {
    const size = 3_000_000
    const { port } = await serveTls((_request, response) => response.end(Buffer.alloc(size, 9)), {
      certificate: { names: ["registry.example"] },
    })
    const proxy = await socksProxy(port)
    const { send } = transport({ hosts: () => ({ ca: authority.ca }), proxies: { https: proxy.url("socks5h") } })
    for (let n = 0; n < 2; n += 1) {
      const response = await send(get("https://registry.example/"))
      expect((await response.body.bytes(size)).equals(Buffer.alloc(size, 9))).toBe(true)
    }
    expect(proxy.asked).toEqual(["registry.example:443"])
  })

  test.each([false, true])("through a tunnel (proxy itself over TLS: %s), large bodies included", async (secure) => {
    const size = 5_000_000
    const { port } = await serveTls(
      (request, response) => {
        request.resume().on("end", () => response.end(Buffer.alloc(size, 9)))
      },
      { certificate: { names: ["registry.example"] } },
    )
    const proxy = await tunnelTo(port, secure)
    const { send } = transport({ hosts: () => ({ ca: authority.ca }), proxies: { https: proxy.url } })
    const url = `https://registry.example:${port}`
    for (let n = 0; n < 2; n += 1) {
      const response = await send(get(url, { method: "PUT", body: streamed(5, 1_000_000) }))
      expect((await response.body.bytes(size)).equals(Buffer.alloc(size, 9))).toBe(true)
    }
    expect(proxy.asked).toEqual([`registry.example:${port}`])
    expect(await errorOf(send(get(`https://other.example:${port}`)))).toMatch(
      /^tls: the certificate of other\.example:\d+ is for another name /,
    )
  })
})
