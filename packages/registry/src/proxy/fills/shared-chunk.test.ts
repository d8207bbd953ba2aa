import { giveBack, lend } from "@entrepot/core"
import { expect, test } from "vitest"
import { RecentChunks } from "./recent-chunks.ts"
import { SharedChunk } from "./shared-chunk.ts"

function lentChunk(text: string) {
  const returned: string[] = []
  const bytes = Buffer.from(text)
  lend(bytes, () => returned.push(text))
  return { bytes, returned }
}

test("memory goes back when the last of those who look at it is done, and once only", () => {
  const { bytes, returned } = lentChunk("0123456789")
  const recent = new RecentChunks()
  const chunk = new SharedChunk(bytes)
  recent.push(chunk)
  chunk.hold()
  chunk.release()
  const [one, other] = [recent.at(0, 10), recent.at(4, 7)]
  if (one === undefined || other === undefined) throw new Error("it is not kept")
  expect([one.toString(), other.toString()]).toEqual(["0123456789", "456"])
  recent.keepFrom(10)
  chunk.release()
  giveBack(one)
  giveBack(one)
  expect(returned).toEqual([])
  giveBack(other)
  expect(returned).toEqual(["0123456789"])
})

test("what one reader never gives back is not used again under it", () => {
  const { bytes, returned } = lentChunk("0123456789")
  const recent = new RecentChunks()
  const chunk = new SharedChunk(bytes)
  recent.push(chunk)
  chunk.release()
  const [given, kept] = [recent.at(0, 10), recent.at(0, 10)]
  recent.restartAt(0)
  if (given !== undefined) giveBack(given)
  expect([returned, kept?.toString()]).toEqual([[], "0123456789"])
})
