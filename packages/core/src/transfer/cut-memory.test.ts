import { expect, test } from "vitest"
import { CutMemory } from "./cut-memory.ts"

const MiB = 1024 * 1024

test("one cut is chance, two are a limit", () => {
  const memory = new CutMemory()
  memory.note(10 * MiB)
  expect(memory.survivableBytes).toBeUndefined()
  memory.note(20 * MiB)
  expect(memory.survivableBytes).toBe(7.5 * MiB)
})

test("a connection that hardly gave anything says nothing, and requests do not become tiny", () => {
  const memory = new CutMemory()
  for (let n = 0; n < 9; n++) memory.note(64 * 1024 - 1)
  expect(memory.survivableBytes).toBeUndefined()
  memory.note(2 * MiB)
  memory.note(2 * MiB)
  expect(memory.survivableBytes).toBe(4 * MiB)
})
