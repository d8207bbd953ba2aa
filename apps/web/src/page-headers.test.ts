import { createServer, type IncomingMessage, request } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { preparePageRequest } from "./page-headers.ts"

/** What Next would see of a request with these headers, and what the client sees. */
async function pass(headers: Readonly<Record<string, string>>, development = false) {
  let seen: Pick<IncomingMessage, "headers" | "rawHeaders"> | undefined
  const server = createServer((incoming, response) => {
    preparePageRequest(incoming, response, development)
    seen = { headers: incoming.headers, rawHeaders: incoming.rawHeaders }
    response.end()
  })
  const { port, close } = await listenOnLoopback(server)
  onTestFinished(close)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: "127.0.0.1", port, headers }, (incoming) => resolve(incoming.resume()))
      .once("error", reject)
      .end()
  })
  return { seen: seen?.headers ?? {}, raw: seen?.rawHeaders ?? [], answer: answer.headers }
}

test("S11, S12: only what a page may know is passed on", async () => {
  const { seen, raw } = await pass({
    host: "mirror.example.com",
    accept: "text/html",
    "accept-language": "zh",
    rsc: "1",
    cookie: "session=secret",
    authorization: "Bearer secret",
    "x-forwarded-host": "evil.example.com",
    "x-forwarded-for": "10.0.0.1",
    forwarded: "host=evil.example.com",
    "x-middleware-subrequest": "middleware",
    "X-Middleware-Rewrite": "http://127.0.0.1/",
    "x-nextjs-data": "1",
    "next-action": "abc",
    "content-security-policy": "script-src 'nonce-chosen'",
  })
  const { "content-security-policy": policy, ...rest } = seen
  expect(rest).toEqual({ host: "mirror.example.com", accept: "text/html", "accept-language": "zh", rsc: "1" })
  expect(policy).not.toContain("chosen")
  expect(
    raw
      .filter((_, index) => index % 2 === 0)
      .map((name) => name.toLowerCase())
      .toSorted(),
  ).toEqual(Object.keys(rest).toSorted())
})

test("S18: the client is given the policy that Next is, with another nonce each time", async () => {
  const [first, second] = [await pass({}), await pass({})]
  expect(first.answer["content-security-policy"]).toBe(first.seen["content-security-policy"])
  expect(first.answer["content-security-policy"]).not.toBe(second.answer["content-security-policy"])
  expect(String(first.answer["content-security-policy"]).replace(/nonce-[\w+/=]{24}/g, "nonce-…")).toBe(
    "default-src 'none'; script-src 'self' 'nonce-…' 'strict-dynamic'; style-src 'self' 'nonce-…'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  )
  expect(first.answer).toMatchObject({
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  })
})

test("only development lets scripts be made of text", async () => {
  expect((await pass({}, true)).answer["content-security-policy"]).toContain("'unsafe-eval'")
})
