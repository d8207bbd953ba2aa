import { image, index, testRegistry } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { finishedJob } from "./busy-site.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { arrived, logIn } from "./log-in.fixture.ts"
import { chooseTarget, fillMirrorForm } from "./mirror.fixture.ts"
import { targetLogin } from "./site.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

/** What a careless page would run, open, turn around or fill in. */
const payloads = [
  `<img src=x onerror="window.hacked=1">`,
  `"><script>window.hacked=1</script>`,
  `<svg/onload=window.hacked=1>`,
  "javascript:window.hacked=1",
  "$\u007B{7*7}}{{7*7}}<%= 7*7 %>",
  "\u202Egnp.exe\u202C",
] as const
const [picture] = payloads
/** Where names are refused that would turn around what stands beside them. */
const printable = payloads.slice(0, -1)

describe.skipIf(lacksBrowser)("S18: what others have written", () => {
  const stage = stageFor()

  /** Fails where a page took any of the texts for more than a text. */
  async function expectTextsOnly({ page }: Visitor): Promise<void> {
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined()
    expect(await page.locator('img[src="x"], svg[onload], [onerror], [onload]').count()).toBe(0)
    expect(await page.locator('a[href^="javascript:" i], form[action^="javascript:" i]').count()).toBe(0)
  }

  test("names of targets, keys, users, schedules and batches are shown as they are", async () => {
    const { site } = stage
    const { client, source } = site
    const { id: targetId } = await client.targets.create.mutate({
      name: picture,
      address: `${site.target.host}/x`,
      ...targetLogin,
    })
    for (const name of printable) {
      await client.accounts.keys.create.mutate({ name, scopes: ["jobs:read"] })
      await client.schedules.create.mutate({
        name,
        cron: "0 3 * * *",
        request: { image: `${source.host}/team/tools:3.1` },
        targetId,
      })
    }
    for (const name of printable) {
      await client.upstreams.create.mutate({ name, registry: "registry.example.com", url: source.origin })
    }
    const batches = []
    for (const title of payloads) {
      batches.push(
        await client.jobs.startBatch.mutate({ title, images: [`${source.host}/team/tools:3.1`], target: { targetId } }),
      )
    }
    const visitor = await stage.visit()
    const { page } = visitor
    await logIn(visitor, "/jobs")
    const views: readonly (readonly [string, readonly string[]])[] = [
      ["/jobs", payloads],
      [`/jobs/${batches[0]?.id}`, [picture]],
      ["/targets", [picture]],
      ["/schedules", printable],
      ["/upstreams", printable],
      ["/settings/keys", printable],
    ]
    for (const [path, texts] of views) {
      await page.goto(path)
      await arrived(visitor)
      for (const text of texts) {
        await eventually(() => page.getByText(text).count()).toBeGreaterThan(0)
      }
      await expectTextsOnly(visitor)
    }
    await page.goto("/")
    await arrived(visitor)
    expect(await page.locator("option").allTextContents()).toContainEqual(expect.stringContaining(picture))
    await expectTextsOnly(visitor)
  })

  test("what a registry says in its errors is shown as it is, in the job and in the list", async () => {
    const { site } = stage
    const hostile = await testRegistry({ images: { "library/a:1": image({ seed: "hostile" }) } })
    onTestFinished(() => hostile.close())
    const body = JSON.stringify({ errors: [{ code: "DENIED", message: payloads.join(" ") }] })
    hostile.fail("GET manifest", { as: "status", status: 403, body, times: Number.POSITIVE_INFINITY })
    const id = await finishedJob(site.client, {
      image: `${hostile.host}/library/a:1`,
      target: { address: `${site.target.host}/hostile`, ...targetLogin },
    })
    const { failure } = await site.client.jobs.get.query({ id })
    const visitor = await stage.visit()
    const { page, say } = visitor
    await logIn(visitor, `/jobs/${id}`)
    await page.getByText(say("job.failure.detail"), { exact: true }).click()
    await page
      .getByText(failure?.message ?? "no failure")
      .first()
      .waitFor()
    expect(failure?.message).toContain("<img src=x")
    await expectTextsOnly(visitor)
    await page.goto("/jobs")
    await page.getByRole("link", { name: `${hostile.host}/library/a:1`, exact: true }).waitFor()
    await expectTextsOnly(visitor)
  })

  test("platforms of an image, and what is typed or pasted as a name, are shown as they are", async () => {
    const { site } = stage
    const odd = index([image({ seed: "odd", platform: { os: "linux", architecture: picture } }), image({ seed: "even" })])
    const hostile = await testRegistry({ images: { "library/odd:1": odd } })
    onTestFinished(() => hostile.close())
    const visitor = await stage.visit()
    const { page, say } = visitor
    await logIn(visitor)
    await fillMirrorForm(visitor, { image: `${hostile.host}/library/odd:1`, address: `${site.target.host}/odd`, ...targetLogin })
    await page.getByRole("button", { name: say("mirror.inspect"), exact: true }).click()
    await page.getByText(`linux/${picture}`, { exact: true }).waitFor()
    await expectTextsOnly(visitor)
    for (const payload of payloads) {
      await page.getByLabel(say("mirror.image"), { exact: true }).fill(payload)
      await page.getByLabel(say("mirror.address"), { exact: true }).fill(payload)
      await page.getByLabel(say("mirror.address"), { exact: true }).blur()
      await expectTextsOnly(visitor)
    }
    await page.goto("/batch")
    await arrived(visitor)
    await page.getByLabel(say("batch.paste"), { exact: true }).fill(payloads.join("\n"))
    await chooseTarget(visitor, { address: `${site.target.host}/odd`, ...targetLogin })
    await page.getByText(picture).first().waitFor()
    await expectTextsOnly(visitor)
    await page.goto("/whitelist")
    await arrived(visitor)
    for (const payload of payloads) {
      await page.getByLabel(say("whitelist.newRule.deny"), { exact: true }).fill(payload)
      await page.getByLabel(say("whitelist.image"), { exact: true }).fill(payload)
      await page.getByRole("button", { name: say("whitelist.try"), exact: true }).click()
      await page.getByText(new RegExp(`${say("whitelist.isLetIn")}|${say("whitelist.isKeptOut")}`)).waitFor()
      await expectTextsOnly(visitor)
    }
    await page.goto(`/?image=${encodeURIComponent(picture)}&target=${encodeURIComponent("javascript:window.hacked=1")}`)
    await arrived(visitor)
    await expectTextsOnly(visitor)
    await page.goto(`/jobs?search=${encodeURIComponent(picture)}&host=${encodeURIComponent(payloads[1])}`)
    await arrived(visitor)
    await expectTextsOnly(visitor)
  })
})
