import { spawn } from "node:child_process"
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test, vi } from "vitest"

// Bundling takes seconds where every core is busy.
vi.setConfig({ testTimeout: 180_000 })

const root = fileURLToPath(new URL("../../../", import.meta.url))

/** A fresh clone: sources and installed packages, nothing built. */
async function clone() {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-clone-"))
  await cp(join(root, "build"), join(directory, "build"), { recursive: true })
  for (const name of ["cli", "client", "core", "db", "server"]) {
    const to = join(directory, "packages", name)
    await mkdir(to, { recursive: true })
    for (const entry of ["src", "package.json", ...(name === "cli" ? ["bin", "build.mjs"] : [])]) {
      await cp(join(root, "packages", name, entry), join(to, entry), { recursive: true })
    }
    await symlink(join(root, "packages", name, "node_modules"), join(to, "node_modules"))
  }
  const cli = join(directory, "packages/cli")
  return {
    cli,
    run: (...args: string[]) => run(join(cli, "bin/entrepot.mjs"), args),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

function run(executable: string, args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [executable, ...args], { env: {} })
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (data) => (stdout += data))
    child.stderr.on("data", (data) => (stderr += data))
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  })
}

test("two first runs at once both build and both work; the next run builds nothing, and a changed source is built again", async () => {
  await using at = await clone()
  const first = { code: 0, stdout: "0.1.0\n", stderr: "entrepot: first run, building …\n" }
  expect(await Promise.all([at.run("--version"), at.run("--version")])).toEqual([first, first])
  expect(await at.run("--version")).toEqual({ ...first, stderr: "" })
  const later = new Date(Date.now() + 1000)
  await utimes(join(at.cli, "src/main.ts"), later, later)
  expect((await at.run("--version")).stderr).toBe("entrepot: the source has changed, building …\n")
  expect((await readdir(join(at.cli, "dist"), { recursive: true })).filter((name) => name.endsWith(".tmp"))).toEqual([])
})

test("a source that cannot be built is named with its line", async () => {
  await using at = await clone()
  await writeFile(join(at.cli, "src/main.ts"), "export const main = (\n")
  const result = await at.run("--version")
  expect(result.code).toBe(1)
  expect(result.stderr).toContain("src/main.ts:2:0")
  expect(result.stderr).toContain(`entrepot: could not be built from ${at.cli}/\n`)
  expect(result.stderr).not.toContain("node:internal")
})
