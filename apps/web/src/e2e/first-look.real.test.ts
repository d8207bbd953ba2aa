import { describe, expect, test } from "vitest"
import { expectAccessible } from "./axe.fixture.ts"
import { lacksBrowser } from "./browser.fixture.ts"
import { capture } from "./screenshots.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

describe.skipIf(lacksBrowser)("whoever comes for the first time", () => {
  const stage = stageFor({ untouched: true })

  test.each(["zh", "en"] as const)("finds a page in %s, with a title and nothing broken", async (locale) => {
    const visitor = await stage.visit({ locale })
    await visitor.page.goto("/")
    await visitor.page.getByRole("textbox").first().waitFor()
    expect(await visitor.page.title()).toContain("Entrepot")
    expect(await visitor.page.getAttribute("html", "lang")).toMatch(locale === "zh" ? /^zh/ : /^en/)
    await expectAccessible(visitor.page)
    await capture(visitor, "first-look")
  })
})
