import type { BrowserContext, Page } from "playwright-core"

interface LayoutShift extends PerformanceEntry {
  readonly value: number
  readonly hadRecentInput: boolean
}

/** From now on, every page of this browser adds up how far it jumps while nobody touches it. */
export async function watchLayoutShifts(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    let sum = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) if (!entry.hadRecentInput) sum += entry.value
      Reflect.set(window, "layoutShift", sum)
    }).observe({ type: "layout-shift", buffered: true })
  })
}

/** How far the present page has jumped: 0 is not at all, 0.1 is what people notice. */
export function layoutShift(page: Page): Promise<number> {
  return page.evaluate(() => Number(Reflect.get(window, "layoutShift") ?? 0))
}
