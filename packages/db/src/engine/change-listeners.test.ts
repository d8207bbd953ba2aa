import { expect, test, vi } from "vitest"
import { ChangeListeners } from "./change-listeners.ts"

test("whoever looks for changes does so while there are listeners", () => {
  const [begin, end] = [vi.fn(), vi.fn()]
  const listeners = new ChangeListeners(begin, end)
  const listener = vi.fn()
  const stops = [listeners.add(listener), listeners.add(listener)]
  listeners.call()
  expect([begin.mock.calls.length, end.mock.calls.length, listener.mock.calls.length]).toEqual([1, 0, 2])
  for (const stop of [...stops, ...stops]) stop()
  expect(end).toHaveBeenCalledTimes(1)
  listeners.add(listener)
  listeners.clear()
  expect([begin.mock.calls.length, end.mock.calls.length]).toEqual([2, 2])
})

test("a listener that throws takes nothing from the others, and is not passed over", () => {
  const thrown: (() => void)[] = []
  vi.stubGlobal("queueMicrotask", (callback: () => void) => thrown.push(callback))
  const listeners = new ChangeListeners(vi.fn(), vi.fn())
  const heard = vi.fn()
  listeners.add(() => {
    throw new Error("its own mistake")
  })
  listeners.add(heard)
  listeners.call()
  vi.unstubAllGlobals()
  expect(heard).toHaveBeenCalledTimes(1)
  expect(thrown).toHaveLength(1)
  expect(thrown[0]).toThrow("its own mistake")
})
