import { expect, test } from "vitest"
import { rowsToDraw } from "./rows-to-draw.ts"

const rows = ["a", "b", "c", "d", "e"].map((text) => ({ text }))

test("no more new rows are drawn than may be, those that are drawn stay", () => {
  expect(rowsToDraw(rows, new Set(), 2)).toBe(2)
  expect(rowsToDraw(rows, new Set(["a", "b"]), 2)).toBe(4)
  expect(rowsToDraw(rows, new Set(["a", "b", "c", "d"]), 2)).toBe(5)
  expect(rowsToDraw(rows, new Set(["b", "c", "d"]), 1)).toBe(4)
})

test("rows that are gone count for nothing", () => {
  expect(rowsToDraw(rows, new Set(["x", "y", "z"]), 3)).toBe(3)
  expect(rowsToDraw([], new Set(["x"]), 3)).toBe(0)
})
