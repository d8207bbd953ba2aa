import { expect, test } from "vitest"
import { originOf } from "./origin.ts"

const own = ["mirror.example.com:8080", undefined]

test("S17: a page of ours is known by Origin, Sec-Fetch-Site or Referer, and one witness against it is enough", () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ["ours", { origin: "http://mirror.example.com:8080" }],
    ["ours", { origin: "http://MIRROR.example.com:8080" }],
    ["ours", { "sec-fetch-site": "same-origin" }],
    ["ours", { "sec-fetch-site": "none" }],
    ["ours", { referer: "http://mirror.example.com:8080/jobs/1" }],
    ["unknown", {}],
    ["foreign", { origin: "null" }],
    ["foreign", { origin: "" }],
    ["foreign", { origin: "http://mirror.example.com" }],
    ["foreign", { origin: "http://mirror.example.com:8080.evil.example" }],
    ["foreign", { origin: "http://mirror.example.com:8080@evil.example" }],
    ["foreign", { origin: "ftp://mirror.example.com:8080" }],
    ["foreign", { origin: "http://evil.example", referer: "http://mirror.example.com:8080/" }],
    ["foreign", { "sec-fetch-site": "same-site" }],
    ["foreign", { "sec-fetch-site": "cross-site" }],
    ["foreign", { origin: "http://mirror.example.com:8080", "sec-fetch-site": "cross-site" }],
    ["foreign", { referer: "http://evil.example/http://mirror.example.com:8080/" }],
  ]
  for (const [expected, headers] of cases) expect([headers, originOf(headers, own)]).toEqual([headers, expected])
})

test("the usual port may be written or left away", () => {
  expect(originOf({ origin: "https://mirror.example.com" }, ["mirror.example.com:443"])).toBe("ours")
  expect(originOf({ origin: "http://mirror.example.com" }, ["mirror.example.com"])).toBe("ours")
  expect(originOf({ origin: "https://mirror.example.com:8443" }, ["mirror.example.com"])).toBe("foreign")
})
