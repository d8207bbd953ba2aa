import { expect, test } from "vitest"
import { jobControls } from "./job-controls.ts"

const job = { waitReason: null, cancelRequested: false } as const
const may = (controls: ReturnType<typeof jobControls>) =>
  Object.entries(controls).flatMap(([name, permitted]) => (permitted ? [name] : []))

test.each([
  [{ ...job, state: "queued" }, ["cancel"]],
  [{ ...job, state: "running" }, ["cancel"]],
  [{ ...job, state: "running", cancelRequested: true }, []],
  [{ ...job, state: "waiting", waitReason: "rate_limit" }, ["cancel", "retry"]],
  [{ ...job, state: "waiting", waitReason: "credentials" }, ["cancel", "login"]],
  [{ ...job, state: "succeeded" }, ["remove"]],
  [{ ...job, state: "failed" }, ["retry", "remove"]],
  [{ ...job, state: "cancelled" }, ["retry", "remove"]],
] as const)("%o: %o", (present, expected) => {
  expect(may(jobControls(present, "operator"))).toEqual(expected)
  expect(may(jobControls(present, "viewer"))).toEqual([])
  expect(may(jobControls(present, undefined))).toEqual([])
})
