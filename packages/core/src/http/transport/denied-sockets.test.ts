import { networkInterfaces } from "node:os"
import { describe, expect, test } from "vitest"
import { createHttp } from "../create-http.ts"
import { checkDenied, type DeniedSockets } from "./denied-sockets.ts"
import { errorOf, get, serve, text, transport } from "./servers.fixture.ts"

describe("a socket of our own (S3)", () => {
  const verdict = (where: string, port: number, denied: DeniedSockets) => {
    try {
      checkDenied(where, port, { host: "registry.example:8080", denied })
      return "dialled"
    } catch (error) {
      return String(error)
    }
  }

  test.each([
    ["127.0.0.1:8080", "127.0.0.1"],
    ["127.0.0.1:8080", "::ffff:127.0.0.1"],
    ["127.0.0.1:8080", "localhost"],
    ["127.0.0.1:8080", "LOCALHOST."],
    ["[::1]:8080", "::1"],
    ["[::1]:8080", "0:0:0:0:0:0:0:1"],
    ["localhost:8080", "127.0.0.1"],
    ["localhost:8080", "::1"],
    ["192.168.1.5:8080", "192.168.1.5"],
    ["[fd12::1]:8080", "fd12:0::1"],
    ["0.0.0.0:8080", "127.0.0.1"],
    ["0.0.0.0:8080", "127.9.9.9"],
    ["[::]:8080", "127.0.0.1"],
    ["[::]:8080", "::1"],
    ["[::]:8080", "localhost"],
    ["Mirror.example.com:8080", "mirror.example.com"],
    ["mirror.example.com:8080", "mirror.example.com."],
  ])("%s is met at %s", (socket, where) => {
    expect(verdict(where, 8080, [socket])).toBe(
      `TransferError: registry.example:8080 (${where}) is this server itself, which is never dialled`,
    )
    expect(verdict(where, 8081, [socket])).toBe("dialled")
  })

  test.each([
    ["127.0.0.1:8080", "127.0.0.2"],
    ["127.0.0.1:8080", "::1"],
    ["192.168.1.5:8080", "192.168.1.6"],
    ["192.168.1.5:8080", "localhost"],
    ["0.0.0.0:8080", "203.0.113.77"],
    ["mirror.example.com:8080", "other.example.com"],
    ["mirror.example.com:8080", "127.0.0.1"],
  ])("%s is not met at %s", (socket, where) => expect(verdict(where, 8080, [socket])).toBe("dialled"))

  const addresses = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address))

  test.each(addresses)("listening everywhere is listening at %s, an address of this machine", (address) => {
    expect(verdict(address, 8080, ["0.0.0.0:8080"])).toMatch(/is this server itself, which is never dialled$/)
  })
})

describe("a client that knows the sockets of its own process (S3)", () => {
  test("refuses them although they are configured, by address and by name, also where a proxy would connect", async () => {
    const { host, port, origin } = await serve((_request, response) => response.end("me"))
    const other = await serve((_request, response) => response.end("other"))
    const name = `registry.example:${port}`
    const lookup = async () => [{ address: "127.0.0.1", family: 4 }]
    const known = { isConfigured: () => true, lookup, denied: [host] }
    const { send } = transport(known)
    expect(await errorOf(send(get(origin)))).toBe(`address_blocked: ${host} is this server itself, which is never dialled`)
    expect(await errorOf(send(get(`http://${name}/`)))).toBe(
      `address_blocked: ${name} (127.0.0.1) is this server itself, which is never dialled`,
    )
    const proxied = transport({ ...known, proxies: { http: new URL(other.origin), loopback: true } })
    expect(await errorOf(proxied.send(get(origin)))).toBe(
      `address_blocked: ${host} is this server itself, which is never dialled`,
    )
    expect(await text(send(get(other.origin)))).toBe("other")
    expect(await text(transport({ isConfigured: () => true }).send(get(origin)))).toBe("me")
  })

  test("learns them when they begin to listen", async () => {
    const listening: string[] = []
    const http = createHttp({ denied: () => listening, retry: { attempts: 1 } })
    const { host, origin } = await serve((_request, response) => response.end("me"))
    expect(await text(http.send(get(origin, { connection: "own" })))).toBe("me")
    listening.push(host)
    expect(await errorOf(http.send(get(origin)))).toBe(`address_blocked: ${host} is this server itself, which is never dialled`)
    await http.close()
  })
})
