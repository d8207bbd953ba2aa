import { expect, test } from "vitest"
import { TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, HttpResponse, Send } from "../http.ts"
import type { HostSettings } from "../transport/host-settings.ts"
import { isLoopback, Schemes } from "./scheme.ts"

type Behaviour = "http" | "tls like Go" | "tls like Node" | "down"

/** A server as its two faces look from the transport; `sent` is what reached it. */
function server(behaviour: { now: Behaviour }) {
  const sent: string[] = []
  const send: Send = async (request) => {
    sent.push(`${request.method} ${request.url.protocol}`)
    const failure = (code: "network" | "tls", system: string) =>
      new TransferError(code, system, { cause: Object.assign(new Error(system), { code: system }) })
    if (behaviour.now === "down") throw failure("network", "ECONNREFUSED")
    if (behaviour.now === "http") {
      if (request.url.protocol === "https:") throw failure("tls", "ERR_SSL_WRONG_VERSION_NUMBER")
      return answer(request, 200)
    }
    if (request.url.protocol === "https:") return answer(request, 200)
    if (behaviour.now === "tls like Go") return answer(request, 400)
    throw failure("network", "ECONNRESET")
  }
  return { sent, send }
}

function answer(request: HttpRequest, status: number): HttpResponse {
  return {
    status,
    url: request.url,
    headers: { get: () => undefined, all: () => [] },
    body: { async *[Symbol.asyncIterator]() {}, bytes: async () => Buffer.alloc(0), discard: async () => undefined },
  }
}

function head(host: string, method: HttpRequest["method"] = "HEAD"): HttpRequest {
  return { method, url: new URL(`https://${host}/v2/app/manifests/1`), origin: "configured" }
}

function world(behaviour: Behaviour, settings: HostSettings = {}) {
  const state = { now: behaviour }
  const { sent, send } = server(state)
  const schemes = new Schemes(() => settings)
  return { state, sent, schemes, send: schemes.layer()(send) }
}

test("plain http on loopback costs no request more", async () => {
  const { sent, schemes, send } = world("http")
  expect(schemes.of("127.0.0.1:5000")).toBe("http:")
  const response = await send(head("127.0.0.1:5000"))
  expect(response.url.href).toBe("http://127.0.0.1:5000/v2/app/manifests/1")
  await send(head("127.0.0.1:5000"))
  expect(sent).toEqual(["HEAD http:", "HEAD http:"])
})

test.each(["tls like Go", "tls like Node"] as const)(
  "a loopback server that speaks %s is found by its first request",
  async (kind) => {
    const { sent, schemes, send } = world(kind)
    const response = await send(head("localhost:5000"))
    expect([response.status, response.url.protocol, schemes.of("localhost:5000")]).toEqual([200, "https:", "https:"])
    await send(head("localhost:5000"))
    expect(sent).toEqual(["HEAD http:", "HEAD https:", "HEAD https:"])
  },
)

test.each([{ tlsVerify: false }, { ca: "pem" }, { clientCertificate: { cert: "c", key: "k" } }])(
  "with %j loopback is asked over https first",
  async (settings) => {
    const tls = world("tls like Node", settings)
    await tls.send(head("127.0.0.1:5000"))
    expect(tls.sent).toEqual(["HEAD https:"])
    const plain = world("http", settings)
    await plain.send(head("127.0.0.1:5000"))
    await plain.send(head("127.0.0.1:5000"))
    expect(plain.sent).toEqual(["HEAD https:", "HEAD http:", "HEAD http:"])
  },
)

test("another host with tlsVerify false may speak plain http", async () => {
  const { sent, send } = world("http", { tlsVerify: false })
  await send(head("harbor.example.com"))
  expect(sent).toEqual(["HEAD https:", "HEAD http:"])
})

test("a host of which nothing is said is never asked over plain http (fault 3)", async () => {
  const { sent, schemes, send } = world("http")
  await expect(send(head("harbor.example.com"))).rejects.toMatchObject({ code: "tls" })
  expect([sent, schemes.of("harbor.example.com")]).toEqual([["HEAD https:"], "https:"])
})

