import { expect, it } from "vitest"
import { ReadBuffers } from "./read-buffers.ts"

const kib = 1024
const mebibyte = 1024 * kib

/** What `take` gives at once; undefined when it has to wait. */
function takeNow(buffers: ReadBuffers, wanted: number, isSlow = false): Buffer | undefined {
  let taken: Buffer | undefined
  buffers.take(wanted, isSlow, (memory) => {
    taken = memory
  })
  return taken
}

it("gives large pieces up to the budget, then by turns as they come back", () => {
  const buffers = new ReadBuffers(mebibyte)
  const [first, second] = [takeNow(buffers, mebibyte), takeNow(buffers, mebibyte)]
  expect([first?.length, second?.length]).toEqual([512 * kib, 512 * kib])
  const turns: string[] = []
  buffers.take(mebibyte, false, (memory) => turns.push(`third ${memory === first}`))
  buffers.take(mebibyte, false, (memory) => turns.push(`fourth ${memory === second}`))
  expect(turns).toEqual([])
  expect(buffers.mayReadAhead).toBe(false)
  if (first) buffers.give(first)
  expect(turns).toEqual(["third true"])
  if (second) buffers.give(second)
  expect(turns).toEqual(["third true", "fourth true"])
  expect(buffers.outBytes).toBe(mebibyte)
})

it("S22: has small pieces for small files, slow readers and those who waited too long, whoever holds the large ones", async () => {
  const buffers = new ReadBuffers(512 * kib)
  const large = takeNow(buffers, mebibyte)
  expect(takeNow(buffers, 1000)?.length).toBe(64 * kib)
  expect(takeNow(buffers, mebibyte, true)?.length).toBe(64 * kib)
  const waited = await Promise.all([1, 2].map(() => new Promise<Buffer>((resolve) => buffers.take(mebibyte, false, resolve))))
  expect(waited.map((memory) => memory.length)).toEqual([64 * kib, 64 * kib])
  expect(buffers.outBytes).toBe((512 + 4 * 64) * kib)
  if (large) buffers.give(large)
  expect(takeNow(buffers, mebibyte) === large).toBe(true)
})

it("does not use memory again that somebody may still look at", () => {
  const buffers = new ReadBuffers(512 * kib)
  const first = takeNow(buffers, mebibyte)
  if (first) buffers.forget(first)
  const second = takeNow(buffers, mebibyte)
  expect(second === first).toBe(false)
  if (second) buffers.forget(second)
  if (first) buffers.recycle(first)
  expect(takeNow(buffers, mebibyte) === first).toBe(true)
})
