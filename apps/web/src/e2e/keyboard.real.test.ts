import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { lacksBrowser } from "./browser.fixture.ts"
import { type BusySite, makeBusy } from "./busy-site.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { tabTo, walkFocus } from "./focus.fixture.ts"
import { arrived, carrySession } from "./log-in.fixture.ts"
import { jobPanel } from "./mirror.fixture.ts"
import { pageList } from "./page-list.fixture.ts"
import { ownToken } from "./site.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

describe.skipIf(lacksBrowser)("with a keyboard alone", () => {
  const stage = stageFor()
  let busy: BusySite
  beforeAll(async () => {
    busy = await makeBusy(stage.site)
  })
  afterAll(() => busy?.[Symbol.asyncDispose]())

  test("somebody logs in, skips the menu, and mirrors an image", async () => {
    const { site } = stage
    const visitor = await stage.visit()
    const { page, say } = visitor
    await page.goto("/login")
    const token = page.getByLabel(say("session.token"), { exact: true })
    await token.waitFor()
    // The field has the focus already; whoever comes by keyboard types at once.
    expect(await token.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.type(ownToken)
    await page.keyboard.press("Enter")
    await page.waitForURL((url) => url.pathname === "/")
    await arrived(visitor)

    await page.reload()
    await arrived(visitor)
    await page.keyboard.press("Tab")
    const skip = page.getByRole("link", { name: say("shell.skip"), exact: true })
    expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true)
    await eventually(() => skip.evaluate((link) => link.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0)
    await page.keyboard.press("Enter")
    expect(await page.getByRole("main").evaluate((main) => main === document.activeElement)).toBe(true)

    await tabTo(page, page.getByLabel(say("mirror.image"), { exact: true }), 3)
    await page.keyboard.type(`${site.source.host}/team/tools:3.1`)
    await tabTo(page, page.getByRole("button", { name: say("mirror.start"), exact: true }))
    await page.keyboard.press("Enter")
    await page.waitForURL(/\?job=\d+/)
    const id = Number(new URL(page.url()).searchParams.get("job"))
    await jobPanel(visitor, id).panel.getByText(say("job.state.succeeded"), { exact: true }).first().waitFor()
    await tabTo(page, jobPanel(visitor, id).panel.getByRole("button", { name: say("job.result.pull"), exact: true }))
    await page.keyboard.press("Enter")
    await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toContain("docker pull ")
  })

  test.each([1280, 360])("somebody sees at every step of every page where they are, at %i px", async (width) => {
    const visitor = await stage.visit({ width })
    visitor.expectProblem(/^answer: 404 GET \/nothing/)
    const problems: Record<string, readonly string[]> = {}
    for (const { name, path, open } of pageList(busy)) {
      if (!open) await carrySession(stage.site, visitor)
      await visitor.page.goto(path)
      await arrived(visitor)
      const found = await walkFocus(visitor.page)
      if (found.length > 0) problems[name] = found
    }
    expect(problems).toEqual({})
  })
})
