import type { Locator, Page } from "playwright-core"
import { expect } from "vitest"

/** What is wrong with how it is shown where the keyboard is; undefined where that is well seen, at once or when what moves has come to rest. */
async function focusProblem(page: Page): Promise<string | undefined> {
  const until = Date.now() + 1000
  for (;;) {
    const problem = await presentProblem(page)
    if (problem === undefined || Date.now() > until) return problem
  }
}

function presentProblem(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (element === null || element === document.body) return undefined
    const words = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)
    const name = `${element.tagName.toLowerCase()} ${JSON.stringify(words)}`
    // What is drawn for a hidden radio button is its label.
    const shown = [element, element.closest("label"), element.closest("summary")].filter((each) => each !== null)
    const outlined = shown.find((each) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(each)
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0
    })
    if (outlined === undefined) return `${name}: nothing shows that it has the focus`
    const { top, left, bottom, right } = outlined.getBoundingClientRect()
    if (bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth) return `${name}: is outside of the window`
    return undefined
  })
}

/** Presses Tab until that element has the focus, and fails where the focus cannot be seen on the way. */
export async function tabTo(page: Page, element: Locator, most = 60): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press("Tab")
    expect(await focusProblem(page)).toBeUndefined()
    if (await element.evaluate((wanted) => wanted === document.activeElement)) return
  }
  throw new Error(`${most} times Tab did not lead to ${element}`)
}

/** Presses Tab once around the page; gives what is wrong with the focus, by element. */
export async function walkFocus(page: Page, most = 80): Promise<readonly string[]> {
  const problems: string[] = []
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press("Tab")
    if (await page.evaluate(() => document.activeElement === document.body)) break
    const problem = await focusProblem(page)
    if (problem !== undefined) problems.push(problem)
  }
  return problems
}
