import { expect, test } from "vitest"
import { entryName, neighboursOf } from "./entry-name.ts"

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
