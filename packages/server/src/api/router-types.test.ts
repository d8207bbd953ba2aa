import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { promisify } from "node:util"
import { expect, onTestFinished, test } from "vitest"

const root = resolve(import.meta.dirname, "../../../..")

/** Packages and files that a program needs which names nothing but the router's type. */
async function filesBehind(statement: string): Promise<readonly string[]> {
  const directory = await mkdtemp(join(import.meta.dirname, "../../node_modules/types-"))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  await writeFile(join(directory, "program.ts"), statement)
  const compilerOptions = { typeRoots: [join(root, "node_modules/@types")] }
  const configuration = { extends: join(root, "tsconfig.base.json"), files: ["program.ts"], compilerOptions }
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(configuration))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "--listFilesOnly", "-p", directory],
    {
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  return stdout.split("\n")
}

const heavy =
  /node_modules\/(?:\.pnpm\/)?(?:drizzle-orm|better-sqlite3|@types\+better-sqlite3|pg|@types\+pg|pino|next|react|dockerode)@?[\d./]/

test("the router's type drags in neither database drivers nor web framework nor logger", async () => {
  const files = await filesBehind('import type { AppRouter } from "@entrepot/server/router"\nexport type Router = AppRouter\n')
  expect(files.some((file) => file.endsWith("packages/server/src/api/router.ts"))).toBe(true)
  expect(files.filter((file) => heavy.test(file))).toEqual([])
})

test("the rule sees what it speaks of", async () => {
  const files = await filesBehind('export { createRuntime } from "@entrepot/server"\n')
  expect(files.some((file) => heavy.test(file))).toBe(true)
})
