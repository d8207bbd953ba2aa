import http from "node:http"
import net from "node:net"
import { describe, expect, test } from "vitest"
import { errorOf, get, listen, serve, socksProxy, text, transport } from "./servers.fixture.ts"

interface Proxied {
  readonly url: URL
  /** What the proxy was asked, with the credentials it was given. */
  readonly asked: string[]
}

/** An HTTP proxy that forwards everything to `port` on this machine, whatever name was asked for. */
async function httpProxy(port: number, status = 200): Promise<Proxied> {
  const asked: string[] = []
  const note = (request: http.IncomingMessage) =>
    asked.push(`${request.method} ${request.url} ${request.headers.host} ${request.headers["proxy-authorization"] ?? "-"}`)
  const server = http.createServer((request, response) => {
    note(request)
    if (status !== 200) return response.writeHead(status).end()
    const headers = { ...request.headers, via: "proxy" }
    const path = new URL(request.url ?? "").pathname
    const forwarded = http.request({ port, host: "127.0.0.1", method: request.method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    })
    request.pipe(forwarded)
  })
  server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
    note(request)
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const upstream = net.connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n")
      upstream.pipe(socket).pipe(upstream)
    })
    for (const end of [socket, upstream]) end.on("error", () => undefined)
  })
  const { host } = await listen(server)
  return { url: new URL(`http://us%3Aer:p%40ss@${host}`), asked }
}

const credentials = `Basic ${Buffer.from("us:er:p@ss").toString("base64")}`

describe("an HTTP proxy", () => {
  test("takes plain requests in absolute form; its credentials reach nobody else", async () => {
    const { port } = await serve((request, response) => {
      response.end(`${request.url} ${request.headers.host} ${request.headers.via} ${request.headers["proxy-authorization"]}`)
    })
    const proxy = await httpProxy(port)
    const { send } = transport({ proxies: { http: proxy.url } })
    expect(await text(send(get("http://registry.example:5000/v2/")))).toBe(`/v2/ registry.example:5000 proxy ${credentials}`)
    expect(proxy.asked).toEqual([`GET http://registry.example:5000/v2/ registry.example:5000 ${credentials}`])
  })

  test("tunnels TLS: a server without TLS behind it is recognised as such", async () => {
    const { port } = await serve((_request, response) => response.end())
    const proxy = await httpProxy(port)
    const sent = transport({ proxies: { https: proxy.url } }).send(get("https://registry.example/v2/"))
    expect(await errorOf(sent)).toBe("tls: registry.example does not speak TLS; it may be a plain HTTP server")
    expect(proxy.asked).toEqual([`CONNECT registry.example:443 registry.example:443 ${credentials}`])
  })

  test.each(["http", "https"])("that refuses our credentials says so for %s", async (scheme) => {
    const proxy = await httpProxy(1, 407)
    const sent = transport({ proxies: { http: proxy.url, https: proxy.url } }).send(
      get(`${scheme}://registry.example/`, { side: "target" }),
    )
    await expect(sent).rejects.toMatchObject({
      code: "unauthorized",
      message: `proxy ${proxy.url.host} asks for other credentials`,
      side: "local",
      host: proxy.url.host,
      status: 407,
    })
  })

  test.each([
    [403, "forbidden"],
    [502, "network"],
  ])("that answers CONNECT with %s is a %s error", async (status, code) => {
    const proxy = await httpProxy(1, status)
    const sent = transport({ proxies: { https: proxy.url } }).send(get("https://registry.example/"))
    expect(await errorOf(sent)).toBe(`${code}: proxy ${proxy.url.host} did not connect to registry.example (${status})`)
  })

  test("that speaks through the tunnel before us is refused", async () => {
    const { host } = await listen(
      net.createServer((socket) => {
        socket.on("error", () => undefined).write("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n")
      }),
    )
    const sent = transport({ proxies: { https: new URL(`http://${host}`) } }).send(get("https://registry.example/"))
    expect(await errorOf(sent)).toBe(`protocol: proxy ${host} sent data before the tunnel was used`)
  })

  test("that never answers ends with the time for connecting", async () => {
    const { host } = await listen(net.createServer((socket) => void socket.on("error", () => undefined).resume()))
    const { send } = transport({ proxies: { https: new URL(`http://${host}`) }, connectTimeoutMs: 60 })
    expect(await errorOf(send(get("https://registry.example/")))).toBe("network: no connection to registry.example within 0.06 s")
  })

  test("that is not there is named", async () => {
    const { host, close } = await listen(net.createServer())
    await close()
    const { send } = transport({ proxies: { http: new URL(`http://${host}`) } })
    expect(await errorOf(send(get("http://registry.example/")))).toBe(`network: connection refused by ${host}`)
  })

  test.each([
    ["derived", "http://10.1.2.3/", "10.1.2.3 is a private address, which is never dialled on a server's word"],
    ["derived", "https://[fd12::1]/", "[fd12::1] is a private address, which is never dialled on a server's word"],
    ["configured", "http://169.254.169.254/", "169.254.169.254 is a metadata address, which is never dialled"],
    ["configured", "https://0xa9fea9fe/", "169.254.169.254 is a metadata address, which is never dialled"],
  ] as const)("is not asked for %s %s", async (origin, url, text) => {
    const proxy = await httpProxy(1)
    const { send } = transport({ proxies: { http: proxy.url, https: proxy.url } })
    expect(await errorOf(send(get(url, { origin })))).toBe(`address_blocked: ${text}`)
    expect(proxy.asked).toEqual([])
  })

  test("is not used for this machine unless the settings say so", async () => {
    const { origin, host, port } = await serve((request, response) => response.end(request.headers.via ?? "direct"))
    const proxy = await httpProxy(port)
    expect(await text(transport({ proxies: { http: proxy.url } }).send(get(origin)))).toBe("direct")
    expect(await text(transport({ proxies: { http: proxy.url, loopback: true } }).send(get(origin)))).toBe("proxy")
    expect(proxy.asked).toEqual([`GET ${origin}/ ${host} ${credentials}`])
  })
})

