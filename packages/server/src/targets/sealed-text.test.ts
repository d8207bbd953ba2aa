import { randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import { SealedText } from "./sealed-text.ts"

const binding = { ownerId: 1, id: 7, host: "harbor.example.com", version: 3 }
const [first, second] = [randomBytes(32), randomBytes(32)]

test("what was sealed opens with its binding, and is never the same text twice", () => {
  const seals = new SealedText([first])
  const texts = [seals.seal("pass wörd", binding), seals.seal("pass wörd", binding)]
  expect(texts[0]).toMatch(/^v1\.[0-9a-f]{16}\.[\w-]{80}\.[\w-]+$/)
  expect(texts.map((text) => seals.open(text, binding))).toEqual(["pass wörd", "pass wörd"])
  const parts = texts.map((text) => text.split("."))
  expect(parts[0]?.[2]).not.toBe(parts[1]?.[2])
  expect(parts[0]?.[3]).not.toBe(parts[1]?.[3])
})

test.each([
  ["another owner", { ...binding, ownerId: 2 }],
  ["another row", { ...binding, id: 8 }],
  ["another host", { ...binding, host: "evil.example.com" }],
  ["the same host at another port", { ...binding, host: "harbor.example.com:8443" }],
  ["another version", { ...binding, version: 4 }],
  ["numbers that read alike side by side", { ownerId: 17, id: 7, host: "harbor.example.com", version: 3 }],
])("it does not open for %s", (_, other) => {
  const seals = new SealedText([first])
  expect(seals.open(seals.seal("secret", binding), other)).toBeUndefined()
})

test("a password of any length and script opens", () => {
  const seals = new SealedText([first])
  for (const plain of ["x", "密".repeat(8192), "\u{1f600}".repeat(4096), "a\0b\n"]) {
    expect(seals.open(seals.seal(plain, binding), binding)).toBe(plain)
  }
})

test.each(["secret", "secre", "secr"])("%s does not open after any change of any character", (plain) => {
  const seals = new SealedText([first])
  const text = seals.seal(plain, binding)
  for (let at = 0; at < text.length; at++) {
    for (const other of ["A", "B", "Q", "R"]) {
      if (text[at] === other) continue
      const changed = text.slice(0, at) + other + text.slice(at + 1)
      expect(seals.open(changed, binding), `${other} at ${at}`).toBeUndefined()
    }
  }
  expect(seals.open(`${text}A`, binding)).toBeUndefined()
  expect(seals.open(text.slice(0, -1), binding)).toBeUndefined()
  expect(seals.open("", binding)).toBeUndefined()
})

test("the first key seals, all open, and what is not among them does not", () => {
  const old = new SealedText([first]).seal("secret", binding)
  const both = new SealedText([second, first])
  expect(both.open(old, binding)).toBe("secret")
  const renewed = both.seal("secret", binding)
  expect(new SealedText([second]).open(renewed, binding)).toBe("secret")
  expect(new SealedText([first]).open(renewed, binding)).toBeUndefined()
})

test("halves of two seals make none", () => {
  const seals = new SealedText([first])
  const [a = [], b = []] = [seals.seal("one", binding), seals.seal("two", binding)].map((text) => text.split("."))
  expect(seals.open([a[0], a[1], a[2], b[3]].join("."), binding)).toBeUndefined()
})

test("without a master key nothing is sealed", () => {
  const seals = new SealedText([])
  expect(seals.canSeal).toBe(false)
  expect(() => seals.seal("secret", binding)).toThrow("there is no master key to seal with")
})
