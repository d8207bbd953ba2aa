import { createServer } from "node:net"
import { describe, expect, test } from "vitest"
import type { HttpRequest } from "../http.ts"
import type { Lookup } from "./dial.ts"
import { errorOf, get, listen, serve, text, transport } from "./servers.fixture.ts"

/** A resolver that gives each name its answers one after the other, the last one for ever, and counts questions. */
function fakeDns(answers: Record<string, readonly (readonly string[])[]>) {
  const asked: string[] = []
  const lookup: Lookup = async (hostname) => {
    const turn = asked.filter((name) => name === hostname).length
    asked.push(hostname)
    const list = answers[hostname]
    const addresses = list?.[Math.min(turn, list.length - 1)]
    if (!addresses) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND" })
    return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))
  }
  return { lookup, asked }
}

const derived = (origin: string, more: Partial<HttpRequest> = {}) => get(origin, { origin: "derived", ...more })

describe("names", () => {
  test("the connection goes to the address, Host keeps the name", async () => {
    const { port } = await serve((request, response) => response.end(request.headers.host))
    const { lookup } = fakeDns({ "registry.example": [["127.0.0.1"]] })
    expect(await text(transport({ lookup }).send(get(`http://registry.example:${port}`)))).toBe(`registry.example:${port}`)
  })

  test("an address that refuses is followed by the next one", async () => {
    const { port } = await serve((_request, response) => response.end("here"))
    const { lookup } = fakeDns({ "registry.example": [["127.0.0.2", "127.0.0.3", "127.0.0.1"]] })
    expect(await text(transport({ lookup }).send(get(`http://registry.example:${port}`)))).toBe("here")
  })

  test("a name that does not exist", async () => {
    const { lookup } = fakeDns({})
    expect(await errorOf(transport({ lookup }).send(get("http://nowhere.example")))).toBe(
      'network: cannot resolve "nowhere.example"',
    )
  })

  test("a name server that does not answer is told apart", async () => {
    const lookup = () => Promise.reject(Object.assign(new Error("getaddrinfo EAI_AGAIN x"), { code: "EAI_AGAIN" }))
    const sent = transport({ lookup }).send(get("http://nowhere.example"))
    await expect(sent).rejects.toMatchObject({ code: "network", cause: { code: "EAI_AGAIN" } })
    await expect(sent).rejects.toThrow('cannot resolve "nowhere.example": the name server does not answer')
  })

  test("a name without addresses", async () => {
    const { lookup } = fakeDns({ "empty.example": [[]] })
    expect(await errorOf(transport({ lookup }).send(get("http://empty.example")))).toBe(
      'network: cannot resolve "empty.example": it has no address',
    )
  })

  test("the time for connecting counts the resolver too, and a signal ends it", async () => {
    const lookup = () => new Promise<never>(() => undefined)
    const { send } = transport({ lookup, connectTimeoutMs: 40 })
    expect(await errorOf(send(get("http://slow.example")))).toBe("network: no connection to slow.example within 0.04 s")
    const controller = new AbortController()
    const sent = errorOf(transport({ lookup }).send(get("http://slow.example", { signal: controller.signal })))
    controller.abort()
    expect(await sent).toBe("cancelled: cancelled")
  })
})

describe("addresses that are never dialled (S3)", () => {
  const blocked = (host: string, address: string, kind: string, named = true) =>
    `address_blocked: ${host} (${address}) is a ${kind} address, which is never dialled${named ? "" : " on a server's word"}`

  test.each([
    ["169.254.169.254", "metadata"],
    ["fd00:ec2::254", "metadata"],
    ["100.100.100.200", "metadata"],
    ["::ffff:169.254.169.254", "metadata"],
    ["64:ff9b::a9fe:a9fe", "metadata"],
    ["169.254.10.10", "link-local"],
    ["fe80::1", "link-local"],
    ["0.0.0.0", "unspecified"],
    ["::", "unspecified"],
    ["224.0.0.251", "multicast"],
    ["255.255.255.255", "broadcast"],
  ])("not even for a person, through a name: %s", async (address, kind) => {
    const { lookup } = fakeDns({ "registry.example": [[address]] })
    expect(await errorOf(transport({ lookup }).send(get("http://registry.example")))).toBe(
      blocked("registry.example", address, kind),
    )
  })

  test.each([
    "127.0.0.1",
    "10.0.0.5",
    "192.168.1.10",
    "172.20.0.2",
    "100.64.1.1",
    "fd12::1",
    "::1",
    "::ffff:10.0.0.5",
    "2002:a00:5::",
  ])("not on a server's word, through a name: %s", async (address) => {
    const { lookup } = fakeDns({ "cdn.example": [[address]] })
    expect(await errorOf(transport({ lookup }).send(derived("http://cdn.example")))).toMatch(
      /^address_blocked: cdn\.example \(.*\) is a (private|loopback) address, which is never dialled on a server's word$/,
    )
  })

  test.each([
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "[::1]",
    "[::ffff:7f00:1]",
    "10.1.2.3",
    "0xa010203",
    "[fd12::1]",
  ])("not on a server's word, as a literal: http://%s/", async (literal) => {
    expect(await errorOf(transport().send(derived(`http://${literal}/`)))).toMatch(
      /^address_blocked: .* is a (private|loopback) address, which is never dialled on a server's word$/,
    )
  })

  test("one bad address among good ones refuses the name", async () => {
    const { lookup } = fakeDns({ "cdn.example": [["93.184.215.14", "10.0.0.5"]] })
    expect(await errorOf(transport({ lookup }).send(derived("http://cdn.example")))).toBe(
      blocked("cdn.example", "10.0.0.5", "private", false),
    )
  })

  test("what a person named exactly may be led to by a server; another port of it may not", async () => {
    const { origin, host, port } = await serve((_request, response) => response.end("named"))
    const other = await serve((_request, response) => response.end("other"))
    const { send } = transport({ isConfigured: (hostport) => hostport === host })
    expect(await text(send(derived(origin)))).toBe("named")
    expect(await errorOf(send(derived(other.origin)))).toBe(
      `address_blocked: ${other.host} is a loopback address, which is never dialled on a server's word`,
    )
    expect(port).not.toBe(other.port)
  })

  test("a server cannot use the open connection that a person's request left", async () => {
    const { origin, host } = await serve((_request, response) => response.end("x"))
    const { send } = transport()
    await text(send(get(origin)))
    expect(await errorOf(send(derived(origin)))).toBe(
      `address_blocked: ${host} is a loopback address, which is never dialled on a server's word`,
    )
  })

  test("a name that changes its answer is asked once, and the second answer is checked as well", async () => {
    const connections: string[] = []
    const server = createServer((socket) => {
      connections.push(socket.localAddress ?? "")
      socket.on("error", () => undefined).end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    })
    const { port } = await listen(server)
    const { lookup, asked } = fakeDns({ "rebind.example": [["127.0.0.1"], ["169.254.169.254"]] })
    const { send } = transport({ lookup })
    const url = `http://rebind.example:${port}`
    expect(await text(send(get(url, { connection: "own" })))).toBe("ok")
    expect(asked).toEqual(["rebind.example"])
    expect(await errorOf(send(get(url)))).toBe(blocked(`rebind.example:${port}`, "169.254.169.254", "metadata"))
    expect(connections).toEqual(["127.0.0.1"])
  })
})
