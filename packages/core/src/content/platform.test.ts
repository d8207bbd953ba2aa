import { expect, test } from "vitest"
import { formatPlatform, matchesPlatform, parsePlatform } from "./platform.ts"

test.each([
  ["linux/amd64", "linux/amd64"],
  ["arm64", "linux/arm64"],
  ["arm64/v8", "linux/arm64/v8"],
  ["linux/arm/v7", "linux/arm/v7"],
  ["armhf", "linux/arm/v7"],
  ["x86_64", "linux/amd64"],
  [" Windows/AMD64 ", "windows/amd64"],
])("%s is read as %s", (text, platform) => {
  expect(formatPlatform(parsePlatform(text))).toBe(platform)
})

test.each(["", "linux/", "a/b/c/d", "linux/am d64", "../x"])("%j is no platform", (text) => {
  expect(() => parsePlatform(text)).toThrow(`"${text}" is not a platform`)
})

test("arm64 and arm64/v8 are the same machine, arm/v6 and arm/v7 are not", () => {
  expect(matchesPlatform(parsePlatform("arm64/v8"), { os: "linux", architecture: "arm64" })).toBe(true)
  expect(matchesPlatform(parsePlatform("arm/v7"), { os: "linux", architecture: "arm", variant: "v6" })).toBe(false)
})