test("a certificate that is refused is no reason to go on without TLS", async () => {
  const sent: string[] = []
  const send = new Schemes(() => ({ ca: "pem" })).layer()(async (request) => {
    sent.push(request.url.protocol)
    throw new TransferError("tls", "expired", { cause: Object.assign(new Error("expired"), { code: "CERT_HAS_EXPIRED" }) })
  })
  await expect(send(head("127.0.0.1:5000"))).rejects.toMatchObject({ code: "tls", message: "expired" })
  expect(sent).toEqual(["https:"])
})

test("a host that is configured for plain http is asked over nothing else", async () => {
  const { sent, schemes, send } = world("tls like Go", { plainHttp: true })
  expect((await send(head("registry.lan:5000"))).status).toBe(400)
  expect([sent, schemes.of("registry.lan:5000")]).toEqual([["HEAD http:"], "http:"])
})

test("a 400 that was meant as one comes back when there is no TLS behind it", async () => {
  const sent: string[] = []
  const schemes = new Schemes(() => ({}))
  const send = schemes.layer()(async (request) => {
    sent.push(request.url.protocol)
    if (request.url.protocol === "http:") return answer(request, 400)
    throw new TransferError("tls", "no TLS", { cause: Object.assign(new Error(), { code: "ERR_SSL_WRONG_VERSION_NUMBER" }) })
  })
  expect((await send(head("127.0.0.1:5000"))).status).toBe(400)
  expect(sent).toEqual(["http:", "https:", "http:"])
  expect(schemes.of("127.0.0.1:5000")).toBe("http:")
})

test("those who ask meanwhile wait for the first, and a request that changes something is never the first", async () => {
  const { sent, send } = world("tls like Go")
  await Promise.all([send(head("127.0.0.1:5000", "POST")), send(head("127.0.0.1:5000")), send(head("127.0.0.1:5000"))])
  expect(sent.slice(0, 2)).toEqual(["GET http:", "GET https:"])
  expect(sent.slice(2).toSorted()).toEqual(["HEAD https:", "HEAD https:", "POST https:"])
})

test("a host that is down settles nothing, and is asked again", async () => {
  const { state, sent, send } = world("down")
  const both = await Promise.allSettled([send(head("127.0.0.1:5000")), send(head("127.0.0.1:5000"))])
  expect(both.map((one) => one.status)).toEqual(["rejected", "rejected"])
  expect(sent).toEqual(["HEAD http:"])
  state.now = "tls like Go"
  expect((await send(head("127.0.0.1:5000"))).url.protocol).toBe("https:")
})

test("trouble of another host, a token server's say, is no sign of the wrong scheme", async () => {
  const sent: string[] = []
  const send = new Schemes(() => ({})).layer()(async (request) => {
    sent.push(request.url.protocol)
    throw new TransferError("network", "reset", { host: "auth.example.com" })
  })
  await expect(send(head("127.0.0.1:5000"))).rejects.toMatchObject({ message: "reset" })
  expect(sent).toEqual(["http:"])
})

test("one who leaves does not decide for the others", async () => {
  const leaving = new AbortController()
  let calls = 0
  const send = new Schemes(() => ({})).layer()(async (request) => {
    if (++calls > 1) return answer(request, 200)
    leaving.abort()
    throw new TransferError("cancelled", "cancelled")
  })
  const gone = send({ ...head("127.0.0.1:5000"), signal: leaving.signal })
  const staying = send(head("127.0.0.1:5000"))
  await expect(gone).rejects.toMatchObject({ code: "cancelled" })
  expect((await staying).status).toBe(200)
})

test("what loopback is", () => {
  for (const host of ["localhost", "localhost:5000", "127.0.0.1", "127.9.9.9:1", "[::1]:5000", "::1"])
    expect(isLoopback(host)).toBe(true)
  for (const host of [
    "localhost.evil.net",
    "127.0.0.1.evil.net",
    "evil-localhost",
    "127.evil.example",
    "128.0.0.1",
    "[::2]",
    "::2",
  ])
    expect(isLoopback(host)).toBe(false)
})
