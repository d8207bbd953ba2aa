import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

const css = readFileSync(new URL("globals.css", import.meta.url), "utf8")

/** Variables of the first rule with that selector. */
function variablesOf(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`)
  expect(start).toBeGreaterThan(-1)
  const rule = css.slice(start, css.indexOf("}", start))
  return new Map([...rule.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name = "", value = ""]) => [name, value]))
}

const light = variablesOf(":root")
const chosen = variablesOf(':root[data-theme="dark"]')
const preferred = variablesOf(':root:not([data-theme="light"])')

test("dark is the same, whether it was chosen here or is what the system prefers", () => {
  expect(chosen.size).toBeGreaterThan(20)
  expect([...preferred]).toEqual([...chosen])
})

test("dark knows no colour that light does not", () => {
  expect([...chosen.keys()].filter((name) => !light.has(name))).toEqual([])
})

test("every colour can be used by its name, and every name has its colour", () => {
  const named = [...css.matchAll(/--color-([\w-]+): var\(--([\w-]+)\);/g)]
  expect(named.filter(([, name, variable]) => name !== variable)).toEqual([])
  expect(named.map(([, name]) => `--${name}`).toSorted()).toEqual([...light.keys()].toSorted())
})
