import { describe, expect, test } from "vitest"
import { lacksBrowser } from "./browser.fixture.ts"
import { finishedJob } from "./busy-site.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { arrived, enterPassword, enterToken, logIn } from "./log-in.fixture.ts"
import { ownToken, targetLogin } from "./site.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

describe.skipIf(lacksBrowser)("users of one browser, one after the other", () => {
  const stage = stageFor()

  test("S15: a page that stands idle hears that its login has ended, and shows the next user nothing of the one before", async () => {
    const { client, source, target } = stage.site
    const image = `${source.host}/team/tools:3.1`
    await finishedJob(client, { image, target: { address: `${target.host}/in-turn`, ...targetLogin } })
    const password = "operators may do this"
    await client.accounts.users.create.mutate({ name: "operator", role: "operator", password })
    const visitor = await stage.visit()
    const { page, context, say, expectProblem } = visitor
    await logIn(visitor, "/jobs")
    const job = page.getByRole("link", { name: image, exact: true })
    await job.waitFor()

    expectProblem(/^answer: 401 /)
    const elsewhere = await context.newPage()
    await elsewhere.goto("/")
    await elsewhere.getByRole("button", { name: say("shell.logOut"), exact: true }).click()
    await page.waitForURL(/\/login\?next=%2Fjobs$/)

    await enterPassword(visitor, "operator", password)
    await page.waitForURL(/\/jobs$/)
    await page.getByText(say("jobs.empty"), { exact: true }).waitFor()
    expect(await job.count()).toBe(0)
  })

  test("S19: a key's secret is shown once and can be copied without a clipboard; then no page knows it", async () => {
    const visitor = await stage.visit()
    const { page, context, say } = visitor
    await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }))
    await page.goto("/login?next=%2Fsettings%2Fkeys")
    await enterToken(visitor, ownToken)
    await page.waitForURL(/\/settings\/keys$/)
    await arrived(visitor)
    await page.getByRole("button", { name: say("settings.keys.add"), exact: true }).click()
    await page.getByLabel(say("settings.keys.name"), { exact: true }).fill("ci")
    await page.getByRole("button", { name: say("settings.keys.make"), exact: true }).click()
    const secret = await page.getByLabel(say("settings.keys.secret"), { exact: true }).inputValue()
    await page.getByRole("button", { name: say("settings.keys.copySecret"), exact: true }).click()
    const other = await context.newPage()
    await other.goto("/login")
    await eventually(() => other.evaluate(() => navigator.clipboard.readText())).toBe(secret)
    await other.close()
    await page.getByRole("button", { name: say("settings.keys.done"), exact: true }).click()
    await page.getByText("ci", { exact: true }).waitFor()
    const kept = await page.evaluate(() => [
      document.documentElement.outerHTML,
      JSON.stringify({ ...localStorage, ...sessionStorage }),
    ])
    expect(kept.join()).not.toContain(secret)
    expect(kept.join()).not.toContain(ownToken)
  })
})
