import { needs, runnableImage, skopeo, type TestImage, testRegistry } from "@entrepot/testing"
import type { Locator } from "playwright-core"
import { describe, expect, test } from "vitest"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { arrived, carrySession, logIn } from "./log-in.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

/** What image names call it; nobody dials it. */
const registry = "registry.example.com"

describe.skipIf(lacksBrowser || needs("skopeo"))("the page of the registries", () => {
  const stage = stageFor()

  const rowOf = ({ page }: Visitor, name: string): Locator => page.getByRole("listitem", { name, exact: true })

  async function addOnPage(visitor: Visitor, name: string, url: string): Promise<void> {
    const { page, say } = visitor
    await page.getByRole("button", { name: say("upstreams.add"), exact: true }).click()
    const dialog = page.getByRole("dialog", { name: say("upstreams.add"), exact: true })
    await dialog.getByLabel(say("upstreams.name"), { exact: true }).fill(name)
    await dialog.getByLabel(say("upstreams.registry"), { exact: true }).fill(registry)
    await dialog.getByLabel(say("upstreams.url"), { exact: true }).fill(url)
    await dialog.getByRole("button", { name: say("upstreams.test"), exact: true }).click()
    await dialog.getByText(say("targets.check.reachable"), { exact: true }).waitFor()
    await dialog.getByText(say("targets.check.readable"), { exact: true }).waitFor({ state: "attached" })
    await dialog.getByRole("button", { name: say("common.save"), exact: true }).click()
    await dialog.waitFor({ state: "hidden" })
    await rowOf(visitor, name).waitFor()
  }

  async function orderSaved(): Promise<readonly string[]> {
    const { upstreams } = await stage.site.client.upstreams.list.query()
    const ours = upstreams.filter((each) => each.registry === registry)
    return ours.toSorted((a, b) => a.priority - b.priority || a.id - b.id).map(({ name }) => name)
  }

  /** Where the rows of our registry stand on the page. */
  function orderShown({ page }: Visitor): Promise<readonly (string | null)[]> {
    const rows = page.getByRole("region", { name: registry, exact: true }).locator("ol > li")
    return rows.evaluateAll((found) => found.map((row) => row.getAttribute("aria-label")))
  }

  const pull = (tag: number) =>
    skopeo("inspect", "--tls-verify=false", "--raw", `docker://${new URL(stage.site.url).host}/${registry}/team/app:${tag}`)

  test("two mirrors are added, put in order by keys and by dragging, and asked in that order; one that is switched off is passed over and shown so", async () => {
    const images = Object.fromEntries(
      Array.from({ length: 8 }, (_, tag): [string, TestImage] => [`team/app:${tag}`, runnableImage({ message: `tag ${tag}` })]),
    )
    await using first = await testRegistry({ images })
    await using second = await testRegistry({ images })
    const visitor = await stage.visit()
    const { page, say } = visitor
    await logIn(visitor, "/upstreams")
    await addOnPage(visitor, "first", first.origin)
    await addOnPage(visitor, "second", second.origin)
    await pull(0)
    expect([first.matching("GET manifest").length, second.matching("GET manifest").length]).toEqual([1, 0])

    const handle = rowOf(visitor, "second").getByRole("button", { name: say("upstreams.drag", { name: "second" }), exact: true })
    await handle.focus()
    await page.keyboard.press("ArrowUp")
    const moved = say("upstreams.moved", { name: "second", place: 1, count: 2, registry })
    await page.getByRole("status").filter({ hasText: moved }).waitFor({ state: "attached" })
    await eventually(orderSaved).toEqual(["second", "first"])
    await eventually(() => orderShown(visitor)).toEqual(["second", "first"])
    expect(await handle.evaluate((button) => button === document.activeElement)).toBe(true)
    await pull(1)
    expect(second.matching("GET manifest").length).toBe(1)
    await rowOf(visitor, "second")
      .getByRole("button", { name: say("upstreams.moveDown", { name: "second" }), exact: true })
      .click()
    await eventually(orderSaved).toEqual(["first", "second"])
    await eventually(() => orderShown(visitor)).toEqual(["first", "second"])

    await dragAbove(visitor, rowOf(visitor, "second"), rowOf(visitor, "first"))
    await eventually(orderSaved).toEqual(["second", "first"])
    await dragAbove(visitor, rowOf(visitor, "first"), rowOf(visitor, "second"))
    await eventually(orderSaved).toEqual(["first", "second"])

    await first.close()
    for (const tag of [2, 3, 4, 5]) await pull(tag)
    const row = rowOf(visitor, "first")
    await row.getByText(`network: connection refused by ${first.host}`, { exact: true }).waitFor()
    const unwell = [...["failed", "trying"].map((each) => say(`upstreams.standing.${each as "failed" | "trying"}`))]
    const [resting = ""] = say("upstreams.standing.restingUntil", { time: "|" }).split("|")
    await row.getByText(new RegExp([...unwell, resting].join("|"))).waitFor()
    await rowOf(visitor, "second").getByText(say("upstreams.standing.works"), { exact: true }).waitFor()

    const chinese = await stage.visit({ locale: "zh", width: 360 })
    await carrySession(stage.site, chinese)
    await chinese.page.goto("/upstreams")
    await arrived(chinese)
    await rowOf(chinese, "second").getByText(chinese.say("upstreams.standing.works"), { exact: true }).waitFor()
    await rowOf(chinese, "first").getByRole("switch").click()
    await rowOf(chinese, "first").getByText(chinese.say("upstreams.standing.off"), { exact: true }).waitFor()
    await row.getByText(say("upstreams.standing.off"), { exact: true }).waitFor()

    await rowOf(visitor, "second")
      .getByRole("button", { name: say("common.remove"), exact: true })
      .click()
    await page.getByText(say("upstreams.removeWhat", { name: "second", url: second.origin }), { exact: true }).waitFor()
    await page.getByRole("button", { name: say("upstreams.removeAction"), exact: true }).click()
    await rowOf(visitor, "second").waitFor({ state: "detached" })
    expect(await orderSaved()).toEqual(["first"])
  })

  /** By its handle, with a mouse, to where it would be before the other. */
  async function dragAbove({ page }: Visitor, dragged: Locator, other: Locator): Promise<void> {
    await other.scrollIntoViewIfNeeded()
    const from = await dragged.locator("button").first().boundingBox()
    const to = await other.boundingBox()
    if (from === null || to === null) throw new Error("both rows are shown")
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
    await page.mouse.down()
    await page.mouse.move(from.x + from.width / 2, to.y + to.height / 2)
    await page.mouse.move(from.x + from.width / 2, to.y + 4)
    await page.mouse.up()
  }
})
