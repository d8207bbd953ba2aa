import { expect, test } from "vitest"
import { exportAddress } from "./export-address.ts"
import { noFilter } from "./job-filter.ts"

const now = new Date(2024, 2, 31, 15).getTime()
const asked = (address: string) => Object.fromEntries(new URL(address, "http://localhost").searchParams)

test("without a filter everything is exported", () => {
  expect(exportAddress(noFilter, "csv", now)).toBe("/api/jobs/export?format=csv")
})

test("what narrows the list narrows the file", () => {
  const filter = {
    state: "open",
    kind: "images",
    search: "a&b",
    host: "127.0.0.1:5000",
    since: "2024-01-15",
    until: "2024-02-29",
  } as const
  const address = exportAddress(filter, "json", now)
  expect(address.startsWith("/api/jobs/export?")).toBe(true)
  expect(asked(address)).toEqual({
    format: "json",
    status: "queued,waiting,running",
    search: "a&b",
    host: "127.0.0.1:5000",
    kind: "mirror",
    since: new Date(2024, 0, 15).toISOString(),
    until: new Date(2024, 2, 1).toISOString(),
  })
})
