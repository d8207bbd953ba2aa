import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { formatBytes } from "@entrepot/core/progress"
import { artifact, dockerDaemon, image, index, needs, RegistryClient, skopeo } from "@entrepot/testing"
import type { Locator } from "playwright-core"
import { beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { arrived, carrySession, enterPassword, logIn } from "./log-in.fixture.ts"
import { sourceImages } from "./source-images.fixture.ts"
import { stageFor } from "./stage.fixture.ts"
import { basicOf, storeLongAgo } from "./stored-long-ago.fixture.ts"

const hourMs = 3_600_000
const insecure = ["--src-tls-verify=false", "--dest-tls-verify=false"]

/** Small enough for its numbers to be counted: a configuration and two layers. */
const oldImage = image({ seed: "of long ago", layers: [{ sizeBytes: 30_000 }, { sizeBytes: 20_000 }] })
const multiArch = sourceImages["library/shop:1.27"] ?? oldImage
const sbom = artifact({ artifactType: "application/spdx+json", blobs: ["{}"], subject: multiArch })

const [picture, script] = [`<img src=x onerror="window.hacked=1">`, `"><script>window.hacked=1</script>`] as const

describe.skipIf(lacksBrowser || needs("skopeo", "dockerd", "docker", "root"))(
  "images that are stored here, by what clients do",
  () => {
    let login = ""
    const stage = stageFor({
      prepare: async (directory) => {
        login = await storeLongAgo(directory, { projects: { attic: oldImage }, agoMs: 3 * hourMs })
      },
    })
    const host = () => new URL(stage.site.url).host
    const pusher = () => new RegistryClient({ origin: stage.site.url, authorization: () => basicOf(login) })
    const inspect = (name: string) => skopeo("inspect", "--tls-verify=false", `docker://${host()}/${name}`)

    beforeAll(async () => {
      const { client, source } = stage.site
      await client.projects.create.mutate({ name: "shop", isPublic: true })
      for (const tag of ["1.27", "stable"]) {
        const [from, to] = [`docker://${source.host}/library/shop:1.27`, `docker://${host()}/shop/front:${tag}`]
        await skopeo("copy", "--all", ...insecure, "--dest-creds", login, from, to)
      }
      await pusher().push("shop/front", sbom)
    })

    async function open(path: string, options: Parameters<typeof stage.visit>[0] = {}): Promise<Visitor> {
      const visitor = await stage.visit(options)
      await carrySession(stage.site, visitor)
      await visitor.page.goto(path)
      await arrived(visitor)
      return visitor
    }

    async function confirm({ page }: Visitor, action: string): Promise<void> {
      await page.getByRole("dialog").getByRole("button", { name: action, exact: true }).click()
      await page.getByRole("dialog").waitFor({ state: "hidden" })
    }

    /** What the newest run of a kind has found, once it has ended. */
    async function ended({ page, say }: Visitor, kind: "garbage" | "scrub"): Promise<Locator> {
      const run = page
        .getByRole("list", { name: say("cache.history"), exact: true })
        .getByRole("listitem")
        .filter({ hasText: say(`cache.kinds.${kind}.title`) })
        .filter({ hasText: say("cache.standing.done") })
        .first()
      await run.waitFor()
      return run
    }

    test("an image that skopeo pushed has its platforms, layers, size and referrers, and Docker takes the command beside it as it stands", async () => {
      const visitor = await stage.visit()
      const { page, say } = visitor
      await logIn(visitor, "/projects")
      await page.getByRole("link", { name: "shop", exact: true }).click()
      await page.getByRole("link", { name: "front", exact: true }).click()
      const row = page.getByRole("listitem", { name: "1.27", exact: true })
      for (const platform of ["linux/amd64", "linux/arm64", "linux/arm/v7"])
        await row.getByText(platform, { exact: true }).waitFor()
      await row.getByText(say("projects.referrerCount", { count: 1 }), { exact: true }).waitFor()
      await row.getByRole("button", { name: say("projects.copyPull", { client: "docker" }), exact: true }).click()
      const command = await page.evaluate(() => navigator.clipboard.readText())
      expect(command).toBe(`docker pull ${host()}/shop/front:1.27`)

      await row.getByRole("link", { name: "1.27", exact: true }).click()
      await page.getByText(multiArch.descriptor.digest, { exact: true }).waitFor()
      await page.getByText("linux/amd64", { exact: true }).click()
      const layers = page.getByRole("table", { name: say("projects.layersOf", { platform: "linux/amd64" }), exact: true })
      const [, ...rows] = await layers.getByRole("row").allInnerTexts()
      const shown = rows.map((text) => text.split(/\s*\t\s*/).slice(1, 3))
      expect(shown).toEqual([900, 700, 12].map((kib) => [formatBytes(kib * 1024), say("projects.isHere")]))
      const referrer = page.getByRole("list", { name: say("projects.referrers"), exact: true }).getByRole("listitem")
      expect(await referrer.textContent()).toContain("application/spdx+json")
      expect(await referrer.textContent()).toContain(formatBytes(sbom.descriptor.size))

      const daemon = await dockerDaemon()
      onTestFinished(() => daemon[Symbol.asyncDispose]())
      const [, ...words] = command.split(" ")
      expect(String(await daemon.docker(words))).toContain(`Digest: ${multiArch.descriptor.digest}`)
    })

    test("a tag that is removed on the page is gone for skopeo, and the image's other tag stays", async () => {
      const visitor = await open("/projects/shop/front", { locale: "zh" })
      const { page, say } = visitor
      await page.getByRole("button", { name: say("projects.removeTag", { tag: "1.27" }), exact: true }).click()
      await page.getByText(say("projects.removal.tag.others", { tags: "stable" }), { exact: true }).waitFor()
      await confirm(visitor, say("projects.removal.tag.action"))
      await eventually(() => page.getByRole("listitem", { name: "1.27", exact: true }).count()).toBe(0)
      await page.getByRole("listitem", { name: "stable", exact: true }).waitFor()
      await expect(inspect("shop/front:1.27")).rejects.toThrow(/manifest unknown/)
      expect(JSON.parse(String(await inspect("shop/front:stable")))).toMatchObject({ Digest: multiArch.descriptor.digest })
    })

    test("garbage collection that is started on the page finds what was removed on the page", async () => {
      const visitor = await open("/projects/attic/old", { locale: "zh" })
      const { page, say } = visitor
      await page.getByRole("button", { name: say("projects.removeRepository"), exact: true }).click()
      await confirm(visitor, say("projects.removal.repository.action"))
      await page.waitForURL(/\/projects\/attic$/)
      await page.goto("/cache")
      await arrived(visitor)
      await page.getByRole("button", { name: say("cache.kinds.garbage.start"), exact: true }).click()
      const run = await ended(visitor, "garbage")
      await run.getByText(say("cache.found.blobs", { count: oldImage.blobs.size }), { exact: true }).waitFor()
      const bytes = [...oldImage.blobs.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
      await run.getByText(formatBytes(bytes), { exact: true }).waitFor()
    })

    test("fault 45: a scrub that is started on the page finds the blob whose file was damaged, and where it is missed", async () => {
      const [layer = ""] = [...(multiArch.children[0]?.blobs.keys() ?? [])].slice(-1)
      await damage(stage.site.dataDirectory, layer)
      const visitor = await open("/cache")
      const { page, say } = visitor
      await page.getByRole("button", { name: say("cache.kinds.scrub.start"), exact: true }).click()
      const run = await ended(visitor, "scrub")
      await run.getByText(say("cache.found.wrong", { count: 1 }), { exact: true }).waitFor()
      const wrong = run.getByRole("list", { name: say("cache.wrongBlobs"), exact: true }).getByRole("listitem")
      expect(await wrong.allInnerTexts()).toEqual([`${layer} ${say("cache.inRepositories", { names: "shop/front" })}`])
    })

    test("S18: annotations, media types and platforms with markup in them are shown as texts, or not at all", async () => {
      const platform = { os: "linux", architecture: picture }
      const odd = image({ seed: "odd", platform, annotations: { [script]: picture } })
      const annotations = { [picture]: script }
      const chart = artifact({
        artifactType: "application/x-odd",
        blobs: ["odd"],
        blobMediaType: script,
        subject: odd,
        annotations,
      })
      await pusher().push("shop/odd:image", index([odd]))
      await pusher().push("shop/odd:single", odd)
      await pusher().push("shop/odd:chart", chart)
      const visitor = await open("/projects/shop/odd")
      const { page, say } = visitor
      const views = [
        { tag: "image", texts: { [say("projects.platformUnknown")]: 1 } },
        { tag: "single", texts: { [script]: 1, [picture]: 1, [`${picture}: ${script}`]: 1 } },
        { tag: "chart", texts: { [script]: 2, [picture]: 1 } },
      ] as const
      for (const { tag, texts } of views) {
        await page.goto("/projects/shop/odd")
        await page.getByRole("link", { name: tag, exact: true }).click()
        await page.getByRole("region", { name: say("projects.image"), exact: true }).waitFor()
        for (const [text, times] of Object.entries(texts)) {
          await eventually(() => page.getByText(text, { exact: true }).count()).toBe(times)
        }
        expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined()
        expect(await page.locator('img[src="x"], [onerror], [onload]').count()).toBe(0)
      }
    })

    test("S13: an operator sees neither others' private projects nor what is in them", async () => {
      const { client } = stage.site
      await client.projects.create.mutate({ name: "vault" })
      await pusher().push("vault/app:1", oldImage)
      const password = "operators may do this"
      await client.accounts.users.create.mutate({ name: "olga", role: "operator", password })
      const visitor = await stage.visit()
      const { page, say, expectProblem } = visitor
      expectProblem(/^answer: (?:404|207) .*registry\.(?:repositories|tags)/)
      await page.goto("/login?next=%2Fprojects")
      await enterPassword(visitor, "olga", password)
      await page.getByRole("link", { name: "shop", exact: true }).waitFor()
      expect(await page.getByRole("link", { name: "vault", exact: true }).count()).toBe(0)
      expect(await page.getByRole("button", { name: say("projects.add"), exact: true }).count()).toBe(0)
      await page.goto("/projects/vault/app")
      await page.getByText(say("projects.repositoryMissing"), { exact: true }).waitFor()
      await page.goto("/cache")
      await page.getByText(say("cache.adminsOnly"), { exact: true }).waitFor()
    })
  },
)

/** Changes one byte of a blob's file, and not its length. */
async function damage(dataDirectory: string, digest: string): Promise<void> {
  const name = digest.replace("sha256:", "")
  const files = await readdir(dataDirectory, { recursive: true })
  const [path, ...others] = files.filter((file) => file.endsWith(`/${name}`))
  if (path === undefined || others.length > 0) throw new Error(`${digest} is not one file of ${dataDirectory}`)
  const bytes = await readFile(join(dataDirectory, path))
  bytes[0] = (bytes[0] ?? 0) ^ 1
  await writeFile(join(dataDirectory, path), bytes)
}
