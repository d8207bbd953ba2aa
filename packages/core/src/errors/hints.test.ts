import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { describeHint } from "./hints.ts"

const packages = fileURLToPath(new URL("../../../", import.meta.url))

/** Every hint that stands as one literal behind `hint:` in the sources. */
async function hintsInSources(): Promise<string[]> {
  const hints: string[] = []
  for (const name of ["core", "cli", "server"]) {
    for (const path of await readdir(join(packages, name, "src"), { recursive: true })) {
      if (!path.endsWith(".ts") || /\.(test|fixture)\.ts$|(cases|examples)\.ts$/.test(path)) continue
      const source = await readFile(join(packages, name, "src", path), "utf8")
      for (const [, hint = ""] of source.matchAll(/(?<!")\bhint(?::| =)\s+"((?:[^"\\]|\\.)*)"/gi))
        hints.push(JSON.parse(`"${hint}"`))
    }
  }
  return hints
}

test("every hint has its Chinese", async () => {
  const hints = await hintsInSources()
  expect(hints.length).toBeGreaterThan(50)
  expect(hints.filter((hint) => describeHint(hint, "zh") === hint)).toEqual([])
})

test("names inside a hint stay as they are, whatever they hold", () => {
  expect(describeHint('did you mean "a$1b:1"?', "zh")).toBe('您是不是想输入 "a$1b:1"？')
  expect(describeHint("it has linux/amd64, linux/arm64", "zh")).toBe("现有：linux/amd64, linux/arm64")
  expect(describeHint("constructor", "zh")).toBe("constructor")
  expect(describeHint("check the path", "en")).toBe("check the path")
})
