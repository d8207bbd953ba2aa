import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { accessibilityViolations } from "./axe.fixture.ts"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { type BusySite, makeBusy } from "./busy-site.fixture.ts"
import { layoutShift, watchLayoutShifts } from "./layout-shift.fixture.ts"
import { arrived, carrySession } from "./log-in.fixture.ts"
import { type ListedPage, pageList } from "./page-list.fixture.ts"
import { recordPast } from "./past-jobs.fixture.ts"
import { capture } from "./screenshots.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const minute = 60_000

describe.skipIf(lacksBrowser)("every page", () => {
  const stage = stageFor({ prepare: (directory) => recordPast(directory, 300) })
  let busy: BusySite
  beforeAll(async () => {
    busy = await makeBusy(stage.site)
  })
  afterAll(() => busy?.[Symbol.asyncDispose]())

  /** Every two of width, theme and language meet; all eight of three would take twice as long, and show nothing that these do not. */
  const looks = [
    { width: 1280, theme: "light", locale: "zh" },
    { width: 1280, theme: "dark", locale: "en" },
    { width: 360, theme: "light", locale: "en" },
    { width: 360, theme: "dark", locale: "zh" },
  ] as const

  test.each(looks)(
    "$width px wide, $theme, in $locale: accessible, without a jump, within its width, with a heading and a title of its own",
    async (look) => {
      const visitor = await stage.visit(look)
      await watchLayoutShifts(visitor.context)
      visitor.expectProblem(/^answer: 404 GET \/nothing\/here/)
      const titles = new Map<string, string>()
      for (const listed of pageList(busy)) {
        if (!listed.open) await carrySession(stage.site, visitor)
        await visitor.page.goto(listed.path)
        await arrived(visitor)
        await inspect(visitor, listed)
        titles.set(await visitor.page.title(), listed.name)
        await capture(visitor, listed.name)
      }
      expect([...titles.values()]).toEqual(pageList(busy).map(({ name }) => name))
    },
    5 * minute,
  )
})

/** Collects what is wrong with a page, so that one walk tells of all pages. */
async function inspect(visitor: Visitor, { name }: ListedPage): Promise<void> {
  const { page } = visitor
  expect.soft(await page.getByRole("heading", { level: 1 }).count(), `headings of ${name}`).toBe(1)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect.soft(overflow, `pixels that ${name} is too wide`).toBeLessThanOrEqual(0)
  expect.soft(await layoutShift(page), `how far ${name} jumps`).toBeLessThan(0.05)
  expect.soft(await accessibilityViolations(page), `what axe finds on ${name}`).toEqual([])
}
