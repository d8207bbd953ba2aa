import { createServer } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, test } from "vitest"
import { createProxyTrust } from "./client.ts"
import { dropInternalHeaders } from "./web-headers.ts"

test("S12: what only the web framework may say to itself is dropped, and forwarded headers are told anew", async () => {
  const seen: unknown[] = []
  const server = createServer((request, response) => {
    dropInternalHeaders(request, createProxyTrust([]))
    seen.push(
      request.headers,
      request.rawHeaders.map((name) => name.toLowerCase()),
    )
    response.end()
  })
  const { origin, host, close } = await listenOnLoopback(server)
  await fetch(origin, {
    headers: {
      "x-middleware-subrequest": "middleware:middleware",
      "X-Middleware-Rewrite": "http://evil.example",
      "x-invoke-path": "/admin",
      "x-matched-path": "/admin",
      "x-nextjs-data": "1",
      "x-forwarded-for": "1.2.3.4",
      "x-forwarded-host": "evil.example",
      forwarded: "for=1.2.3.4",
      rsc: "1",
      "accept-language": "zh",
    },
  })
  await close()
  const [headers, raw] = seen as [Record<string, string>, string[]]
  expect(Object.keys(headers).filter((name) => /^x-|^forwarded/.test(name))).toEqual([
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
  ])
  expect(headers).toMatchObject({
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-host": host,
    rsc: "1",
    "accept-language": "zh",
  })
  expect(raw.filter((name) => name.startsWith("x-"))).toEqual([])
})
