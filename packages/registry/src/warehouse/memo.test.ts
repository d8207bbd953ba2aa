import { expect, test } from "vitest"
import { Memo } from "./memo.ts"

interface Value {
  readonly text: string
}

function later<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

test("what was read is remembered for its lifetime, and asked for once however many want it", async () => {
  const memo = new Memo<Value>({ lifetimeMs: 60, mostEntries: 10 })
  let loads = 0
  const load = async () => ({ text: `${++loads}` })
  const both = await Promise.all([memo.get("a", load), memo.get("a", load)])
  expect(both).toEqual([{ text: "1" }, { text: "1" }])
  expect(memo.peek("a")).toBe(both[0])
  await expect.poll(() => memo.peek("a")).toBeUndefined()
  expect(await memo.get("a", load)).toEqual({ text: "2" })
})

test("what is not there is not remembered, nor is a failure", async () => {
  const memo = new Memo<Value>({ lifetimeMs: 60_000, mostEntries: 10 })
  expect(await memo.get("a", async () => undefined)).toBeUndefined()
  await expect(memo.get("a", () => Promise.reject(new Error("lost")))).rejects.toThrow("lost")
  expect(await memo.get("a", async () => ({ text: "there" }))).toEqual({ text: "there" })
})

test.each(["forget", "clear"] as const)("%s also drops what is being read at that time", async (what) => {
  const memo = new Memo<Value>({ lifetimeMs: 60_000, mostEntries: 10 })
  const old = later<Value>()
  const reading = memo.get("a", () => old.promise)
  memo[what]("a")
  const fresh = memo.get("a", async () => ({ text: "new" }))
  old.resolve({ text: "old" })
  expect([await reading, await fresh]).toEqual([{ text: "old" }, { text: "new" }])
  expect(memo.peek("a")).toEqual({ text: "new" })
})

test("no more is remembered than there is room for", async () => {
  const memo = new Memo<Value>({ lifetimeMs: 60_000, mostEntries: 100, bytes: { most: 100, of: ({ text }) => text.length } })
  for (let at = 0; at < 10; at++) await memo.get(`${at}`, async () => ({ text: "x".repeat(20) }))
  const kept = Array.from({ length: 10 }, (_, at) => memo.peek(`${at}`)).filter((value) => value !== undefined)
  expect(kept.length).toBe(4)
  expect(await memo.get("big", async () => ({ text: "x".repeat(200) }))).toBeDefined()
  expect(memo.peek("big")).toBeUndefined()
})
