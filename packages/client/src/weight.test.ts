import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { build } from "esbuild"
import { expect, onTestFinished, test } from "vitest"

const run = promisify(execFile)
const source = fileURLToPath(new URL(".", import.meta.url))
const root = join(source, "../../..")

/** A program of somebody's own that uses the client. */
async function program(): Promise<string> {
  const directory = await mkdtemp(join(root, "packages/client/.weight-"))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  await writeFile(
    join(directory, "tool.ts"),
    `import { createEntrepotClient } from "@entrepot/client"
const client = createEntrepotClient({ url: "https://mirror.example.com", token: "x" })
const job = await client.jobs.get.query({ id: 1 })
export const state: "queued" | "waiting" | "running" | "succeeded" | "failed" | "cancelled" = job.state
// @ts-expect-error there is no such property
export const nothing = job.nothing
`,
  )
  await writeFile(
    join(directory, "tsconfig.json"),
    JSON.stringify({ extends: join(root, "tsconfig.base.json"), include: ["tool.ts"] }),
  )
  return directory
}

test("whoever uses the client loads neither database nor pages with its types", async () => {
  const directory = await program()
  const tsc = createRequire(join(source, "../package.json")).resolve("typescript/package.json").replace("package.json", "bin/tsc")
  const { stdout } = await run(process.execPath, [tsc, "--noEmit", "--listFiles", "-p", directory], { maxBuffer: 1 << 26 })
  const files = stdout.split("\n")
  expect(files.some((file) => file.endsWith("packages/server/src/api/router.ts"))).toBe(true)
  const heavy = /\/node_modules\/(drizzle-orm|better-sqlite3|@types\/better-sqlite3|pg|@types\/pg|next|react|pino)\//
  expect(files.filter((file) => heavy.test(file))).toEqual([])
}, 60_000)

test("the client is a small bundle for browsers, without anything of Node or of the server", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(source, "index.ts")],
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    logLevel: "silent",
  })
  const inputs = Object.keys(metafile.inputs)
  expect(inputs.filter((path) => /^node:|packages\/(server|db)\//.test(path))).toEqual([])
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([])
  expect(outputFiles[0]?.contents.length).toBeLessThan(64 * 1024)
})
