import { createServer } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { lacksBrowser, launchBrowser, openPage } from "./browser.fixture.ts"
import { eventually } from "./eventually.fixture.ts"

describe.skipIf(lacksBrowser)("a visitor's browser", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  /** Opens a page with this body, under a policy like ours. */
  async function look(body: string) {
    const server = await listenOnLoopback(
      createServer((request, response) => {
        const found = request.url === "/"
        const policy = "default-src 'none'; script-src 'nonce-good'; connect-src 'self'; img-src 'self'"
        response
          .writeHead(found ? 200 : 404, { "content-type": "text/html", "content-security-policy": policy })
          .end(found ? body : "")
      }),
    )
    onTestFinished(() => server.close())
    const visitor = await openPage(browser, { url: server.origin })
    visitor.expectProblem(/favicon/)
    await visitor.page.goto("/")
    return visitor
  }

  test.each([
    ["breaks its policy", "<script>document.title='x'</script>", /^policy: script-src-elem inline/],
    ["has a handler in its markup", '<img src="/none" onerror="document.title=1">', /^policy: script-src-attr/],
    ["throws", '<script nonce="good">setTimeout(() => { throw new Error("oh") })</script>', /^thrown: oh$/],
    ["logs an error", '<script nonce="good">console.error("oh")</script>', /^console: oh$/],
    ["shows a dialog", '<script nonce="good">setTimeout(() => alert("oh"))</script>', /^dialog: oh$/],
    ["asks for what is not there", '<script nonce="good">fetch("/none")</script>', /^answer: 404 GET \/none$/],
    ["asks what is out of reach", '<script nonce="good">fetch("http://127.0.0.1:1/")</script>', /^policy: connect-src/],
  ])("tells of a page that %s", async (_, body, problem) => {
    const { problems, expectProblem } = await look(body)
    await eventually(() => problems().filter((text) => problem.test(text))).toHaveLength(1)
    expectProblem(/./)
  })

  test("has nothing to tell of a good page", async () => {
    const { page, problems } = await look('<script nonce="good">document.title = "good"</script>')
    expect(await page.title()).toBe("good")
    expect(problems()).toEqual([])
  })
})
