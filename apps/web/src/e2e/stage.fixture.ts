import type { Browser } from "playwright-core"
import { afterAll, beforeAll } from "vitest"
import { buildProgram } from "../program.fixture.ts"
import { launchBrowser, openPage, type Visitor, type VisitorOptions } from "./browser.fixture.ts"
import { openSite, type Site, type SiteOptions } from "./site.fixture.ts"

/** A site and a browser that the tests of one file have in common. */
export interface Stage {
  readonly site: Site
  readonly browser: Browser
  /** A new visitor, whose page has not been anywhere yet; relative addresses lead to the site unless told. */
  visit(options?: Partial<VisitorOptions>): Promise<Visitor>
}

/** To be called within `describe`: builds what is not built, opens a site and a browser before its tests, and closes them after. */
export function stageFor(options: SiteOptions = {}): Stage {
  let site: Site | undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    await buildProgram()
    ;[site, browser] = await Promise.all([openSite(options), launchBrowser()])
  }, 600_000)
  afterAll(async () => {
    await browser?.close()
    await site?.[Symbol.asyncDispose]()
  })
  const open = <Thing>(thing: Thing | undefined): Thing => {
    if (thing === undefined) throw new Error("the stage is there within tests alone")
    return thing
  }
  return {
    get site() {
      return open(site)
    },
    get browser() {
      return open(browser)
    },
    visit: (how = {}) => openPage(open(browser), { url: open(site).url, ...how }),
  }
}
