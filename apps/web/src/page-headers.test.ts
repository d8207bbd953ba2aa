import { createServer, type IncomingMessage, request } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { type PageRequestOptions, preparePageRequest } from "./page-headers.ts"

/** What Next would see of a request with these headers, and what the client sees. */
async function pass(
  headers: Readonly<Record<string, string>>,
  { development = false, locale = "en" }: Partial<PageRequestOptions> = {},
) {
  let seen: Pick<IncomingMessage, "headers" | "rawHeaders"> | undefined
  const server = createServer((incoming, response) => {
    preparePageRequest(incoming, response, { development, locale })
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
    "x-entrepot-theme": "dark",
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
    "default-src 'none'; script-src 'self' 'nonce-…' 'strict-dynamic'; style-src 'self' 'nonce-…'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
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
  expect((await pass({}, { development: true })).answer["content-security-policy"]).toContain("'unsafe-eval'")
})

describe("the language of a page", () => {
  const asked = async (headers: Readonly<Record<string, string>>, locale: "zh" | "en" = "zh") => {
    const { seen, raw } = await pass(headers, { locale })
    const given = raw.flatMap((name, index) => (name.toLowerCase() === "accept-language" ? [raw[index + 1]] : []))
    expect(given).toEqual([seen["accept-language"]])
    return seen["accept-language"]
  }

  test("is the one of the cookie, whatever the browser would like", async () => {
    expect(await asked({ cookie: "a=b; entrepot_locale=en", "accept-language": "zh-CN,zh" })).toBe("en")
    expect(await asked({ cookie: "entrepot_locale=zh;a=b", "accept-language": "en" }, "en")).toBe("zh")
  })

  test("is without a cookie the one that the browser likes best, and the configured one where it names neither", async () => {
    expect(await asked({ "accept-language": "fr, en;q=0.5, zh;q=0.8" }, "en")).toBe("zh")
    expect(await asked({ "accept-language": "en-GB" })).toBe("en")
    expect(await asked({ "accept-language": "fr" })).toBe("zh")
    expect(await asked({ "accept-language": "*" }, "en")).toBe("en")
    expect(await asked({})).toBe("zh")
    expect(await asked({}, "en")).toBe("en")
  })

  test.each([
    "entrepot_locale=fr",
    "entrepot_locale=ZH",
    'entrepot_locale="zh"',
    "entrepot_locale=zh, en",
    "entrepot_locale=zh%0d%0ax-middleware-subrequest: 1",
    "entrepot_locale=",
    "entrepot_locale",
    "xentrepot_locale=zh",
    "entrepot_locale =zh",
    "entrepot_locale=<script>; entrepot_locale=zh",
    "entrepot_locale=__proto__",
    ";;;=;=zh",
  ])("S11: is not steered by the cookie %s", async (cookie) => {
    expect(await asked({ cookie, "accept-language": "en" })).toBe("en")
  })
})

describe("the look of a page", () => {
  const told = async (headers: Readonly<Record<string, string>>) => {
    const { seen, raw } = await pass(headers)
    const given = raw.flatMap((name, index) => (name.toLowerCase() === "x-entrepot-theme" ? [raw[index + 1]] : []))
    expect(given).toEqual([seen["x-entrepot-theme"] ?? []].flat())
    return seen["x-entrepot-theme"]
  }

  test("is the one of the cookie, and otherwise the system's to decide", async () => {
    expect(await told({ cookie: "entrepot_session=x; entrepot_theme=dark" })).toBe("dark")
    expect(await told({ cookie: "entrepot_theme=light; entrepot_locale=zh" })).toBe("light")
    expect(await told({ cookie: "entrepot_theme=system" })).toBeUndefined()
    expect(await told({})).toBeUndefined()
  })

  test.each([
    { "x-entrepot-theme": "dark" },
    { "X-Entrepot-Theme": "dark", cookie: "entrepot_theme=system" },
    { cookie: 'entrepot_theme=dark"><script>' },
    { cookie: "entrepot_theme=DARK" },
    { cookie: "entrepot_theme=dark\tlight" },
  ])("S11: is not said by %j", async (headers) => {
    expect(await told(headers)).toBeUndefined()
  })

  test("S11: a header of the client's own does not stand beside the cookie's", async () => {
    expect(await told({ "x-entrepot-theme": "light", cookie: "entrepot_theme=dark" })).toBe("dark")
  })
})

test("S19: no cookie reaches a page", async () => {
  const { seen, raw } = await pass({ cookie: "entrepot_locale=zh; entrepot_theme=dark; entrepot_session=secret" })
  expect(JSON.stringify([seen, raw])).not.toMatch(/secret|cookie|entrepot_locale/)
})
