import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { screenshotFolder, type Visitor } from "./browser.fixture.ts"

/** Keeps the whole page as a person sees it at rest: `<name>-<width>-<theme>-<locale>.png`. */
export async function capture({ page, width, theme, locale }: Visitor, name: string): Promise<string> {
  await page.evaluate(() => document.fonts.ready)
  await mkdir(screenshotFolder, { recursive: true })
  const path = join(screenshotFolder, `${name}-${width}-${theme}-${locale}.png`)
  await page.screenshot({ path, fullPage: true, animations: "disabled", caret: "hide" })
  return path
}
