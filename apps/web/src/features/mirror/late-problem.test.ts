import { expect, test } from "vitest"
import { showsProblem } from "./late-problem.ts"

const moment = { isWrong: true, wasShown: false, isDone: false }

test("a text is not called wrong while it is typed", () => {
  expect(showsProblem(moment)).toBe(false)
})

test("it is once it has rested, and stays so until it is right", () => {
  expect(showsProblem({ ...moment, isDone: true })).toBe(true)
  expect(showsProblem({ ...moment, wasShown: true })).toBe(true)
  expect(showsProblem({ isWrong: false, wasShown: true, isDone: true })).toBe(false)
})
