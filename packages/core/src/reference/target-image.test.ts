import { expect, test } from "vitest"
import { namesHost, parseTargetImage } from "./target-image.ts"

const base = { host: "harbor.example.com", project: "mirror" }

test("a whole name has the target's host, or stands below its project", () => {
  const whole = { registry: "harbor.example.com", repository: "other/app", tag: "1" }
  expect(parseTargetImage(" harbor.example.com/other/app:1 ", base)).toEqual(whole)
  expect(parseTargetImage("app:1", base)).toEqual({ ...whole, repository: "mirror/app" })
  expect(parseTargetImage("app:1", { ...base, project: "" })).toEqual({ ...whole, repository: "app" })
  expect(parseTargetImage("app:1", { host: base.host })).toEqual({ ...whole, repository: "proxy/app" })
})

test("a whole name cannot be at another registry", () => {
  expect(() => parseTargetImage("ghcr.io/team/app:1", base)).toThrow(
    "the target image is at ghcr.io, and the target is harbor.example.com",
  )
})

test("a whole name cannot have a digest", () => {
  expect(() => parseTargetImage(`app@sha256:${"a".repeat(64)}`, base)).toThrow(
    "the target has a digest, and a digest cannot be chosen",
  )
})

test("a whole name can be anywhere where there is no other target", () => {
  expect(parseTargetImage("harbor.example.com/a/b:1", undefined)).toMatchObject({ registry: "harbor.example.com" })
})

test.each([
  ["harbor.example.com/app", true],
  ["harbor:5000/app", true],
  ["localhost/app", true],
  ["team/app", false],
  ["app:1", false],
])("%s names a host: %s", (name, expected) => {
  expect(namesHost(name)).toBe(expected)
})
