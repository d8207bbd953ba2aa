import { expect, test } from "vitest"
import { imagePathOf, pathOf, placeOf, splitRepository } from "./place-path.ts"

test.each([
  ["team", "project"],
  ["docker.io", "registry"],
  ["localhost:5000", "registry"],
  ["team/app", "repository"],
  ["docker.io/library/nginx", "repository"],
  ["127.0.0.1:5000/a/b/c", "repository"],
])("%s is found again by the path of its page", (name, kind) => {
  const steps = pathOf(name).replace("/projects/", "").split("/")
  expect(placeOf(steps)).toEqual({ kind, name })
})

test("what names nothing has no page", () => {
  expect(placeOf([])).toBeUndefined()
  expect(placeOf(["team", ""])).toBeUndefined()
  expect(placeOf(["%E0%A4%A"])).toBeUndefined()
  expect(placeOf(["a".repeat(513)])).toBeUndefined()
})

test("S18: a name cannot leave the path of its page", () => {
  expect(pathOf("team/<b>?x#y")).toBe("/projects/team/%3Cb%3E%3Fx%23y")
  expect(imagePathOf("team/app", "sha256:ab")).toBe("/projects/team/app?image=sha256%3Aab")
})

test("a repository belongs to what its name begins with", () => {
  expect(splitRepository("docker.io/library/nginx")).toEqual({ within: "docker.io", rest: "library/nginx" })
})
