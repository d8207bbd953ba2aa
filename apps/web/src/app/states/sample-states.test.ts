import { readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { expect, test } from "vitest"
import { filled, sampleStates } from "../../../development/states/sample-states.ts"

const features = resolve(import.meta.dirname, "../../features")

/** Paths of procedures that pages ask by themselves, without being pressed. */
function askedPaths(): string[] {
  const texts = readdirSync(features, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
  return texts.flatMap((text) => [...text.matchAll(/\btrpc\.([\w.]+)\.queryOptions\(/g)].map(([, path]) => path ?? ""))
}

test.each(Object.entries(sampleStates))("%s can be seen filled, empty, while it loads, and when it is refused", (_, states) => {
  expect(Object.keys(states)).toEqual(expect.arrayContaining(["filled", "empty", "loading", "error"]))
})

test("every question of a page has a sample of an answer", () => {
  const asked = askedPaths()
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter((path) => !(path in filled))).toEqual([])
})

test("every page of the application can be seen", () => {
  const pages = readdirSync(resolve(import.meta.dirname, "../(pages)"), { withFileTypes: true, recursive: true })
    .filter(({ name }) => name === "page.tsx")
    .flatMap(({ parentPath }) => /\(pages\)\/([\w-]+)/.exec(parentPath)?.[1] ?? "mirror")
  expect([...new Set(pages)].filter((page) => !(page in sampleStates))).toEqual([])
})
