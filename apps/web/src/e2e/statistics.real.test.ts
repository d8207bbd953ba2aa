import { describe, expect, test } from "vitest"
import { statisticsQuery } from "../features/statistics/period.ts"
import { lacksBrowser } from "./browser.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { arrived, carrySession } from "./log-in.fixture.ts"
import { anHour, dailyPulls, recordServedYear, repositoryAt, waitsMs } from "./served-year.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const dayMs = 86_400_000
const yearHours = 365 * 24

describe.skipIf(lacksBrowser)("a year of what was served, with 100 repositories a day", () => {
  const today = Math.floor(Date.now() / dayMs)
  const stage = stageFor({ prepare: (directory) => recordServedYear(directory, today) })

  test("is told whole: every day, every upstream, and the repositories that are pulled most", async () => {
    const { client } = stage.site
    const since = (today - 365) * dayMs
    const query = { since, until: today * dayMs - 1, step: "day", timeZone: "UTC" } as const
    const began = performance.now()
    const served = await client.statistics.served.query(query)
    process.stdout.write(`a year of statistics: ${Math.round(performance.now() - began)} ms\n`)
    const times = (count: number) =>
      Object.fromEntries(Object.entries(anHour).map(([name, value]) => [name, value * count])) as typeof anHour
    expect(served.totals).toEqual(times(yearHours))
    expect(served.steps).toEqual(Array.from({ length: 365 }, (_, place) => ({ at: since + place * dayMs, ...times(24) })))
    expect(served.upstreams).toEqual(
      (["gcr.io", "registry-1.docker.io", "quay.io"] as const).map((host) => ({
        host,
        requests: 21 * yearHours,
        failures: yearHours,
        waitMs: waitsMs[host],
        bytesFetched: 230_000_000 * yearHours,
      })),
    )
    expect(served.repositories).toEqual(
      Array.from({ length: 10 }, (_, place) => ({
        repository: repositoryAt(place),
        pulls: dailyPulls(place) * 365,
        bytesSent: 1_000_000 * 365,
      })),
    )
  })

  test.each(["en", "zh"] as const)("is shown in %s, beside what was mirrored, over the same period", async (locale) => {
    const { site } = stage
    const visitor = await stage.visit({ locale })
    const { page, say } = visitor
    await carrySession(site, visitor)
    await page.goto("/statistics?period=365d")
    await arrived(visitor)
    await page.getByText(say("statistics.empty"), { exact: true }).waitFor()
    await page
      .getByRole("group", { name: say("statistics.half") })
      .getByText(say("statistics.halves.served"), { exact: true })
      .click()
    await page.waitForURL((url) => url.search === "?of=served&period=365d")
    const { totals } = await site.client.statistics.served.query(statisticsQuery("365d", Date.now(), "Asia/Shanghai"))
    await page.getByText(totals.pulls.toLocaleString("en"), { exact: true }).first().waitFor()
    const upstreams = page.getByRole("table", { name: say("statistics.served.upstreams"), exact: true })
    await eventually(() => upstreams.getByRole("row").nth(1).getByRole("cell").allTextContents()).toEqual(
      expect.arrayContaining(["gcr.io", say("statistics.served.ms", { ms: 900 })]),
    )
    const link = page.getByRole("link", { name: repositoryAt(0), exact: true })
    expect(await link.getAttribute("href")).toBe(`/projects/${repositoryAt(0)}`)
    await page
      .getByRole("group", { name: say("statistics.period") })
      .getByText(say("statistics.7d"), { exact: true })
      .click()
    await page.waitForURL((url) => url.search === "?of=served&period=7d")
    await eventually(() => page.getByRole("img", { name: new RegExp(say("statistics.served.askedOverTime")) }).count()).toBe(1)
  })
})
