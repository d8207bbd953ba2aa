import { expect, test } from "vitest"
import { indexOfNumber, rowsToScroll } from "./held-place.ts"

const list = (...ids: readonly number[]) => ids.map((id) => ({ id }))

test("a number is found among falling ones, or the place where it would stand", () => {
  const jobs = list(9, 7, 5, 2)
  expect([10, 9, 8, 7, 5, 3, 2, 1].map((id) => indexOfNumber(jobs, id))).toEqual([0, 0, 1, 1, 2, 3, 3, 4])
  expect(indexOfNumber([], 3)).toBe(0)
})

test("whoever has scrolled down stays at the same row", () => {
  expect(rowsToScroll(list(9, 8, 7, 6), list(11, 10, 9, 8, 7, 6), 2)).toBe(2)
  expect(rowsToScroll(list(9, 8, 7, 6), list(8, 7, 6), 3)).toBe(-1)
  expect(rowsToScroll(list(9, 8, 7, 6), list(9, 8, 6), 2)).toBe(0)
  expect(rowsToScroll(list(9, 8, 7), list(9, 8, 7, 6, 5), 1)).toBe(0)
})

test("whoever sees the beginning sees what is new", () => {
  expect(rowsToScroll(list(9, 8, 7), list(10, 9, 8, 7), 0)).toBe(0)
  expect(rowsToScroll(list(9, 8, 7), list(10, 9, 8, 7), -2)).toBe(0)
  expect(rowsToScroll([], list(1), 4)).toBe(0)
})
