import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { Setting } from "./setting.ts"
import { commandLineVariables, settings } from "./settings.ts"

const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8")
const example = read(".env.example")
const all: readonly Setting<unknown>[] = Object.values(settings)

test(".env.example has every variable that is read, and no other", () => {
  const documented = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name)
  expect(documented.toSorted()).toEqual([...all.map(({ variable }) => variable), ...commandLineVariables].toSorted())
})

test(".env.example names every key of config.toml", () => {
  const bracketed = [...example.matchAll(/\[([a-z_]+\.[^\]"]*)\]/g)].flatMap(([, keys]) => keys?.match(/[a-z]+\.[a-z_]+/g) ?? [])
  const keys = all.flatMap(({ key }) => (key === undefined ? [] : [key]))
  expect(bracketed.toSorted()).toEqual(keys.toSorted())
})

test("copied as it stands, .env.example sets nothing", () => {
  expect(example.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([])
})

test("the variables of the command line are those it reads", () => {
  const source = read("packages/cli/src/environment.ts")
  const own = [...source.matchAll(/variables\.((?:ENTREPOT|MIRROR)_[A-Z_]+)/g)].map(([, name]) => name)
  const known = [...commandLineVariables, ...all.map(({ variable }) => variable)]
  expect([...new Set(own)].filter((name) => name !== undefined && !known.includes(name))).toEqual([])
})
