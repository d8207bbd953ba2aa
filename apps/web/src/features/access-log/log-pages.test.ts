import { expect, test } from "vitest"
import { accessEntry } from "./access-entry.fixture.ts"
import { entriesOf, type LogPage, pagesWithNews } from "./log-pages.ts"

/** Of entries by number, or number and time. */
const page = (entries: readonly (number | readonly [id: number, at: number])[], next: number | null = null): LogPage => ({
  entries: entries.map((entry) => (typeof entry === "number" ? accessEntry(entry) : accessEntry(...entry))),
  next,
  dropped: 0,
})
const numbers = (pages: readonly LogPage[]) => entriesOf(pages).map(({ id }) => id)

test("what was written last comes first, whenever it began, and each once", () => {
  expect(numbers([page([[5, 90], [7, 50], 4]), page([4, 3])])).toEqual([7, 5, 4, 3])
})

test("news come before what is known, and pages after the first stay the same", () => {
  const older = page([2, 1])
  const pages = pagesWithNews([page([4, 3], 3), older], [accessEntry(6), accessEntry(5)], 10)
  expect(numbers(pages)).toEqual([6, 5, 4, 3, 2, 1])
  expect(pages[0]?.next).toBe(3)
  expect(pages[1]).toBe(older)
  const known = [page([1])]
  expect(pagesWithNews(known, [], 10)).toBe(known)
})

test("no more are kept than asked for, and the next page begins behind the oldest of them", () => {
  const [only, ...others] = pagesWithNews([page([4, 3], 3), page([2, 1])], [accessEntry(6), accessEntry(5)], 4)
  expect(others).toEqual([])
  expect(only?.entries.map(({ id }) => id)).toEqual([6, 5, 4, 3])
  expect(only?.next).toBe(3)
})

test("a request that began long ago is kept when it ends, and the next page begins where nothing is missed", () => {
  const [only] = pagesWithNews([page([40, 30, 20], 20)], [accessEntry(50, 5)], 3)
  expect(only?.entries.map(({ id }) => id)).toEqual([50, 40, 30])
  // Behind entry 50, which began before all others, entry 20 would not be found any more.
  expect(only?.next).toBe(30)
})
