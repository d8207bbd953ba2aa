import { describe, expect, test } from "vitest"
import { lacksBrowser } from "./browser.fixture.ts"
import { logIn } from "./log-in.fixture.ts"
import { workOf } from "./long-tasks.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const services = 1000

describe.skipIf(lacksBrowser)("a compose file of a thousand services", () => {
  const stage = stageFor()

  test("is read away from the page and drawn in pieces, not at once", async () => {
    const visitor = await stage.visit()
    const { page, say } = visitor
    await logIn(visitor, "/batch")
    const field = page.getByLabel(say("batch.paste"), { exact: true })
    await field.waitFor()
    const compose = Array.from(
      { length: services },
      (_, at) => `  service-${at}:\n    image: registry.example.com/team/service-${at}:1.${at}\n    restart: always\n`,
    )
    const work = await workOf(stage.browser, page, async () => {
      // As a file: of a long text that is pasted, the browser's own editing takes its time before the page hears of it.
      await page.locator("input[type=file]").setInputFiles({
        name: "compose.yaml",
        mimeType: "application/yaml",
        buffer: Buffer.from(`services:\n${compose.join("")}`),
      })
      await page.getByText(say("batch.found.compose", { count: services }), { exact: true }).waitFor()
      const rows = page.getByRole("list", { name: say("batch.plan"), exact: true }).locator("> li")
      await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(services)
    })
    expect(page.workers()).toHaveLength(1)
    expect(work.tasks).toBeGreaterThan(20)
    process.stdout.write(`${work.tasks} tasks, the longest of ${work.longestMs} ms\n`)
    // Read and drawn in one piece it would be a second; on a quiet machine the limit is 200 ms.
    expect(work.longestMs).toBeLessThan(400)
  }, 120_000)
})
