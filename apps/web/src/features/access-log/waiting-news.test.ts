import { expect, test } from "vitest"
import { accessEntry } from "./access-entry.fixture.ts"
import { nothingWaits, withNews } from "./waiting-news.ts"

const news = (...ids: readonly number[]) => ({ entries: ids.map((id) => accessEntry(id)), hasMore: false })
const numbers = ({ entries }: typeof nothingWaits) => entries.map(({ id }) => id)

test("what comes is kept, the newest first", () => {
  const waiting = withNews(withNews(nothingWaits, news(2, 1), 5), news(4, 3), 5)
  expect(numbers(waiting)).toEqual([4, 3, 2, 1])
  expect(waiting.hasMore).toBe(false)
})

test("no more is kept than asked for, and that some are missing is known from then on", () => {
  const full = withNews(withNews(nothingWaits, news(2, 1), 3), news(4, 3), 3)
  expect(numbers(full)).toEqual([4, 3, 2])
  expect(full.hasMore).toBe(true)
  expect(withNews(full, news(5), 3).hasMore).toBe(true)
  expect(withNews(nothingWaits, { entries: [], hasMore: true }, 3).hasMore).toBe(true)
})
