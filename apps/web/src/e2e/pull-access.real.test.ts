import { type DockerDaemon, dockerDaemon, needs, runnableImage, type TestRegistry, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { carrySession, logIn } from "./log-in.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

/** What image names call it; nobody dials it. */
const registry = "registry.example.com"

describe.skipIf(lacksBrowser || needs("dockerd", "docker", "root"))(
  "who may pull, as said on the pages, to a docker of its own",
  () => {
    const stage = stageFor()
    let upstream: TestRegistry
    let daemon: DockerDaemon
    beforeAll(async () => {
      const images = Object.fromEntries(["helloz/app:1", "team/app:1"].map((name) => [name, runnableImage({ message: name })]))
      ;[upstream, daemon] = await Promise.all([testRegistry({ images }), dockerDaemon()])
      await stage.site.client.upstreams.create.mutate({ name: "elsewhere", registry, url: upstream.origin })
    })
    afterAll(async () => {
      await daemon?.[Symbol.asyncDispose]()
      await upstream?.close()
    })

    const host = () => new URL(stage.site.url).host
    const pull = (path: string) => daemon.docker(["pull", "--quiet", `${host()}/${registry}/${path}`])
    const login = (user: string, password: string) =>
      daemon.docker(["login", "--username", user, "--password-stdin", host()], Buffer.from(password))
    const refused = /unauthorized|denied|may require 'docker login'/

    async function tryOnPage({ page, say }: Visitor, image: string): Promise<void> {
      const tester = page.getByRole("region", { name: say("whitelist.tester"), exact: true })
      await tester.getByLabel(say("whitelist.image"), { exact: true }).fill(image)
      await tester.getByRole("button", { name: say("whitelist.try"), exact: true }).click()
    }

    test("an entry of the whitelist opens what it names and closes the rest; without it, that is closed too", async () => {
      const visitor = await stage.visit()
      const { page, say } = visitor
      await pull("team/app:1")
      await logIn(visitor, "/whitelist")
      const tester = page.getByRole("region", { name: say("whitelist.tester"), exact: true })
      await tryOnPage(visitor, `docker pull ${host()}/${registry}/team/app:1`)
      await tester.getByText(say("whitelist.reasons.open"), { exact: true }).waitFor()
      const rules = page.getByRole("region", { name: say("whitelist.rules.allow"), exact: true })
      const prefix = `${registry}/helloz`
      await rules.getByLabel(say("whitelist.newRule.allow"), { exact: true }).fill(prefix)
      await rules.getByText(say("whitelist.firstRule"), { exact: true }).waitFor()
      const examples = await rules.getByText(say("whitelist.admits")).locator(".font-mono").allTextContents()
      const [miss = ""] = await rules.getByText(say("whitelist.misses")).locator(".font-mono").allTextContents()
      await rules.getByRole("button", { name: say("whitelist.add.allow"), exact: true }).click()
      const remove = rules.getByRole("button", { name: say("whitelist.remove", { prefix }), exact: true })
      await remove.waitFor()

      await pull("helloz/app:1")
      await expect(pull("team/app:1")).rejects.toThrow(refused)
      // The question that was asked is answered anew.
      await tester.getByText(say("whitelist.reasons.login"), { exact: true }).waitFor()
      expect(examples.length).toBe(2)
      for (const image of [`${registry}/helloz/app:1`, ...examples]) {
        await tryOnPage(visitor, image)
        await tester
          .getByText(image.replace(/:[^:/]*$/, ""), { exact: true })
          .last()
          .waitFor()
        await tester.getByText(say("whitelist.isLetIn"), { exact: true }).waitFor()
      }
      await tryOnPage(visitor, miss)
      await tester.getByText(miss, { exact: true }).waitFor()
      await tester.getByText(say("whitelist.isKeptOut"), { exact: true }).waitFor()

      await remove.click()
      await page.getByRole("button", { name: say("whitelist.removeAction"), exact: true }).click()
      await remove.waitFor({ state: "detached" })
      await expect(pull("helloz/app:1")).rejects.toThrow(refused)
    })

    test("a user that was made on the page logs in with docker and pulls, and neither once it is disabled there", async () => {
      await stage.site.client.accessRules.setMode.mutate({ open: false })
      const visitor = await stage.visit({ locale: "zh", width: 360 })
      const { page, say } = visitor
      await carrySession(stage.site, visitor)
      await page.goto("/pull-users")
      await page.getByRole("button", { name: say("pullUsers.add"), exact: true }).click()
      const dialog = page.getByRole("dialog", { name: say("pullUsers.add"), exact: true })
      await dialog.getByLabel(say("pullUsers.name"), { exact: true }).fill("ci")
      await dialog.getByRole("button", { name: say("pullUsers.make"), exact: true }).click()
      const password = await dialog.getByLabel(say("pullUsers.passwordOf", { name: "ci" }), { exact: true }).inputValue()
      const command = await dialog.getByLabel(say("pullUsers.command"), { exact: true }).inputValue()
      await dialog.getByRole("button", { name: say("pullUsers.done"), exact: true }).click()
      expect(password).toMatch(/^\w{24}$/)
      expect(command).toMatch(/^docker login \S+ -u ci$/)

      await expect(login("ci", `${password}x`)).rejects.toThrow("incorrect user name or password")
      await login("ci", password)
      await pull("team/app:1")

      const row = page.getByRole("listitem", { name: "ci", exact: true })
      await row.getByRole("switch", { name: say("pullUsers.mayLogIn", { name: "ci" }), exact: true }).click()
      await row.getByText(say("pullUsers.disabled"), { exact: true }).waitFor()
      await expect(pull("team/app:1")).rejects.toThrow(refused)
      await expect(login("ci", password)).rejects.toThrow("incorrect user name or password")
      await row.getByRole("button", { name: say("pullUsers.remove", { name: "ci" }), exact: true }).click()
      await page.getByRole("button", { name: say("pullUsers.removeAction"), exact: true }).click()
      await page.getByText(say("pullUsers.none"), { exact: true }).waitFor()
    })
  },
)
