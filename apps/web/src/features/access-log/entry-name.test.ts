import { expect, test } from "vitest"
import { entryName, neighboursOf, shortEntryName } from "./entry-name.ts"

test("an entry is named as people write images; what names nothing has no name", () => {
  expect(entryName({ repository: "team/app", reference: "1.2" })).toBe("team/app:1.2")
  expect(entryName({ repository: "team/app", reference: "sha256:ab" })).toBe("team/app@sha256:ab")
  expect(entryName({ repository: "team/app", reference: "" })).toBe("team/app")
  expect(entryName({ repository: "", reference: "nginx" })).toBe("nginx")
  expect(entryName({ repository: "", reference: "" })).toBe("")
})

test("the neighbours of a repository stand below the same prefix", () => {
  expect(neighboursOf("docker.io/library/nginx")).toBe("docker.io/library/")
  expect(neighboursOf("nginx")).toBeUndefined()
})

test("a digest is shortened, a tag is not", () => {
  const digest = `sha256:${"0123456789abcdef".repeat(4)}`
  expect(shortEntryName({ repository: "team/app", reference: digest })).toBe("team/app@sha256:0123456789ab…")
  expect(shortEntryName({ repository: "team/app", reference: "a-tag-that-is-long" })).toBe("team/app:a-tag-that-is-long")
})
