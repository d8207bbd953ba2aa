import { expect, test } from "vitest"
import { endOfDay } from "./end-of-day.ts"

test("a key may be used on its whole last day, where its owner is", () => {
  const end = endOfDay("2027-01-31")
  expect(new Date(end).getDate()).toBe(31)
  expect(new Date(end + 1).getDate()).toBe(1)
})
