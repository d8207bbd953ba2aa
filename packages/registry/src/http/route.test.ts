import { expect, test } from "vitest"
import { RegistryError } from "../registry-error.ts"
import { parseRoute } from "./route.ts"

const hex = "0123456789abcdef".repeat(4)
const digest = `sha256:${hex}`
const long = `sha512:${hex}${hex}`

function read(path: string): string {
  try {
    const route = parseRoute(path)
    if (route === undefined) return "nothing"
    const { kind, ...rest } = route
    return [kind, ...Object.values(rest).map((value) => value ?? "-")].join(" ")
  } catch (error) {
    if (error instanceof RegistryError) return `${error.status} ${error.code}`
    throw error
  }
}

test.for([
  ["/v2", "base"],
  ["/v2/", "base"],
  ["/v2/auth", "token"],
  ["/v2/_catalog", "catalog"],
  ["/v1/_ping", "ping"],
  ["/v1/search", "search"],
  ["/v2/app/tags/list", "tags app"],
  ["/v2/a/b/c/d/tags/list", "tags a/b/c/d"],
  ["/v2/tags/tags/list", "tags tags"],
  ["/v2/app/manifests/latest", "manifest app latest tag"],
  ["/v2/app/manifests/V1.2_x-y", "manifest app V1.2_x-y tag"],
  [`/v2/app/manifests/${digest}`, `manifest app ${digest} digest`],
  [`/v2/app/manifests/${long}`, `manifest app ${long} digest`],
  ["/v2/app/manifests/sha256:abc", "manifest app sha256:abc neither"],
  ["/v2/app/manifests/.hidden", "manifest app .hidden neither"],
  ["/v2/app/manifests/a%2fb", "manifest app a%2fb neither"],
  [`/v2/app/manifests/${"t".repeat(128)}`, `manifest app ${"t".repeat(128)} tag`],
  [`/v2/app/manifests/${"t".repeat(129)}`, `manifest app ${"t".repeat(129)} neither`],
  ["/v2/app/manifests/", "manifest app  neither"],
  ["/v2/a/manifests/b/manifests/c", "manifest a/manifests/b c tag"],
  ["/v2/manifests/manifests/v1", "manifest manifests v1 tag"],
  [`/v2/app/blobs/${digest}`, `blob app ${digest}`],
  ["/v2/app/blobs/md5:00", "blob app -"],
  [`/v2/app/blobs/sha256:${hex.toUpperCase()}`, "blob app -"],
  [`/v2/app/blobs/${digest}0`, "blob app -"],
  [`/v2/app/referrers/${digest}`, `referrers app ${digest}`],
  ["/v2/app/blobs/uploads/", "uploads app"],
  ["/v2/a/blobs/blobs/uploads/", "uploads a/blobs"],
  ["/v2/app/blobs/uploads/9c1b", "upload app 9c1b"],
  ["/v2/app/blobs/uploads", "blob app -"],
  ["/v2/registry.example.com:5000/team/app/manifests/v1", "manifest registry.example.com:5000/team/app v1 tag"],
  ["/v2/localhost/app/manifests/v1", "manifest localhost/app v1 tag"],
  ["/v2/a__b/c--d/e.f/manifests/v1", "manifest a__b/c--d/e.f v1 tag"],
] as const)("%s is %s", ([path, expected]) => {
  expect(read(path)).toBe(expected)
})

test.for([
  "/v2/App/manifests/v1",
  "/v2/a//b/manifests/v1",
  "/v2//manifests/v1",
  "/v2/-a/manifests/v1",
  "/v2/a-/manifests/v1",
  "/v2/a___b/manifests/v1",
  "/v2/a..b/manifests/v1",
  "/v2/../manifests/v1",
  "/v2/a/../b/manifests/v1",
  "/v2/a._b/manifests/v1",
  "/v2/%61/manifests/v1",
  "/v2/a%2Fb/manifests/v1",
  "/v2/a:b/manifests/v1",
  "/v2/a:/b/manifests/v1",
  "/v2/a/b:5000/manifests/v1",
  "/v2/a:123456/b/manifests/v1",
  "/v2/a b/manifests/v1",
  "/v2/a\u0000/manifests/v1",
  "/v2/ä/manifests/v1",
  `/v2/${"a".repeat(256)}/manifests/v1`,
  "/v2/app/./manifests/v1",
  "/v2/A/blobs/uploads/",
  "/v2/a?/tags/list",
])("%s names no repository", (path) => {
  expect(read(path)).toBe("400 NAME_INVALID")
})

test.for([
  "/v2/app",
  "/v2/app/",
  "/v2/app/tags",
  "/v2/app/tags/list/",
  "/v2/app/manifest/v1",
  "/v2/manifests/v1",
  "/v2/blobs/uploads/",
  "/v2/blobs/uploads/9c1b",
  "/v2/app/uploads/9c1b",
  "/v2/_catalog/",
  "/v2/auth/",
  "/v1",
  "/v1/",
  "/v1/search/",
  "/v1/repositories/x/tags",
  "/v2/__proto__",
  "/v2/constructor",
])("there is nothing at %s", (path) => {
  expect(read(path)).toBe("nothing")
})

test("a name of 255 characters is the longest", () => {
  const name = `${"a".repeat(127)}/${"b".repeat(127)}`
  expect(read(`/v2/${name}/tags/list`)).toBe(`tags ${name}`)
  expect(read(`/v2/${name}b/tags/list`)).toBe("400 NAME_INVALID")
})

test("S10: 64 KiB of any kind are read in less than 5 ms", () => {
  const pieces = ["a", "/", "a/", "..", "a-", "-a", "__", "%2f", "manifests/", "blobs/uploads/", "tags/list/", "a:1/", "sha256:"]
  for (const piece of pieces) {
    for (const end of ["", "/manifests/v1", "/tags/list", "/blobs/uploads/", `/blobs/${digest}`]) {
      const path = `/v2/${piece.repeat(Math.ceil(65_536 / piece.length))}${end}`
      const took = Math.min(
        ...Array.from({ length: 5 }, () => {
          const before = performance.now()
          read(path)
          return performance.now() - before
        }),
      )
      expect(took, `${piece} … ${end}`).toBeLessThan(5)
    }
  }
})

test("S10: no path makes the parser throw anything but a refusal", () => {
  const alphabet = [
    "/",
    "a",
    "Z",
    "0",
    ".",
    "-",
    "_",
    ":",
    "%",
    "\u0000",
    "é",
    "manifests",
    "blobs",
    "uploads",
    "tags",
    "list",
    "v2",
    digest,
  ]
  let state = 42
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state
  }
  for (let round = 0; round < 20_000; round++) {
    const parts = Array.from({ length: next() % 12 }, () => alphabet[next() % alphabet.length] ?? "")
    expect(read(`/v2/${parts.join("")}`)).toMatch(/^(nothing|400 NAME_INVALID|[a-z]+( .*)?)$/s)
  }
})
