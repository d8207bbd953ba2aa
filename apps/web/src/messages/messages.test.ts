import { createTranslator } from "next-intl"
import { expect, test } from "vitest"
import { messages } from "./index.ts"

function leaves(value: object, path = ""): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "string" ? [[path + key, inner] satisfies [string, string]] : leaves(inner, `${path}${key}.`),
  )
}

/** Names of arguments and tags; branches of a plural are no arguments, so that only braces of the outermost level count. */
function parts(text: string): string[] {
  const names = new Set([...text.matchAll(/<(\w+)/g)].map(([, name]) => name ?? ""))
  let depth = 0
  for (const [index, character] of [...text].entries()) {
    if (character === "{" && depth++ === 0) names.add(/^\w+/.exec([...text].slice(index + 1).join(""))?.[0] ?? "")
    if (character === "}") depth--
  }
  return [...names].toSorted()
}

const chinese = new Map(leaves(messages.zh))
const english = new Map(leaves(messages.en))

test("both languages say the same things", () => {
  expect([...chinese.keys()].toSorted()).toEqual([...english.keys()].toSorted())
})

test.each([...english.keys()])("%s has the same values in both languages, and can be read", (key) => {
  const [en = "", zh = ""] = [english.get(key), chinese.get(key)]
  expect(en).not.toBe("")
  expect(zh).not.toBe("")
  expect(parts(zh)).toEqual(parts(en))
  for (const locale of ["en", "zh"] as const) {
    const say = createTranslator({
      locale,
      messages: messages[locale],
      onError: (error) => {
        throw error
      },
    })
    expect(say.has(key as Parameters<typeof say.has>[0])).toBe(true)
  }
})

test("Chinese is Chinese: no sentence of it was left in English", () => {
  const untranslated = [...chinese].filter(([key, text]) => text === english.get(key) && / [a-z]+ [a-z]+ /.test(text))
  expect(untranslated).toEqual([])
})
