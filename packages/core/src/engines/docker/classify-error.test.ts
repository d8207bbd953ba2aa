import { describe, expect, it } from "vitest"
import { classifyMessage, classifyThrown, isClosedEndpoint } from "./classify-error.ts"

/** Words of Docker 20.10 and newer, as they arrived in `message` or `errorDetail`. */
const recorded = [
  ["source", "manifest for 127.0.0.1:39909/library/one:2 not found: manifest unknown: manifest unknown", "not_found", "source"],
  ["source", "no matching manifest for linux/arm64/v8 in the manifest list entries", "not_found", "source"],
  [
    "source",
    "pull access denied for no/such, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    "not_found",
    "source",
  ],
  ["source", 'Head "http://127.0.0.1:33267/v2/library/one/manifests/1": no basic auth credentials', "unauthorized", "source"],
  ["source", "unauthorized: authentication required", "unauthorized", "source"],
  ["source", 'Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password', "unauthorized", "source"],
  ["source", 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', "network", "source"],
  [
    "source",
    'Get "https://no.such.invalid/v2/": dial tcp: lookup no.such.invalid on 10.0.0.2:53: no such host',
    "network",
    "source",
  ],
  ["source", 'Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout', "network", "source"],
  [
    "source",
    'Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    "network",
    "source",
  ],
  ["source", 'Get "https://registry-1.docker.io/v2/": context deadline exceeded', "network", "source"],
  ["source", "unexpected EOF", "network", "source"],
  ["source", "read tcp 10.0.0.1:1->10.0.0.2:443: read: connection reset by peer", "network", "source"],
  [
    "source",
    "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading",
    "rate_limited",
    "source",
  ],
  ["source", 'Get "https://r.example/v2/": x509: certificate signed by unknown authority', "tls", "source"],
  ["source", 'Get "https://r.example/v2/": http: server gave HTTP response to HTTPS client', "tls", "source"],
  ["source", "filesystem layer verification failed for digest sha256:0123", "digest_mismatch", "source"],
  ["source", "received unexpected HTTP status: 502 Bad Gateway", "server_error", "source"],
  [
    "source",
    "failed to register layer: Error processing tar file(exit status 1): write /big: no space left on device",
    "local_io",
    "local",
  ],
  ["target", "no basic auth credentials", "unauthorized", "target"],
  ["target", "denied: requested access to the resource is denied", "forbidden", "target"],
  ["target", "denied: project proxy has reached its quota", "forbidden", "target"],
  ["source", "could not get decompression stream: gzip: invalid header", "archive_invalid", "source"],
  ["source", "invalid character '<' looking for beginning of value", "protocol", "source"],
  ["target", "manifest invalid: manifest invalid", "rejected", "target"],
  ["target", "name unknown: repository proxy not found", "not_found", "target"],
  ["target", "received unexpected HTTP status: 500 Internal Server Error", "server_error", "target"],
  ["source", "context canceled", "docker_unavailable", "local"],
  ["source", "something that nobody has seen before", "docker_unavailable", "local"],
] as const

describe("classifyMessage", () => {
  it.each(recorded)("on side %s takes %j for %s on side %s", (side, message, code, of) => {
    const error = classifyMessage(message, 500, { side, host: "r.example" })
    expect({ code: error.code, side: error.side, message: error.message }).toEqual({
      code,
      side: of,
      message: `Docker: ${message}`,
    })
  })

  it("believes a 404 whose words it does not know", () => {
    expect(classifyMessage("nothing here", 404, { side: "source", host: "r" }).code).toBe("not_found")
  })

  it("keeps secrets and floods out of the message", () => {
    const error = classifyMessage(`Get "https://a:hunter2@r.example/v2/?token=x": EOF ${"x".repeat(10_000)}`, 500, {
      side: "source",
      host: "r.example",
    })
    expect(error.message).toContain('Docker: Get "https://***@r.example/v2/?…": EOF xxx')
    expect(error.message.length).toBeLessThan(2100)
  })
})

describe("classifyThrown", () => {
  const task = { side: "local", host: "unix:///x.sock" } as const

  it.each([
    [{ json: { message: "no basic auth credentials" }, message: "(HTTP code 500) server error - no basic auth credentials " }],
    [{ json: null, message: "(HTTP code 500) server error - no basic auth credentials " }],
  ])("finds the daemon's words in %o", (thrown) => {
    const error = classifyThrown(Object.assign(new Error(thrown.message), thrown, { statusCode: 500 }), "unix:///x.sock", task)
    expect([error.code, error.message]).toEqual(["unauthorized", "Docker: no basic auth credentials"])
  })

  it.each([
    ["ENOENT", "start the Docker daemon, or use the direct engine, which needs no Docker"],
    ["ECONNREFUSED", "start the Docker daemon, or use the direct engine, which needs no Docker"],
    [
      "EACCES",
      "this user may not use the socket of the Docker daemon; join its group, or use the direct engine, which needs no Docker",
    ],
  ])("calls %s a daemon that is not there", (code, hint) => {
    const error = classifyThrown(Object.assign(new Error(`connect ${code} /x.sock`), { code }), "unix:///x.sock", task)
    expect({ code: error.code, side: error.side, host: error.host, message: error.message, hint: error.hint }).toEqual({
      code: "docker_unavailable",
      side: "local",
      host: "unix:///x.sock",
      message: `the Docker daemon at unix:///x.sock does not answer (${code})`,
      hint,
    })
  })
})

describe("isClosedEndpoint", () => {
  it.each([
    [{ statusCode: 403, json: Buffer.from("<html><h1>403 Forbidden</h1></html>") }, true],
    [{ statusCode: 404, json: { message: "page not found" } }, true],
    [{ statusCode: 501, json: null }, true],
    [{ statusCode: 404, json: { message: "manifest unknown: manifest unknown" } }, false],
    [{ statusCode: 403, json: { message: "denied: requested access to the resource is denied" } }, false],
    [{ statusCode: 500, json: null }, false],
    [new Error("socket hang up"), false],
  ])("says of %o: %s", (error, closed) => {
    expect(isClosedEndpoint(error)).toBe(closed)
  })
})
