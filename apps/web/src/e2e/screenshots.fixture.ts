import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { screenshotFolder, type Visitor } from "./browser.fixture.ts"

/** Below this a list only goes on, CSS pixels. */
const tallest = 4_000

/** Keeps the whole page as a person sees it at rest, but for the end of long lists: `<name>-<width>-<theme>-<locale>.png`. */
export async function capture({ page, width, theme, locale }: Visitor, name: string): Promise<string> {
  await page.evaluate(() => document.fonts.ready)
  await mkdir(screenshotFolder, { recursive: true })
  const path = join(screenshotFolder, `${name}-${width}-${theme}-${locale}.png`)
  const height = Math.min(tallest, await page.evaluate(() => document.documentElement.scrollHeight))
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height }, animations: "disabled", caret: "hide" })
  return path
}
