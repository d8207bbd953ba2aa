import { expect, test } from "vitest"
import { upstreamWith } from "./upstream.fixture.ts"
import { gapAt, groupUpstreams, moveItem, reordered } from "./upstream-order.ts"

test("upstreams are grouped by registry, the default first, and stand as they are asked", () => {
  const groups = groupUpstreams([
    upstreamWith({ id: 4, registry: "quay.io" }),
    upstreamWith({ id: 3, registry: "gcr.io" }),
    upstreamWith({ id: 2, priority: 100 }),
    upstreamWith({ id: 5, priority: 100 }),
    upstreamWith({ id: 1, priority: 20 }),
    upstreamWith({ id: 0, priority: -1, configured: true, pinned: true }),
  ])
  expect(groups.map(({ registry, upstreams }) => [registry, ...upstreams.map(({ id }) => id)])).toEqual([
    ["docker.io", 0, 1, 2, 5],
    ["gcr.io", 3],
    ["quay.io", 4],
  ])
})

test.each([
  [0, 0, "abcd"],
  [0, 1, "abcd"],
  [0, 2, "bacd"],
  [0, 4, "bcda"],
  [3, 0, "dabc"],
  [2, 1, "acbd"],
  [2, 3, "abcd"],
  [1, 9, "acdb"],
  [9, 0, "abcd"],
])("what is at %i and falls into gap %i: %s", (from, gap, order) => {
  expect(moveItem([..."abcd"], from, gap).join("")).toBe(order)
})

test("the gap is that behind the last row whose middle is above", () => {
  const middles = [20, 60, 100]
  expect([0, 30, 70, 200].map((y) => gapAt(middles, y))).toEqual([0, 1, 2, 3])
})

test("an order is shown before it is answered, and leaves the others as they are", () => {
  const upstreams = [upstreamWith({ id: 1 }), upstreamWith({ id: 2 }), upstreamWith({ id: 3, registry: "quay.io" })]
  expect(reordered(upstreams, [2, 1]).map(({ id, priority }) => [id, priority])).toEqual([
    [1, 20],
    [2, 10],
    [3, 100],
  ])
})
