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
      const pages = pageList(busy)
      const waiting = pages.entries()
      const titles = new Map<string, string[]>()
      /** Walks on with whatever page nobody has walked to yet. */
      async function walk(): Promise<void> {
        const visitor = await stage.visit(look)
        await watchLayoutShifts(visitor.context)
        visitor.expectProblem(/^answer: 404 GET \/nothing\/here/)
        for (const [place, listed] of waiting) {
          if (listed.open) await visitor.context.clearCookies()
          else await carrySession(stage.site, visitor)
          await visitor.page.goto(listed.path)
          await arrived(visitor)
          await inspect(visitor, listed)
          // The half of the looks that speak one language are of both widths and both themes.
          const isAudited = (place % 2 === 0) === (look.locale === "zh")
          if (isAudited) expect.soft(await accessibilityViolations(visitor.page), `what axe finds on ${listed.name}`).toEqual([])
          const title = await visitor.page.title()
          titles.set(title, [...(titles.get(title) ?? []), listed.name])
          await capture(visitor, listed.name)
        }
      }
      await Promise.all([walk(), walk()])
      expect([...titles.values()].flat()).toHaveLength(pages.length)
      expect([...titles.values()].filter((names) => names.length > 1)).toEqual([])
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
}
