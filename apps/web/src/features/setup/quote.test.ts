import { expect, test } from "vitest"
import { quoted, quotedList, shellWord } from "./quote.ts"

test("S18: nothing in a text ends the string that it stands in", () => {
  expect(quoted('a"b\\c\nd\u007fe')).toBe('"a\\"b\\\\c\\nd\\u007fe"')
  expect(quotedList(["a", '"]'])).toBe('["a", "\\"]"]')
})

test.each([
  ["mirror.example.com:8443", "mirror.example.com:8443"],
  ["", "''"],
  ["a b", "'a b'"],
  ["a'; rm -rf /; '", "'a'\\''; rm -rf /; '\\'''"],
  ["$(id)", "'$(id)'"],
  ["~ann", "'~ann'"],
  ["用户", "'用户'"],
])("S18: %s is one word of a shell", (text, word) => {
  expect(shellWord(text)).toBe(word)
})
