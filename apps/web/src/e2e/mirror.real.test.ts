import { faultProxy, linkProxy } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { arrived, logIn } from "./log-in.fixture.ts"
import { fillMirrorForm, type JobPanel, jobPanel, startMirror } from "./mirror.fixture.ts"
import { targetLogin } from "./site.fixture.ts"
import { sourceImages } from "./source-images.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const patience = { timeoutMs: 60_000 }

describe.skipIf(lacksBrowser)("a mirror in the browser", () => {
  const stage = stageFor()

  /** The source, as slow as this. */
  async function slowSource(bandwidthBitsPerSecond: number): Promise<string> {
    const link = await linkProxy(stage.site.source.host, { bandwidthBitsPerSecond })
    onTestFinished(() => link[Symbol.asyncDispose]())
    return link.host
  }

  test("asks the source for its platforms, tests the target, and shows bars and log move until the image is there", async () => {
    const { site } = stage
    const visitor = await stage.visit({ locale: "zh" })
    const { page, say } = visitor
    await logIn(visitor)
    const targetImage = `${site.target.host}/proxy/shop:1.27`
    const host = await slowSource(8_000_000)
    await fillMirrorForm(visitor, { image: `${host}/library/shop:1.27`, address: `${site.target.host}/proxy`, ...targetLogin })
    await page.getByRole("button", { name: say("mirror.inspect"), exact: true }).click()
    const found = page.getByRole("region", { name: say("mirror.found"), exact: true })
    await found.waitFor()
    for (const platform of ["linux/amd64", "linux/arm64", "linux/arm/v7"]) {
      expect(await found.getByLabel(platform, { exact: true }).isChecked()).toBe(true)
    }
    await page.getByRole("button", { name: say("mirror.checkConnection"), exact: true }).click()
    await page.getByText(say("targets.check.ready"), { exact: true }).waitFor()

    const name = page.getByLabel(say("mirror.targetImageName"), { exact: true })
    expect(await name.inputValue()).toMatch(new RegExp(`^${site.target.host}/proxy/.*shop:1\\.27$`))
    await name.fill(targetImage)
    const id = await startMirror(visitor)
    const seen = await watchUntilEnd(visitor, jobPanel(visitor, id))

    expect(new Set(seen.percents).size).toBeGreaterThan(4)
    expect(seen.percents).toEqual(seen.percents.toSorted((one, other) => one - other))
    expect(new Set(seen.logLengths).size).toBeGreaterThan(2)
    expect(new Set(seen.layers).size).toBeGreaterThan(4)
    const { panel } = jobPanel(visitor, id)
    await panel.getByText(say("job.result.title", { image: targetImage }), { exact: true }).waitFor()
    const image = sourceImages["library/shop:1.27"]
    expect(image && (await site.target.client.holds("proxy/shop:1.27", image))).toBe(true)

    for (const [button, text] of [
      [say("job.result.reference"), targetImage],
      [say("job.result.pull"), `docker pull ${targetImage}`],
    ] as const) {
      await panel.getByRole("button", { name: button, exact: true }).click()
      await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text)
    }
    await panel.getByRole("button", { name: say("job.result.kubernetes"), exact: true }).click()
    await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toContain(`image: ${site.target.host}/proxy/shop`)
  })

  test("loses nothing when its page is loaded anew, and when the network is gone for a while", async () => {
    const { site } = stage
    const road = await faultProxy(Number(new URL(site.url).port))
    onTestFinished(() => road[Symbol.asyncDispose]())
    const visitor = await stage.visit({ url: road.origin })
    const { page, say } = visitor
    await logIn(visitor)
    await fillMirrorForm(visitor, {
      image: `${await slowSource(2_500_000)}/library/layered:2`,
      address: `${site.target.host}/lost`,
      targetImage: `${site.target.host}/lost/layered:2`,
      ...targetLogin,
    })
    const id = await startMirror(visitor)
    const shown = jobPanel(visitor, id)
    await eventually(shown.percent, patience).toBeGreaterThan(5)

    await page.reload()
    await arrived(visitor)
    await eventually(shown.percent, patience).toBeGreaterThan(10)
    expect((await shown.log())[0]).toBe(say("job.log.queued"))

    visitor.expectProblem(/^request: net::ERR_(CONNECTION_\w+|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|NETWORK_\w+)/)
    await road.close()
    await shown.panel.getByText(say("job.disconnected"), { exact: true }).waitFor()
    const atBreak = await shown.percent()
    await road.listen()
    await eventually(() => shown.panel.getByText(say("job.disconnected"), { exact: true }).count(), patience).toBe(0)
    await eventually(shown.percent, patience).toBeGreaterThan(atBreak ?? 0)
    await shown.panel
      .getByText(say("job.result.title", { image: `${site.target.host}/lost/layered:2` }), { exact: true })
      .waitFor({ timeout: patience.timeoutMs })

    const log = await shown.log()
    await page.goto(`/jobs/${id}`)
    await eventually(shown.log, patience).toEqual(log)
    expect(log.filter((line, at) => log.indexOf(line) !== at)).toEqual([])
  })

  test("says that a password is wrong in the words of the seed, and goes on with the right one", async () => {
    const { site } = stage
    const visitor = await stage.visit({ locale: "zh" })
    const { say } = visitor
    await logIn(visitor)
    const targetImage = `${site.target.host}/retried/tools:3.1`
    await fillMirrorForm(visitor, {
      image: `${site.source.host}/team/tools:3.1`,
      address: `${site.target.host}/retried`,
      targetImage,
      username: targetLogin.username,
      password: "wrong-password",
    })
    const id = await startMirror(visitor)
    const { panel } = jobPanel(visitor, id)
    await panel.getByText("代理失败: 目标仓库认证失败，请检查用户名密码", { exact: true }).waitFor()
    await panel.getByLabel(say("job.login.username"), { exact: true }).fill(targetLogin.username)
    await panel.getByLabel(say("job.login.password"), { exact: true }).fill(targetLogin.password)
    await panel.getByRole("button", { name: say("job.failure.again"), exact: true }).click()
    await panel.getByText(say("job.result.title", { image: targetImage }), { exact: true }).waitFor()
    await panel
      .getByText(say("job.attempt", { attempt: 2 }), { exact: true })
      .first()
      .waitFor()
  })

  test("stops when somebody cancels it, and begins again when somebody wants that", async () => {
    const { site } = stage
    const visitor = await stage.visit()
    const { say } = visitor
    await logIn(visitor)
    await fillMirrorForm(visitor, {
      image: `${await slowSource(1_000_000)}/library/layered:2`,
      address: `${site.target.host}/cancelled`,
      ...targetLogin,
    })
    const id = await startMirror(visitor)
    const shown = jobPanel(visitor, id)
    await eventually(shown.percent, patience).toBeGreaterThan(0)
    await shown.panel.getByRole("button", { name: say("job.cancel"), exact: true }).click()
    await shown.panel.getByText(say("job.state.cancelled"), { exact: true }).first().waitFor()
    await eventually(async () => (await site.client.jobs.get.query({ id })).state).toBe("cancelled")
    await shown.panel.getByRole("button", { name: say("job.retry"), exact: true }).click()
    await eventually(async () => (await site.client.jobs.get.query({ id })).attempts, patience).toBe(2)
    await site.client.jobs.cancel.mutate({ id })
    await shown.panel.getByText(say("job.state.cancelled"), { exact: true }).first().waitFor()
  })
})

/** Everything that a job's bars and log have shown until it was over. */
async function watchUntilEnd({ say }: Visitor, { panel, percent, layers, log }: JobPanel) {
  const seen = { percents: [] as number[], logLengths: [] as number[], layers: [] as string[] }
  const over = panel.getByText(say("job.state.succeeded"), { exact: true }).first()
  await eventually(async () => {
    const value = await percent()
    if (value !== undefined) seen.percents.push(value)
    seen.layers.push(...(await layers()))
    seen.logLengths.push((await log()).length)
    return over.isVisible()
  }, patience).toBe(true)
  return seen
}
