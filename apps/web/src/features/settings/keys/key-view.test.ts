import { expect, test } from "vitest"
import { dayOf, endOfDay, hasExpired, offeredScopes, scopeWord } from "./key-view.ts"

test("a key may be used on its whole last day, where its owner is", () => {
  const end = endOfDay("2027-01-31")
  expect(new Date(end).getDate()).toBe(31)
  expect(new Date(end + 1).getDate()).toBe(1)
  expect(dayOf(end)).toBe("2027-01-31")
})

test("a key has expired when its last moment is over", () => {
  expect(hasExpired({ expiresAt: null }, 5)).toBe(false)
  expect(hasExpired({ expiresAt: 6 }, 5)).toBe(false)
  expect(hasExpired({ expiresAt: 5 }, 5)).toBe(true)
})

test("nobody is offered a scope that the role does not have", () => {
  expect(offeredScopes("viewer")).toEqual(["jobs:read", "pull"])
  expect(offeredScopes("operator")).not.toContain("admin")
  expect(offeredScopes("admin").map(scopeWord)).toEqual(["jobsRead", "jobsWrite", "pull", "push", "admin"])
})
