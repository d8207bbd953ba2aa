import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { needs, skopeo } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { arrived, carrySession, logIn } from "./log-in.fixture.ts"
import { sourceImages } from "./source-images.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const registry = "registry.example"
const puller = { name: "puller", password: "a password for pulling" } as const
const hostile = `<img src=x onerror="window.hacked=1">`

describe.skipIf(lacksBrowser || needs("skopeo"))("the access log", () => {
  const stage = stageFor()
  let folder: string
  let pulls = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "entrepot-pulls-"))
    const { client, source } = stage.site
    await client.upstreams.create.mutate({ name: "source", registry, url: `http://${source.host}` })
    await client.pullUsers.create.mutate(puller)
    await client.accessRules.create.mutate({ effect: "allow", prefix: `${registry}/` })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** What skopeo does on a machine of its own: nothing of an earlier pull is there. */
  async function pull(image: string, ...login: readonly string[]): Promise<void> {
    const to = `dir:${join(folder, String(pulls++))}`
    const from = `docker://${new URL(stage.site.url).host}/${registry}/${image}`
    await skopeo("copy", "--quiet", "--src-tls-verify=false", ...login, from, to)
  }

  const rows = ({ page, say }: Visitor) =>
    page.getByRole("list", { name: say("accessLog.list"), exact: true }).getByRole("listitem")
  const texts = (visitor: Visitor) => rows(visitor).allInnerTexts()

  test("shows the pull that skopeo has just made, a miss, and its second, a hit, without being loaded anew", async () => {
    const visitor = await stage.visit()
    const { page, say } = visitor
    await logIn(visitor, "/access-log")
    await page.getByText(say("accessLog.live.states.live"), { exact: true }).waitFor()
    await page.evaluate(() => Reflect.set(window, "stays", true))
    const [layer = ""] = sourceImages["team/tools:3.1"]?.blobs.keys() ?? []
    const layers = () =>
      rows(visitor)
        .filter({ hasText: `${registry}/team/tools@${layer.slice(0, 19)}` })
        .allInnerTexts()
    const [hit, miss] = [say("accessLog.caches.hit"), say("accessLog.caches.miss")]
    const words = (lines: readonly string[]) => lines.map((line) => [hit, miss].find((word) => line.split("\n").includes(word)))

    await pull("team/tools:3.1")
    await eventually(async () => words(await layers())).toEqual([miss])
    await pull("team/tools:3.1")
    await eventually(async () => words(await layers())).toEqual([hit, miss])
    const [newest] = await layers()
    expect(newest).toMatch(/skopeo/)
    expect(newest).toContain(say("accessLog.anonymous"))
    expect(await page.evaluate(() => Reflect.get(window, "stays"))).toBe(true)
  }, 60_000)

  test("is narrowed to a user and to a class of statuses, live too, and the address carries how", async () => {
    const visitor = await stage.visit({ locale: "zh" })
    const { page, say } = visitor
    await carrySession(stage.site, visitor)
    await page.goto("/access-log")
    await arrived(visitor)
    await page.getByLabel(say("accessLog.fields.user"), { exact: true }).fill(puller.name)
    await page.waitForURL(/user=puller/)
    await page.getByText(say("accessLog.noMatch"), { exact: true }).waitFor()
    const login = ["--src-creds", `${puller.name}:${puller.password}`]
    await pull("batch/service-2:1.1")
    await pull("batch/service-3:1.2", ...login)
    await eventually(async () => (await texts(visitor)).join("\n")).toContain(`${registry}/batch/service-3:1.2`)
    expect((await texts(visitor)).filter((text) => !text.includes(puller.name))).toEqual([])

    await expect(pull("batch/service-3:nothing", ...login)).rejects.toThrow(/manifest unknown|not found/)
    await page.getByLabel(say("accessLog.fields.status"), { exact: true }).fill("4xx")
    await page.waitForURL(/status=4xx/)
    await eventually(async () => (await texts(visitor)).join("\n")).toContain(`${registry}/batch/service-3:nothing`)
    await eventually(async () => (await texts(visitor)).every((text) => /^4\d\d$/m.test(text))).toBe(true)
    await page.reload()
    await eventually(async () => (await texts(visitor)).join("\n")).toContain(`${registry}/batch/service-3:nothing`)

    await rows(visitor).getByRole("button").first().click()
    const dialog = page.getByRole("dialog")
    await dialog.getByText(/^skopeo/).waitFor()
    await dialog.getByRole("link", { name: say("accessLog.only.repository"), exact: true }).click()
    await page.waitForURL((url) => url.searchParams.get("repository") === `${registry}/batch/service-3`)
  }, 60_000)

  test("holds while it is paused, counts what comes, and goes on with it", async () => {
    const visitor = await stage.visit()
    const { page, say } = visitor
    await carrySession(stage.site, visitor)
    await page.goto(`/access-log?repository=${encodeURIComponent(`${registry}/batch/service-5`)}`)
    await arrived(visitor)
    await pull("batch/service-5:1.4")
    await eventually(() => rows(visitor).count()).toBeGreaterThan(1)
    // Everything of that pull is written once it is asked for.
    const { entries } = await stage.site.client.accessLog.list.query({ repository: `${registry}/batch/service-5` })
    await eventually(() => rows(visitor).count()).toBe(entries.length)
    await page.getByRole("button", { name: say("accessLog.live.pause"), exact: true }).click()
    await page.getByText(say("accessLog.live.states.paused"), { exact: true }).waitFor()
    await pull("batch/service-5:1.4")
    const news = page.getByRole("button", { name: say("accessLog.live.new", { count: entries.length }), exact: true })
    await news.waitFor()
    expect(await rows(visitor).count()).toBe(entries.length)
    await page.getByRole("button", { name: say("accessLog.live.goOn"), exact: true }).click()
    await eventually(() => rows(visitor).count()).toBe(2 * entries.length)
    expect(await news.count()).toBe(0)
  }, 60_000)

  test("S18: what clients call themselves, and what they ask for, is shown as it is", async () => {
    const { url } = stage.site
    const basic = Buffer.from(`${hostile}:wrong`).toString("base64")
    await fetch(`${url}/v2/`, { headers: { "user-agent": `${hostile} agent`, authorization: `Basic ${basic}` } })
    const login = Buffer.from(`${puller.name}:${puller.password}`).toString("base64")
    const headers = { "user-agent": `${hostile} agent`, authorization: `Basic ${login}` }
    await fetch(`${url}/v1/search?q=${encodeURIComponent(`${hostile} words`)}`, { headers })
    const visitor = await stage.visit()
    const { page } = visitor
    await carrySession(stage.site, visitor)
    await page.goto(`/access-log?user=${encodeURIComponent(hostile)}&repository=${encodeURIComponent(hostile)}`)
    await arrived(visitor)
    await page.goto("/access-log")
    await arrived(visitor)
    await eventually(async () => (await texts(visitor)).join("\n")).toContain(`${hostile} agent`)
    const all = (await texts(visitor)).join("\n")
    expect(all).toContain(`${hostile} words`)
    await rows(visitor)
      .filter({ hasText: `${hostile} words` })
      .getByRole("button")
      .click()
    await page.getByRole("dialog").getByText(`${hostile} words`, { exact: true }).waitFor()
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined()
    expect(await page.locator('img[src="x"], [onerror]').count()).toBe(0)
  }, 60_000)

  test("is cleared after asking", async () => {
    const visitor = await stage.visit()
    const { page, say } = visitor
    await carrySession(stage.site, visitor)
    await page.goto("/access-log")
    await arrived(visitor)
    await eventually(() => rows(visitor).count()).toBeGreaterThan(0)
    await page.getByRole("button", { name: say("accessLog.clear.button"), exact: true }).click()
    await page.getByRole("button", { name: say("accessLog.clear.action"), exact: true }).click()
    await page.getByText(say("accessLog.empty"), { exact: true }).waitFor()
    await pull("batch/service-6:1.5")
    await eventually(async () => (await texts(visitor)).join("\n")).toContain(`${registry}/batch/service-6`)
  }, 60_000)
})
