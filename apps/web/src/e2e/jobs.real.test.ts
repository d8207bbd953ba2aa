import { readFile } from "node:fs/promises"
import { describe, expect, test } from "vitest"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { finishedJob } from "./busy-site.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { logIn } from "./log-in.fixture.ts"
import { workOf } from "./long-tasks.fixture.ts"
import { recordPast } from "./past-jobs.fixture.ts"
import { targetLogin } from "./site.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const recorded = 10_000

describe.skipIf(lacksBrowser)("a history of ten thousand jobs", () => {
  const stage = stageFor({ prepare: (directory) => recordPast(directory, recorded) })

  /** The jobs that are drawn, by their sources. */
  const rows = ({ page, say }: Visitor) =>
    page
      .getByRole("list", { name: say("jobs.list"), exact: true })
      .getByRole("link")
      .filter({ hasText: ":1." })

  test("scrolls by wheel through thousands of rows, and no task can be felt", async () => {
    const visitor = await stage.visit()
    const { page, say } = visitor
    await logIn(visitor, "/jobs")
    await rows(visitor).first().waitFor()
    await page.mouse.move(640, 600)
    const list = page.getByRole("list", { name: say("jobs.list"), exact: true })
    const last = () => list.getByRole("listitem").last().getAttribute("aria-posinset").then(Number)
    const scroll = async () => {
      // At 60 frames a second that is 15,000 pixels: as fast as wheels and fingers go, and past 200 rows.
      for (let turn = 0; turn < 20; turn++) {
        await page.mouse.wheel(0, 250)
        await page.evaluate(() => new Promise(requestAnimationFrame))
      }
      return last()
    }
    const { longestMs, tasks, spread } = await workOf(stage.browser, page, () =>
      eventually(scroll, { timeoutMs: 90_000 }).toBeGreaterThan(2000),
    )
    process.stdout.write(`${tasks} tasks, the longest of ${spread.join(", ")} ms\n`)
    expect(tasks).toBeGreaterThan(100)
    // 45 ms on a quiet machine (docs/benchmarks.md), where the limit is 50; other machines are slower, and hundreds would be a fault on any.
    expect(longestMs).toBeLessThan(120)
    expect(await list.getByRole("listitem").count()).toBeLessThan(60)
    expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(3000)
  }, 180_000)

  test("is searched and narrowed, and the address carries how", async () => {
    const visitor = await stage.visit({ locale: "zh" })
    const { page, say } = visitor
    await logIn(visitor, "/jobs")
    await page.getByLabel(say("jobs.filter.search"), { exact: true }).fill("redis:1.9")
    await page.waitForURL(/redis/)
    await eventually(() =>
      rows(visitor)
        .allTextContents()
        .then((names) => names.every((name) => name.includes("redis:1.9"))),
    ).toBe(true)
    await eventually(() => rows(visitor).count()).toBeGreaterThan(3)
    await page
      .getByLabel(say("jobs.filter.title"), { exact: true })
      .getByText(say("jobs.filter.states.failed"), { exact: true })
      .click()
    await page.waitForURL(/failed/)
    await eventually(() => rows(visitor).count()).toBeGreaterThan(0)
    const names = () => rows(visitor).allTextContents()
    const allFailed = async () => (await names()).every((name) => Number(name.split(":1.")[1]) % 7 === 3)
    await eventually(allFailed).toBe(true)
    const [newest] = await names()
    await page.reload()
    await eventually(async () => (await names())[0]).toBe(newest)
    await eventually(allFailed).toBe(true)
    await page.getByLabel(say("jobs.filter.host"), { exact: true }).selectOption("quay.io")
    await eventually(() =>
      rows(visitor)
        .allTextContents()
        .then((names) => names.every((name) => name.startsWith("quay.io/"))),
    ).toBe(true)
  })

  test("is taken away as CSV, narrowed as on the page", async () => {
    const visitor = await stage.visit()
    const { page, say } = visitor
    await logIn(visitor, "/jobs?state=failed&search=postgres%3A1.99")
    await rows(visitor).first().waitFor()
    const shown = await rows(visitor).allTextContents()
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: say("jobs.export.csv"), exact: true }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.csv$/)
    const [head = "", ...lines] = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/)
    expect(head.replace(/^\uFEFF/, "").split(",")).toContain("source_image")
    expect(shown.length).toBeGreaterThan(0)
    expect(lines).toHaveLength(shown.length)
    for (const name of shown) expect(lines.some((line) => line.includes(name))).toBe(true)
  })

  test("shows a job that somebody else starts, without being asked again", async () => {
    const { site } = stage
    const visitor = await stage.visit()
    await logIn(visitor, "/jobs")
    await rows(visitor).first().waitFor()
    const image = `${site.source.host}/batch/service-7:1.6`
    const id = await finishedJob(site.client, { image, target: { address: `${site.target.host}/live`, ...targetLogin } })
    await visitor.page.getByRole("link", { name: image, exact: true }).click()
    await visitor.page.waitForURL(new RegExp(`/jobs/${id}$`))
  })
})
