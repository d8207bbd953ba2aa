import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import { needs, testCa } from "@entrepot/testing"
import { describe, expect, test } from "vitest"
import { createHttp } from "./create-http.ts"

const quick = { retry: { minMs: 1, maxMs: 2 } }

async function tlsServer(certificate: { key: string; cert: string }) {
  let asked = 0
  const server = createServer(certificate, (_, response) => {
    asked += 1
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function head(http: ReturnType<typeof createHttp>, host: string) {
  return http.send({ method: "HEAD", url: new URL("v2/", await http.baseUrl(host)), origin: "configured" })
}

describe.skipIf(needs("openssl"))("over TLS", () => {
  test("a private CA that is configured is enough, and an expired or unknown certificate fails at once by name (fault 3)", async () => {
    await using authority = await testCa()
    await using stranger = await testCa("A stranger")
    await using good = await tlsServer(await authority.certificate())
    await using expired = await tlsServer(await authority.certificate({ expired: true }))
    const trusting = createHttp({ ...quick, defaults: { ca: authority.ca } })
    expect((await head(trusting, good.host)).url.protocol).toBe("https:")
    await expect(head(trusting, expired.host)).rejects.toMatchObject({ code: "tls", host: expired.host, attempts: 1 })
    await expect(head(trusting, expired.host)).rejects.toThrow(
      /^the certificate of 127\.0\.0\.1:\d+ has expired \(subject CN=127\.0\.0\.1, /,
    )
    const wary = createHttp({ ...quick, defaults: { ca: stranger.ca } })
    await expect(head(wary, good.host)).rejects.toMatchObject({ code: "tls", attempts: 1 })
    expect([good.asked(), expired.asked()]).toEqual([1, 0])
    await Promise.all([trusting.close(), wary.close()])
  })

  test("TLS on loopback is found without being told, and its certificate is verified all the same", async () => {
    await using authority = await testCa()
    await using server = await tlsServer(await authority.certificate())
    const http = createHttp(quick)
    await expect(head(http, server.host)).rejects.toMatchObject({ code: "tls" })
    const careless = createHttp({ ...quick, defaults: { tlsVerify: false } })
    expect((await head(careless, server.host)).url.protocol).toBe("https:")
    await Promise.all([http.close(), careless.close()])
  })
})
