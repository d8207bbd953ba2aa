import { describe, expect, test } from "vitest"
import { expectAccessible } from "./axe.fixture.ts"
import { lacksBrowser } from "./browser.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { arrived, chooseToken, enterToken, logIn } from "./log-in.fixture.ts"
import { knownToken, ownToken } from "./site.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

describe.skipIf(lacksBrowser)("a session in the browser", () => {
  describe("of a site that nobody has logged in to", () => {
    const stage = stageFor({ untouched: true })

    test("S15: begins with the change of the default token, which then opens nothing any more", async () => {
      const visitor = await stage.visit({ locale: "zh" })
      const { page, say, expectProblem } = visitor
      await page.goto("/jobs")
      await page.waitForURL(/\/login\?next=%2Fjobs$/)
      await page.getByRole("heading", { level: 1, name: "Docker镜像代理服务", exact: true }).waitFor()

      await enterToken(visitor, "not the token")
      expectProblem(/^answer: 401 POST \/api\/trpc\/accounts\.login/)
      const refusal = page.getByRole("alert").filter({ hasText: /Token/ })
      await refusal.waitFor()
      await expectAccessible(page)

      await enterToken(visitor, knownToken)
      await page.getByRole("heading", { level: 1, name: say("session.changeTitle"), exact: true }).waitFor()
      await expectAccessible(page)
      await page.goto("/targets")
      await page.waitForURL(/\/login\?next=%2Ftargets$/)
      await page.goto("/login?next=%2Fjobs")

      await chooseToken(visitor, ownToken, "something else")
      await page.getByText(say("session.differs"), { exact: true }).waitFor()
      await chooseToken(visitor, ownToken)
      await page.waitForURL(/\/jobs$/)
      await arrived(visitor)

      const other = await stage.visit()
      other.expectProblem(/^answer: 401 POST \/api\/trpc\/accounts\.login/)
      await other.page.goto("/login")
      await enterToken(other, knownToken)
      await other.page.getByRole("alert").filter({ hasText: /token/i }).waitFor()
    })
  })

  describe("of a site in use", () => {
    const stage = stageFor()

    test.each([
      "https://evil.example/",
      "//evil.example/",
      "/\\evil.example",
      "javascript:document.title='evil'",
      "/\t/evil.example",
    ])("S17: leads to no other site, though the link to the login says %s", async (next) => {
      const visitor = await stage.visit()
      await visitor.page.goto(`/login?next=${encodeURIComponent(next)}`)
      await enterToken(visitor, ownToken)
      await arrived(visitor)
      await eventually(() => visitor.page.url()).toBe(`${stage.site.url}/`)
      await eventually(() => visitor.page.title()).toBe(`${visitor.say("shell.mirror")} · ${visitor.say("shell.title")}`)
    })

    test("ends where the person says so, and shows nothing of it afterwards", async () => {
      const visitor = await stage.visit()
      const { page, say } = visitor
      await logIn(visitor, "/targets")
      await page.getByRole("link", { name: say("shell.jobs"), exact: true }).click()
      await page.waitForURL(/\/jobs$/)
      await page.getByRole("button", { name: say("shell.logOut"), exact: true }).click()
      await page.waitForURL(/\/login\?next=%2Fjobs$/)
      await page.goBack()
      await page.waitForURL(/\/login\?next=%2Ftargets$/)
      await page.getByLabel(say("session.token"), { exact: true }).waitFor()
    })

    test("speaks the language and shows the appearance that were chosen, after a reload too", async () => {
      const visitor = await stage.visit({ locale: "en" })
      const { page } = visitor
      await logIn(visitor, "/settings")
      expect(await page.getAttribute("html", "lang")).toBe("en")
      const corner = page.getByRole("complementary")
      await corner.getByText("中文", { exact: true }).click()
      await page.getByRole("link", { name: "目标仓库", exact: true }).waitFor()
      await corner.getByTitle("深色", { exact: true }).click()
      await page.reload()
      await page.getByRole("link", { name: "目标仓库", exact: true }).waitFor()
      expect(await page.getAttribute("html", "lang")).toBe("zh-CN")
      expect(await page.getAttribute("html", "data-theme")).toBe("dark")
      expect(await page.title()).toBe("设置 · Docker镜像代理服务")
    })
  })
})