describe("a SOCKS proxy", () => {
  const lookup = async () => [{ address: "127.0.0.9", family: 4 }]

  test.each([
    ["socks5h", "registry.example:5000"],
    ["socks", "registry.example:5000"],
    ["socks5", "127.0.0.9:5000"],
  ])("%s is asked for %s", async (scheme, asked) => {
    const { port } = await serve((request, response) => response.end(`${request.url} ${request.headers.host}`))
    const proxy = await socksProxy(port)
    const { send } = transport({ proxies: { http: proxy.url(scheme) }, lookup })
    expect(await text(send(get("http://registry.example:5000/v2/")))).toBe("/v2/ registry.example:5000")
    expect(await text(send(get("http://registry.example:5000/again")))).toBe("/again registry.example:5000")
    expect(proxy.asked).toEqual([asked])
  })

  test("a large body flows through it", async () => {
    const size = 5 * 1024 * 1024
    const { port } = await serve((_request, response) => response.end(Buffer.alloc(size)))
    const proxy = await socksProxy(port)
    const response = await transport({ proxies: { http: proxy.url("socks5h") } }).send(get("http://registry.example/"))
    expect((await response.body.bytes(size)).length).toBe(size)
  })

  test("addresses that we resolve for it are checked", async () => {
    const proxy = await socksProxy(1)
    const { send } = transport({ proxies: { http: proxy.url("socks5") }, lookup })
    expect(await errorOf(send(get("http://cdn.example/", { origin: "derived" })))).toBe(
      "address_blocked: cdn.example (127.0.0.9) is a loopback address, which is never dialled on a server's word",
    )
  })

  test("wrong credentials are told", async () => {
    const proxy = await socksProxy(1, "other")
    const { send } = transport({ proxies: { http: proxy.url("socks5h") } })
    expect(await errorOf(send(get("http://registry.example/")))).toBe(
      `unauthorized: proxy ${proxy.host} asks for other credentials`,
    )
  })
})
