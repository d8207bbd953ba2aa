import { expect, test } from "vitest"
import { sampleJob } from "./job.fixture.ts"
import { matchesQuery } from "./matches-query.ts"

const job = sampleJob({ id: 1, source: "Quay.io/team/app:1", sourceHost: "quay.io", state: "failed", createdAt: 5_000 })

test.each([
  [{ states: ["failed", "queued"] }, true],
  [{ states: ["succeeded"] }, false],
  [{ search: "TEAM/app" }, true],
  [{ search: "harbor.example" }, true],
  [{ search: "%" }, false],
  [{ search: "" }, true],
  [{ host: "quay.io" }, true],
  [{ host: "harbor.example.com" }, true],
  [{ host: "docker.io" }, false],
  [{ since: 5_000 }, true],
  [{ since: 5_001 }, false],
  [{ until: 5_001 }, true],
  [{ until: 5_000 }, false],
  [{ kind: "mirror" }, true],
  [{ kind: "batch" }, false],
  [{ parentId: 7 }, false],
  [{ states: ["failed"], search: "team", host: "docker.io" }, false],
] as const)("%o is asked of a failed copy from quay.io: %s", (query, answer) => {
  expect(matchesQuery(job, { ...query, states: "states" in query ? [...query.states] : ["failed"] })).toBe(answer)
})

test("a batch's copies are told to whoever asks for them, or for everything", () => {
  const child = sampleJob({ id: 2, parentId: 7 })
  expect(matchesQuery(child, {})).toBe(false)
  expect(matchesQuery(child, { parentId: 7 })).toBe(true)
  expect(matchesQuery(child, { parentId: 8, everywhere: true })).toBe(false)
  expect(matchesQuery(child, { everywhere: true })).toBe(true)
})
