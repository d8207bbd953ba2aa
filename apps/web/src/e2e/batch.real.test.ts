import { describe, expect, test } from "vitest"
import { lacksBrowser } from "./browser.fixture.ts"
import { logIn } from "./log-in.fixture.ts"
import { chooseTarget } from "./mirror.fixture.ts"
import { targetLogin } from "./site.fixture.ts"
import { sourceImages } from "./source-images.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

describe.skipIf(lacksBrowser)("a batch in the browser", () => {
  const stage = stageFor()

  test("is found in a compose file, shown as a plan, and mirrored but for the row that was taken out", async () => {
    const { site } = stage
    const visitor = await stage.visit()
    const { page, say } = visitor
    const services = Object.keys(sourceImages).filter((name) => name.startsWith("batch/"))
    expect(services).toHaveLength(20)
    const images = [...services, "team/tools:3.1"].map((name) => `${site.source.host}/${name}`)
    await logIn(visitor, "/batch")
    const compose = images.map((image, at) => `  service-${at}:\n    image: ${image}\n    restart: always\n`).join("")
    await page.getByLabel(say("batch.paste"), { exact: true }).fill(`services:\n${compose}`)
    await page.getByText(say("batch.found.compose", { count: 21 }), { exact: true }).waitFor()
    await chooseTarget(visitor, { address: `${site.target.host}/batch`, ...targetLogin })
    const unwanted = images.at(-1) ?? ""
    await page.getByRole("button", { name: say("batch.remove", { image: unwanted }), exact: true }).click()
    await page.getByText(say("batch.count", { count: 20 }), { exact: true }).waitFor()
    await page.getByLabel(say("batch.title"), { exact: true }).fill("the whole shop")
    await page.getByRole("button", { name: say("batch.start", { count: 20 }), exact: true }).click()
    await page.waitForURL(/\/jobs\/\d+$/)
    const id = Number(new URL(page.url()).pathname.split("/").at(-1))

    const panel = page.getByLabel(say("job.number", { id }), { exact: true })
    await panel.getByText(say("job.batchAmount", { done: 20, total: 20 }), { exact: true }).waitFor({ timeout: 90_000 })
    expect(await site.client.jobs.summary.query({ id })).toMatchObject({ succeeded: 20, failed: 0, running: 0, queued: 0 })
    const { jobs } = await site.client.jobs.list.query({ parentId: id, limit: 50 })
    expect(jobs.map(({ source }) => source).toSorted()).toEqual(images.slice(0, 20).toSorted())
    for (const { target, source } of jobs) {
      const image = sourceImages[source.slice(site.source.host.length + 1)]
      expect(image && (await site.target.client.holds(target.slice(site.target.host.length + 1), image))).toBe(true)
    }
  })
})
