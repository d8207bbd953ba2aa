import { join } from "node:path"
import { needs, which } from "@entrepot/testing"
import { createTranslator } from "next-intl"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { expect, onTestFinished } from "vitest"
import { type Messages, messages } from "../messages/index.ts"
import { repository } from "../program.fixture.ts"

/** True where a test in a browser cannot run; then it is said in one line. */
export const lacksBrowser = needs("chromium", "docker-registry", "htpasswd")

/** Where screenshots are kept; git does not see it. */
export const screenshotFolder = join(repository, ".cache/screenshots")

export type Locale = "zh" | "en"
export type Theme = "light" | "dark"

export interface VisitorOptions {
  /** What the browser asks for; English unless told. */
  readonly locale?: Locale
  /** What the system prefers; light unless told. */
  readonly theme?: Theme
  /** Of the window, in CSS pixels; 1280 unless told. */
  readonly width?: number
  /** Where relative addresses lead. */
  readonly url: string
}

/** Speaks as the pages do: `say("session.logIn")`. */
export type Say = ReturnType<typeof createTranslator<Messages>>

/** Somebody with a browser of their own: no cookie, no history. */
export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  readonly locale: Locale
  readonly say: Say
  readonly theme: Theme
  readonly width: number
  /** What went wrong so far and was not expected. */
  problems(): readonly string[]
  /** From here on, what fits the pattern is no problem. */
  expectProblem(pattern: RegExp): void
}

/** Debian's Chromium, without a window. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: which("chromium") ?? "chromium", args: ["--no-sandbox", "--disable-gpu"] })
}

/** Before login, a page asks once who is there, and hears that nobody is. */
const nobody = /^answer: 401 GET \/api\/trpc\/accounts\.me/

/**
 * Opens a page for this test. When the test ends, it fails if the page broke its content security policy, threw or logged an error, or got no
 * good answer from the application, other than what was expected. What a failed test saw last is kept as a screenshot.
 */
export async function openPage(browser: Browser, options: VisitorOptions): Promise<Visitor> {
  const { locale = "en", theme = "light", width = 1280, url } = options
  const context = await browser.newContext({
    baseURL: url,
    locale: locale === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Asia/Shanghai",
    colorScheme: theme,
    reducedMotion: "reduce",
    viewport: { width, height: width < 600 ? 780 : 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  })
  context.setDefaultTimeout(20_000)
  const seen: string[] = []
  const expected = [nobody]
  await watchPolicy(context, (text) => seen.push(text))
  const page = await context.newPage()
  watchPage(page, url, (text) => seen.push(text))
  const problems = () => seen.filter((text) => !expected.some((pattern) => pattern.test(text)))
  onTestFinished(async ({ task }) => {
    const found = problems()
    if (task.result?.state === "fail")
      await page.screenshot({ path: join(screenshotFolder, `failed-${task.id}.png`) }).catch(() => {})
    await context.close()
    expect(found).toEqual([])
  })
  const say = createTranslator({
    locale,
    messages: messages[locale],
    onError: (error) => {
      throw error
    },
  })
  return { page, context, locale, say, theme, width, problems, expectProblem: (pattern) => expected.push(pattern) }
}

/** A script of the browser's own, which no policy of the page can stop. */
async function watchPolicy(context: BrowserContext, report: (text: string) => void): Promise<void> {
  await context.exposeBinding("reportPolicyViolation", (_, text: string) => report(`policy: ${text}`))
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
      const name = "reportPolicyViolation"
      const send: unknown = Reflect.get(window, name)
      if (typeof send === "function") send(`${violatedDirective} ${blockedURI} ${sourceFile}`)
    })
  })
}

function watchPage(page: Page, origin: string, report: (text: string) => void): void {
  page.on("pageerror", (error) => report(`thrown: ${error.message}`))
  page.on("dialog", (dialog) => {
    report(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on("console", (message) => {
    const text = message.text()
    // An answer that is no good is told of below, with its address.
    if (message.type() !== "error" && !/content.security.policy/i.test(text)) return
    if (!text.startsWith("Failed to load resource")) report(`console: ${text}`)
  })
  page.on("response", (answer) => {
    if (answer.status() < 400) return
    report(`answer: ${answer.status()} ${answer.request().method()} ${answer.url().replace(origin, "")}`)
  })
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? ""
    // Leaving a page ends its streams and what it had begun to load.
    if (reason !== "net::ERR_ABORTED") report(`request: ${reason} ${request.method()} ${request.url().replace(origin, "")}`)
  })
}
