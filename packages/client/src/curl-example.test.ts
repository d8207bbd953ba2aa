import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { startApplication } from "@entrepot/server/application-fixture"
import { image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"

const run = promisify(execFile)
const page = fileURLToPath(new URL("../../../docs/examples/curl.md", import.meta.url))
const hasCurl = await run("curl", ["--version"]).then(
  () => true,
  () => false,
)

/** The blocks of the page that a shell can run, in their order. */
async function commands(): Promise<string[]> {
  return [...(await readFile(page, "utf8")).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = ""]) => text)
}

test.skipIf(!hasCurl)(
  "the requests of the curl page bring an image, tell how it goes, and find it again",
  async () => {
    const application = await startApplication()
    onTestFinished(() => application[Symbol.asyncDispose]())
    const source = await testRegistry({ images: { "team/app:1": image({ seed: "small" }) } })
    onTestFinished(() => source[Symbol.asyncDispose]())
    const target = await testRegistry()
    onTestFinished(() => target[Symbol.asyncDispose]())
    const env = {
      PATH: process.env.PATH ?? "",
      ENTREPOT_SERVER: application.url,
      ENTREPOT_TOKEN: application.token,
      IMAGE: `${source.host}/team/app:1`,
      TARGET: `${target.host}/mirror`,
    }
    const answers: string[] = []
    for (const command of await commands()) answers.push((await run("sh", ["-c", command], { env, timeout: 20_000 })).stdout)
    const [started = "", events = "", job = "", history = ""] = answers
    expect(JSON.parse(started)).toMatchObject({ success: true, job: { id: 1 } })
    expect(events).toMatch(/^id: 1$/m)
    expect(events).toContain("succeeded")
    expect(JSON.parse(job)).toMatchObject({ success: true, job: { id: 1, source_image: env.IMAGE } })
    expect(history).toContain(env.IMAGE)
  },
  60_000,
)
