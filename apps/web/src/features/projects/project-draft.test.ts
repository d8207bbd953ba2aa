import { expect, test } from "vitest"
import { changesOf, draftOf, inputOf, isPath, nameProblemOf } from "./project-draft.ts"

const project = { id: 1, name: "team", ownerId: 1, targetId: null, path: "team", createdAt: 0, isPublic: false }

test("a new project is private and lies here", () => {
  expect(inputOf({ ...draftOf(undefined), name: " team " })).toEqual({ name: "team", isPublic: false, targetId: null })
})

test("a path is asked for at a target alone", () => {
  const draft = { ...draftOf(undefined), name: "team", path: "shop/images" }
  expect(inputOf(draft)).toEqual({ name: "team", isPublic: false, targetId: null })
  expect(inputOf({ ...draft, targetId: 4 })).toEqual({ name: "team", isPublic: false, targetId: 4, path: "shop/images" })
})

test("only what was changed is sent", () => {
  expect(changesOf(project, draftOf(project))).toBeUndefined()
  expect(changesOf(project, { ...draftOf(project), isPublic: true })).toEqual({ isPublic: true })
  expect(changesOf(project, { ...draftOf(project), targetId: 4, path: "shop" })).toEqual({ targetId: 4, path: "shop" })
  const elsewhere = { ...project, targetId: 4, path: "shop" }
  expect(draftOf(elsewhere).path).toBe("shop")
  expect(changesOf(elsewhere, { ...draftOf(elsewhere), path: "" })).toEqual({ path: "team" })
})

test("a name that the application would refuse is told while it is typed", () => {
  for (const name of ["team", "a-b_c", "x9"]) expect(nameProblemOf(name)).toBeUndefined()
  for (const name of ["Team", "a/b", "-a", "123", "a b"]) expect(nameProblemOf(name)).toBe("invalid")
  for (const name of ["docker.io", "localhost", "library", "v2"]) expect(nameProblemOf(name)).toBe("reserved")
})

test("a path is written like the path of an image", () => {
  for (const path of ["", "team", "team/app"]) expect(isPath(path)).toBe(true)
  for (const path of ["/team", "team/", "Team", "a//b"]) expect(isPath(path)).toBe(false)
})
