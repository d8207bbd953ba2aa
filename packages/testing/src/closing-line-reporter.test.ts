import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { expect, it } from "vitest"
import { runProgram } from "./real/run-program.ts"

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs")
const here = import.meta.dirname

/** Runs one file of tests in a vitest of its own and gives what it printed. */
async function runTests(text: string, ci: boolean): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "reporter-"))
  try {
    await writeFile(join(root, "a.test.ts"), text)
    const args = [vitest, "run", "--root", root, "--globals", "--reporter", join(here, "closing-line-reporter.ts")]
    const env = { PATH: process.env.PATH, ...(ci ? { CI: "true" } : {}) }
    return await runProgram(process.execPath, args, { env }).then(String, (error: Error) => `${error.message}`)
  } finally {
    await rm(root, { recursive: true })
  }
}

const needsNothingThere = `
import { needs } from ${JSON.stringify(join(here, "real/needs.ts"))}
it("passes", () => {})
it.skip("is skipped", () => {})
describe.skipIf(needs("no-such-program"))("real", () => { it("one", () => {}); it("two", () => {}) })
describe.skipIf(needs("no-such-program"))("real again", () => { it("three", () => {}) })
`

it("ends with what was skipped and why, once each, and with the count", async () => {
  expect(await runTests(needsNothingThere, false)).toBe(
    "skipped what needs no-such-program: not here\n1 passed, 0 failed, 4 skipped\n",
  )
})

it("counts a file that cannot be collected as a failure: in CI nothing real may be skipped", async () => {
  const output = await runTests(needsNothingThere, true)
  expect(output).toContain("exit 1")
  expect(output.endsWith("\n0 passed, 1 failed, 0 skipped\n")).toBe(true)
})
