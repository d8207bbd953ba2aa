import { spawn } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { startApplication } from "@entrepot/server/application-fixture"
import { image, testRegistry } from "@entrepot/testing"
import { build } from "esbuild"
import { expect, onTestFinished, test } from "vitest"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const small = image({ seed: "small" })

/** Runs the example as it stands in the documentation. */
async function runExample(args: readonly string[], env: Readonly<Record<string, string>>) {
  const { outputFiles } = await build({
    entryPoints: [join(root, "docs/examples/mirror-and-watch.ts")],
    alias: { "@entrepot/client": join(root, "packages/client/src/index.ts") },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "silent",
  })
  const child = spawn(process.execPath, ["--input-type=module", "-", ...args], { env, stdio: ["pipe", "pipe", "pipe"] })
  let stdout = ""
  let stderr = ""
  child.stdout.on("data", (data) => (stdout += data))
  child.stderr.on("data", (data) => (stderr += data))
  child.stdin.end(outputFiles[0]?.text)
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve))
  return { code, stdout, stderr }
}

test("the example of the documentation starts a job and tells how it goes", async () => {
  const application = await startApplication()
  onTestFinished(() => application[Symbol.asyncDispose]())
  const source = await testRegistry({ images: { "team/app:1": small } })
  onTestFinished(() => source[Symbol.asyncDispose]())
  const target = await testRegistry()
  onTestFinished(() => target[Symbol.asyncDispose]())
  const env = { ENTREPOT_SERVER: application.url, ENTREPOT_TOKEN: application.token }
  const result = await runExample([`${source.host}/team/app:1`, `${target.host}/mirror`], env)
  expect(result.stderr).toBe("")
  const lines = result.stdout.trimEnd().split("\n")
  expect(lines[0]).toMatch(new RegExp(`^job 1: ${source.host}/team/app:1 -> ${target.host}/mirror/\\S+:1$`))
  expect(lines.slice(1, -1).sort()).toEqual(
    [...small.blobs].map(([digest, { sizeBytes }]) => `  ${digest.slice(7, 19)} ${sizeBytes} bytes`).sort(),
  )
  expect(lines.at(-1)).toBe(`succeeded ${small.descriptor.digest}`)
  expect(result.code).toBe(0)

  const refused = await runExample(["nginx"], { ...env, ENTREPOT_TOKEN: "ept_nobody_0000" })
  expect(refused).toMatchObject({ code: 1, stdout: "" })
  expect(refused.stderr).toContain("this needs a login")
  expect(refused.stderr).toContain("code: 'unauthenticated'")
}, 60_000)
