import { expect, test } from "vitest"
import { findImages } from "./index.ts"

/** An eighth of what is allowed: what takes quadratic time shows, and what does not is done quickly. */
const size = 128 * 1024
const fill = (piece: string) => piece.repeat(Math.floor(size / piece.length))

/** Aliases of aliases: a page of text that would unfold to gigabytes. */
function bomb(levels: number, width: number): string {
  const lines = ["a0: &a0 {containers: [{image: nginx}]}"]
  for (let level = 1; level <= levels; level++) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: width }, () => `*a${level - 1}`).join(", ")}]`)
  }
  return lines.join("\n")
}

function mergeChain(length: number): string {
  const maps = Array.from({ length }, (_, i) => `m${i}: &m${i} {${i === 0 ? "" : `<<: *m${i - 1}, `}k${i}: 1}`)
  return maps.join("\n")
}

const hostile: Readonly<Record<string, string>> = {
  "opening brackets": fill("["),
  "opening braces": fill("{"),
  "nested maps": fill("{a: "),
  dashes: fill("- "),
  "indented dashes": Array.from({ length: 500 }, (_, i) => `${" ".repeat(i)}-`).join("\n"),
  questions: fill("? "),
  "keys all alike": fill("a: b\n"),
  "keys all different": Array.from({ length: 12_000 }, (_, i) => `k${i}: v`).join("\n"),
  anchors: fill("&a "),
  "aliases to nothing": fill("- *a\n"),
  tags: fill("!a "),
  quotes: fill('"'),
  backslashes: fill("\\"),
  "lines that go on": fill("docker run \\\n"),
  colons: fill(": "),
  arrows: fill("->"),
  commas: fill(","),
  dollars: `services: {a: {image: "${"$".repeat(size - 100)}"}}`,
  "nested defaults": `services: {a: {image: "${"${A:-".repeat(12_000)}"}}`,
  "open variables": `services: {a: {image: "${"${A".repeat(12_000)}"}}`,
  "blanks before a colon": `${" ".repeat(size - 10)}:`,
  "a long word": "a".repeat(size),
  "a long key": `${"a".repeat(size - 20)}: b`,
  "blanks in a list": `a ${" ".repeat(size - 10)}b`,
  documents: fill("---\n"),
  directives: fill("%YAML 1.2\n---\n"),
  "byte order marks": fill("\uFEFF"),
  zeroes: fill("\0"),
  "lone surrogates": fill("\ud800"),
  "carriage returns": fill("\r"),
  "alias bomb": bomb(20, 10),
  "merge chain": mergeChain(4_000),
  circle: "a: &a [*a]\nb: &b {<<: *b, image: nginx}",
  "keys of objects":
    "__proto__: {image: a/b:1}\nconstructor: {image: c:1}\ntoString: {image: d:1}\nservices: {__proto__: {image: e:1}}",
}

test.each(Object.keys(hostile))(
  "S9: %s are read to an answer, in time",
  (name) => {
    const started = performance.now()
    const { images } = findImages(hostile[name] ?? "")
    expect(images.length).toBeLessThanOrEqual(2000)
    // A loaded machine takes seconds for the slowest of them.
    expect(performance.now() - started).toBeLessThan(60_000)
  },
  14_000,
)

test("S9: a bomb of aliases is refused by name", { timeout: 120_000 }, () => {
  const { images, problem } = findImages(bomb(20, 10))
  expect(images.map(({ text }) => text)).toEqual(["nginx"])
  expect(problem?.message).toBe("the YAML repeats itself too often to be read to its end")
  expect(findImages(`services: {}\n${mergeChain(4_000)}`).problem?.message).toBe(
    "line 1: this is not valid YAML: its merge keys unfold to too much",
  )
})

/** mulberry32: the same texts every time. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const pieces = [
  ..."\n\n\n  -:#[]{},&*!|>'\"%@`$\\/=?<~\t\r\0",
  ..."服，：\u{1f433}\ud800\uFEFF",
  ...[
    "image: ",
    "services:\n",
    "  ",
    "    ",
    "kind: Pod\n",
    "apiVersion: v1\n",
    "containers:",
    "- ",
    "nginx:1.27",
    "<<: ",
    "&a ",
    "*a",
    "---\n",
  ],
  ...[
    "->",
    "${A:-b}",
    "${A}",
    "$$",
    "docker pull ",
    "tag: ",
    "repository: ",
    "images:\n",
    "newTag: 1",
    "reference: ",
    "volumes:\n",
    "https://",
  ],
]

test("whatever the text, there is an answer whose lines are lines of it, and whose entries are images or have a problem", {
  timeout: 120_000,
}, () => {
  const random = randomFrom(20_261_121)
  for (let round = 0; round < 3_000; round++) {
    const length = Math.floor(random() * 60)
    const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)] ?? "").join("")
    const lineCount = text.replace(/\r\n?/g, "\n").split("\n").length
    const { images } = findImages(text)
    for (const { reference, problem, lines, where } of images) {
      expect((reference === undefined) !== (problem === undefined), JSON.stringify(text)).toBe(true)
      expect(
        lines.length > 0 && where.length > 0 && lines.every((line) => line >= 1 && line <= lineCount),
        JSON.stringify(text),
      ).toBe(true)
    }
  }
})
