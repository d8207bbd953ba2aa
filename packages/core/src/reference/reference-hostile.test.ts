import { describe, expect, it } from "vitest"
import { redact } from "../errors/redact.ts"
import { createRedactor } from "../errors/redactor.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { formatCanonical, formatFamiliar } from "./format.ts"
import { parseNamingRule } from "./naming.ts"
import { parsePasted } from "./pasted.ts"
import { parseReference } from "./reference.ts"
import { parseTargetBase } from "./target-base.ts"

const size = 64 * 1024
const fill = (unit: string): string => unit.repeat(Math.ceil(size / unit.length)).slice(0, size)

const hostileUnits = [
  "a",
  "A",
  "/",
  "a/",
  ":",
  "a:",
  "@",
  "a@",
  ".",
  "_",
  "__",
  "-",
  "a-",
  "a.",
  "[",
  "[:",
  "[::]",
  "0",
  " ",
  "\n",
  "\0",
  "\u200b",
  "：",
  "é",
  "\ud800",
  "😀",
  "%2e%2e/",
  "../",
  "://",
  "http://",
  "https://a:",
  "docker pull ",
  "docker -a ",
  "FROM ",
  "image: ",
  "-x ",
  '"',
  "`",
  "{",
  "{repository}",
  "password=",
  '"password":"',
  '\\"token\\":\\"',
  '"auth": "\\',
  "Bearer ",
  "Basic a",
  "eyJ",
  "eyJa.",
  "a:b@",
  "authorization: ",
  "-----BEGIN PRIVATE KEY-----",
  "?x-amz-signature=",
]
const hostileTexts = hostileUnits.flatMap((unit) => [
  fill(unit),
  `nginx:${fill(unit)}`,
  `nginx@sha256:${fill(unit)}`,
  `https://hub.docker.com/r/${fill(unit)}`,
  `docker pull ${fill(unit)}`,
])

/** Processor time, the best of a few runs where the first was slow: neither a busy machine nor a garbage collection is taken for slowness. */
function milliseconds(action: () => unknown): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 5 && best >= 5; run++) {
    const start = process.cpuUsage()
    try {
      action()
    } catch (error) {
      if (!(error instanceof TransferError)) throw error
    }
    const { user, system } = process.cpuUsage(start)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

const readers = {
  parseReference,
  parsePasted,
  parseTargetBase,
  parseNamingRule,
  redact,
  createRedactor: createRedactor(["hunter2hunter2", "a"]),
} satisfies Record<string, (text: string) => unknown>

describe("64 KiB of hostile text", () => {
  it.each(Object.entries(readers))("takes %s less than 5 ms", (_name, read) => {
    const slow = hostileTexts
      .map((text) => ({ text: text.slice(0, 40), took: milliseconds(() => read(text)) }))
      .filter(({ took }) => took >= 5)
    expect(slow).toEqual([])
  })

  it("ends in a short error", () => {
    for (const text of hostileTexts) {
      for (const read of [parseReference, parsePasted, parseTargetBase]) {
        try {
          read(text)
        } catch (error) {
          expect(error).toBeInstanceOf(TransferError)
          if (error instanceof TransferError) {
            expect(error.message.length).toBeLessThan(600)
            expect((error.hint ?? "").length).toBeLessThan(1200)
          }
        }
      }
    }
  })
})

/** mulberry32: the same texts every time. */
function randomFrom(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

/** The grammar once more, as the regular expression of distribution/reference `regexp.go`, to compare with. */
const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
const label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
const grammar = new RegExp(
  `^(?:(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?/)?${component}(?:/${component})*(?::\\w[\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
)
const hex = "0123456789abcdef".repeat(4)
const pieces = [
  "a",
  "b1",
  "nginx",
  "library",
  "docker.io",
  "localhost",
  "gcr.io",
  "A",
  "0",
  "-",
  "_",
  ".",
  "/",
  ":",
  "@",
  "[::1]",
  ":5000",
]
const rarePieces = ["--", "__", "//", "latest", `@sha256:${hex}`, `@md5:${hex.slice(0, 32)}`, " ", "é", "%", "["]

describe("random names", () => {
  it("are accepted only if the grammar of distribution accepts them, and survive being written and read again", () => {
    const random = randomFrom(20_261_121)
    const pick = (from: readonly string[]): string => from[random(from.length)] ?? ""
    let accepted = 0
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: 1 + random(9) }, () => pick(random(6) === 0 ? rarePieces : pieces)).join("")
      try {
        const reference = parseReference(text)
        accepted++
        expect(grammar.test(text), text).toBe(true)
        expect(parseReference(formatCanonical(reference)), text).toEqual(reference)
        expect(parseReference(formatFamiliar(reference)), text).toEqual(reference)
      } catch (error) {
        if (!(error instanceof TransferError)) throw error
        expect(error.code).toBe("reference_invalid")
      }
    }
    expect(accepted).toBeGreaterThan(1000)
  })

  it("that the grammar accepts are accepted, but for the registered limits", () => {
    const random = randomFrom(7)
    const pick = (from: readonly string[]): string => from[random(from.length)] ?? ""
    const lower = ["a", "b1", "nginx", "0", "x-y", "x--y", "x_y", "x__y", "x.y"]
    const hosts = ["", "", "gcr.io/", "localhost/", "a-b.example.com:5000/", "[::1]/", "[fe80::a:1]:80/", "10.0.0.1:1/", "UP/"]
    const tags = ["", "", ":1", ":_x", ":V1.2-rc.3", `:${"t".repeat(128)}`]
    const digests = ["", "", `@sha256:${hex}`, `@sha512:${hex}${hex}`, `@a.b+c:${hex.slice(0, 33)}`]
    for (let i = 0; i < 2000; i++) {
      const path = Array.from({ length: 1 + random(4) }, () => pick(lower)).join("/")
      const text = pick(hosts) + path + pick(tags) + pick(digests)
      expect(grammar.test(text), text).toBe(true)
      expect(() => parseReference(text), text).not.toThrow()
    }
  })

  it("may be exactly as long as the limits say", () => {
    expect(() => parseReference(`gcr.io/${"a".repeat(255)}:${"t".repeat(128)}@sha256:${hex}`)).not.toThrow()
    expect(() => parseReference(`gcr.io/${"a".repeat(256)}`)).toThrow("the repository name is longer than 255 characters")
    expect(() => parseReference("a".repeat(248))).toThrow("the repository name is longer than 255 characters")
    expect(() => parseReference(`nginx:${"t".repeat(129)}`)).toThrow("the tag is longer than 128 characters")
  })
})
