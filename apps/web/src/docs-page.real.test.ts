import { startApplication } from "@entrepot/server/application-fixture"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { lacksBrowser, launchBrowser, openPage } from "./e2e/browser.fixture.ts"

describe.skipIf(lacksBrowser)("the page of the interface in the browser", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  async function openDocs() {
    const application = await startApplication()
    onTestFinished(() => application[Symbol.asyncDispose]())
    const visitor = await openPage(browser, application)
    await visitor.page.goto("/api/docs")
    return { application, ...visitor }
  }

  test("S18: runs under its own policy, lists every route, and tries one with a key", async () => {
    const { application, page } = await openDocs()
    const document: { readonly paths: Readonly<Record<string, object>> } = await (
      await fetch(`${application.url}/api/openapi.json`)
    ).json()
    const lines = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(lines).toEqual(expect.arrayContaining(["GET /api/statistics", "GET /api/jobs/export"]))
    await page.locator("summary").first().waitFor()
    const shown = await page
      .locator("summary")
      .evaluateAll((found) =>
        found.map((line) => [".method", ".path"].map((name) => line.querySelector(name)?.textContent).join(" ")),
      )
    expect(shown.toSorted()).toEqual(lines.toSorted())

    await page.getByLabel("API key").fill(application.token)
    const statistics = page.locator("#get_api_statistics")
    await statistics.locator("summary").click()
    await statistics.getByLabel("since *").fill("2026-11-20T00:00:00Z")
    await statistics.getByRole("button", { name: "Send", exact: true }).click()
    await statistics.getByRole("status").filter({ hasText: "200 OK" }).waitFor()
    const exported = page.locator("#get_api_jobs_export")
    await exported.locator("summary").click()
    await exported.getByRole("button", { name: "Send", exact: true }).click()
    await exported.locator("pre").filter({ hasText: "id,kind,parent_id," }).waitFor()
  })

  test("S22: five tabs hold their streams, the sixth's is refused, and the browser has a connection left for all of them", async () => {
    const { application, context, page } = await openDocs()
    const tabs: Page[] = [page]
    while (tabs.length < 6) {
      const tab = await context.newPage()
      await tab.goto("/api/docs")
      tabs.push(tab)
    }
    /** What came up to this word, of a stream that stays open as long as its tab. */
    const follow = (tab: Page, word: string) =>
      tab.evaluate(
        async ([token, awaited]) => {
          const url = "/api/trpc/jobs.followQueue?input=%7B%7D"
          const response = await fetch(url, { headers: { accept: "text/event-stream", authorization: `Bearer ${token}` } })
          const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
          let text = ""
          while (reader !== undefined && !text.includes(awaited)) {
            const { value, done } = await reader.read()
            if (done) break
            text += value
          }
          Reflect.set(window, "kept", reader)
          return text
        },
        [application.token, word] as const,
      )
    for (const tab of tabs.slice(0, 5)) expect(await follow(tab, "event: connected")).toContain("event: connected")
    expect(await follow(tabs[5] ?? page, "too_many")).toContain("too_many")
    for (const tab of tabs) {
      const status = await tab.evaluate(async () => (await fetch("/healthz")).status)
      expect(status).toBe(200)
    }
  })
})
