import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import type { AxeResults } from "axe-core"
import type { Page } from "playwright-core"
import { expect } from "vitest"

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

/** The violations of WCAG 2.2 A and AA and of good practice that axe finds on the page as it stands, one line each with where and why. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
  // Evaluated by the browser itself: a script element would not pass the page's policy.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source)
  const { violations }: AxeResults = await page.evaluate(
    (values) => Reflect.get(window, "axe").run(document, { runOnly: { type: "tag", values } }),
    standards,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join("; ")
      return `${id} (${help}) at ${target.join(" ")}: ${why}`
    }),
  )
}

/** Fails with every violation in a line of its own. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await accessibilityViolations(page)).toEqual([])
}
