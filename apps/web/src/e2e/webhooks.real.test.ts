import { createHmac } from "node:crypto"
import { createServer, type IncomingHttpHeaders } from "node:http"
import { text } from "node:stream/consumers"
import { listenOnLoopback } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { lacksBrowser } from "./browser.fixture.ts"
import { finishedJob } from "./busy-site.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { arrived, logIn } from "./log-in.fixture.ts"
import { targetLogin } from "./site.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const secret = "a secret that was agreed upon"
const hostile = '<img src=x onerror="window.hacked=1">'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What it answers next, and what it was sent. */
interface Receiver {
  readonly url: string
  readonly received: Received[]
  status: number
  close(): Promise<void>
}

async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const { origin, close } = await listenOnLoopback(
    createServer(async (request, response) => {
      received.push({ headers: request.headers, body: await text(request) })
      response.writeHead(receiver.status).end(hostile)
    }),
  )
  const receiver: Receiver = { url: `${origin}/hooks?token=of-a-bot`, received, status: 200, close }
  return receiver
}

describe.skipIf(lacksBrowser)("webhooks, and what is typed on the set-up page", () => {
  const stage = stageFor()
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await openReceiver()
  })
  afterAll(() => receiver?.close())

  test("somebody is told of a test and of a job that failed, signed; what failed is seen and sent again", async () => {
    const visitor = await stage.visit()
    const { page, say } = visitor
    await logIn(visitor, "/settings/webhooks")
    await page.getByText(say("webhooks.none"), { exact: true }).waitFor()
    await page.getByRole("button", { name: say("webhooks.add"), exact: true }).click()
    const form = page.getByRole("dialog")
    await form.getByLabel(say("webhooks.name"), { exact: true }).fill(hostile)
    await form.getByLabel(say("webhooks.format"), { exact: true }).selectOption("standard")
    await form.getByLabel(say("webhooks.url"), { exact: true }).fill(receiver.url)
    await form.getByLabel(say("webhooks.secret"), { exact: true }).fill(secret)
    await form.getByRole("button", { name: say("common.save"), exact: true }).click()
    const row = page.getByRole("listitem", { name: hostile, exact: true })
    await row.waitFor()

    receiver.status = 503
    await row.getByRole("button", { name: say("webhooks.test"), exact: true }).click()
    await row.getByText(say("webhooks.tested")).waitFor()
    await row.getByText("HTTP 503", { exact: true }).first().waitFor()
    expect(JSON.parse(receiver.received[0]?.body ?? "{}")).toMatchObject({ type: "test" })

    receiver.status = 200
    receiver.received.length = 0
    const { client, source, target } = stage.site
    const login = { ...targetLogin, password: "wrong" }
    const id = await finishedJob(client, {
      image: `${source.host}/team/tools:3.1`,
      target: { address: `${target.host}/told`, ...login },
    })
    await eventually(() => receiver.received.map(({ body }) => JSON.parse(body).type)).toContain("job.failed")
    const told = receiver.received.find(({ body }) => JSON.parse(body).type === "job.failed")
    expect(JSON.parse(told?.body ?? "{}").data).toMatchObject({ job_id: id, error: { code: "unauthorized" } })
    const { headers, body } = told ?? { headers: {}, body: "" }
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`
    expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", secret).update(signed).digest("base64")}`)

    const entry = page
      .getByRole("list", { name: say("webhooks.log"), exact: true })
      .getByRole("listitem")
      .filter({ hasText: say("webhooks.events.jobFailed") })
    await entry.getByText(say("webhooks.states.delivered"), { exact: true }).waitFor()
    await entry.getByRole("button", { name: say("webhooks.details"), exact: true }).click()
    const dialog = page.getByRole("dialog")
    const shown = await dialog.getByRole("region", { name: say("webhooks.body"), exact: true }).textContent()
    expect(JSON.parse(shown ?? "")).toMatchObject({ type: "job.failed", data: { job_id: id } })
    receiver.received.length = 0
    await dialog.getByRole("button", { name: say("webhooks.sendAgain"), exact: true }).click()
    await eventually(() => receiver.received.some(({ body }) => JSON.parse(body).type === "job.failed")).toBe(true)

    // S18 and S19: names are texts, and neither address nor secret comes back.
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined()
    await page.reload()
    await arrived(visitor)
    await row.getByRole("button", { name: say("common.edit"), exact: true }).click()
    await form.getByLabel(say("webhooks.url"), { exact: true }).waitFor()
    const html = await page.evaluate(() => document.documentElement.outerHTML)
    for (const kept of [secret, "of-a-bot"]) expect(html).not.toContain(kept)
    await page.keyboard.press("Escape")
    await row.getByRole("button", { name: say("common.remove"), exact: true }).click()
    await form.getByRole("button", { name: say("webhooks.removeAction"), exact: true }).click()
    await page.getByText(say("webhooks.none"), { exact: true }).waitFor()
  })

  test("S18: a typed address reaches no file before it reads as one, and stays a text", async () => {
    const visitor = await stage.visit()
    const { page, say } = visitor
    await logIn(visitor, "/setup")
    const address = page.getByLabel(say("setup.address"), { exact: true })
    const files = page.getByRole("main").locator("pre")
    const before = await files.allTextContents()
    expect(before.join()).toContain(new URL(stage.site.url).host)
    for (const typed of [
      hostile,
      `http://a"]${hostile}`,
      "https://a.example/$(id)",
      "https://x;reboot.example",
      "javascript:window.hacked=1",
    ]) {
      await address.fill(typed)
      await page.getByText(say("setup.addressFirst"), { exact: true }).waitFor()
      expect([typed, await files.count()]).toEqual([typed, 0])
    }
    await address.fill("https://mirror.example.com")
    await page.getByLabel(say("setup.login"), { exact: false }).first().check()
    await page.getByLabel(say("setup.user"), { exact: true }).fill(`'; reboot; "${hostile}`)
    await page.getByRole("radio", { name: say("setup.clients.k3s"), exact: true }).check()
    const yaml = await files.first().textContent()
    expect(yaml).toContain(`      username: "'; reboot; \\"<img src=x onerror=\\"window.hacked=1\\">"\n`)
    await page.getByRole("radio", { name: say("setup.clients.docker"), exact: true }).check()
    await page.getByText(`docker login --username ''\\''; reboot; "${hostile}' mirror.example.com`).waitFor()
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined()
    expect(await page.locator('img[src="x"], [onerror]').count()).toBe(0)
  })
})
