import { expect, test } from "vitest"
import { canLogInAlone } from "./target-choice.ts"

test("a schedule goes to a target whose password is kept, or that needs none", () => {
  expect(canLogInAlone({ username: "robot", hasPassword: true })).toBe(true)
  expect(canLogInAlone({ username: null, hasPassword: false })).toBe(true)
  expect(canLogInAlone({ username: "robot", hasPassword: false })).toBe(false)
})
