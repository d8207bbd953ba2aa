import type { Visitor } from "./browser.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { ownToken, type Site } from "./site.fixture.ts"

/** Types the token on the login page that is open, and sends it. */
export async function enterToken({ page, say }: Visitor, token: string): Promise<void> {
  await page.getByLabel(say("session.token"), { exact: true }).fill(token)
  await page.getByRole("button", { name: say("session.logIn"), exact: true }).click()
}

/** Logs in as somebody with a name, on the login page that is open. */
export async function enterPassword({ page, say }: Visitor, username: string, password: string): Promise<void> {
  await page.getByRole("button", { name: say("session.withPassword"), exact: true }).click()
  await page.getByLabel(say("session.username"), { exact: true }).fill(username)
  await page.getByLabel(say("session.password"), { exact: true }).fill(password)
  await page.getByRole("button", { name: say("session.logIn"), exact: true }).click()
}

/** Chooses a token on the page that asks for a new one. */
export async function chooseToken({ page, say }: Visitor, token: string, repeated = token): Promise<void> {
  await page.getByLabel(say("session.newToken"), { exact: true }).fill(token)
  await page.getByLabel(say("session.repeatToken"), { exact: true }).fill(repeated)
  await page.getByRole("button", { name: say("session.change"), exact: true }).click()
}

/** Opens a page of the site, logs in on the way, and waits until that page is there. */
export async function logIn(visitor: Visitor, path = "/", token = ownToken): Promise<void> {
  const { page } = visitor
  await page.goto(path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`)
  await enterToken(visitor, token)
  await page.waitForURL((url) => url.pathname + url.search === path)
  await arrived(visitor)
}

/** Gives a visitor the session of somebody who has logged in, where the way in is not what is looked at. */
export async function carrySession(site: Site, { context }: Visitor): Promise<void> {
  const [name = "", value = ""] = site.cookie().split("=")
  await context.addCookies([{ name, value, url: site.url, httpOnly: true, sameSite: "Strict" }])
}

/** Waits until a page shows what it is about, and nothing in place of what is still on its way. */
export async function arrived({ page }: Visitor): Promise<void> {
  const main = page.getByRole("main")
  await main.getByRole("heading", { level: 1 }).waitFor()
  await eventually(() => main.locator(".animate-pulse").count()).toBe(0)
}
