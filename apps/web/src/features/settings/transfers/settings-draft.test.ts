import type { Settings } from "@entrepot/client"
import { expect, test } from "vitest"
import { changesOfSettings, draftOfSettings } from "./settings-draft.ts"

const settings: Settings = {
  jobConcurrency: { value: 4, configured: 2, saved: true },
  jobsPerOwner: { value: null, configured: null, saved: false },
  limitRate: { value: 20_000_000, configured: null, saved: true },
  keepDays: { value: 90, configured: 90, saved: false },
}

test("settings are shown as they are typed", () => {
  expect(draftOfSettings(settings)).toEqual({ jobConcurrency: "4", jobsPerOwner: "", limitRate: "20M", keepDays: "90" })
})

test("what was only looked at is not saved", () => {
  expect(changesOfSettings(settings, draftOfSettings(settings))).toEqual({ changes: {}, problems: {} })
})

test("what was typed is saved, and an empty field is no limit", () => {
  const draft = { jobConcurrency: " 8 ", jobsPerOwner: "3", limitRate: "", keepDays: "" }
  expect(changesOfSettings(settings, draft)).toEqual({
    changes: { jobConcurrency: 8, jobsPerOwner: 3, limitRate: null, keepDays: null },
    problems: {},
  })
})

test("a rate is read as the terminal reads it", () => {
  expect(changesOfSettings(settings, { ...draftOfSettings(settings), limitRate: "512K" }).changes).toEqual({ limitRate: 512_000 })
})

test.each([
  { jobConcurrency: "" },
  { jobConcurrency: "0" },
  { jobConcurrency: "65" },
  { jobConcurrency: "2.5" },
  { jobsPerOwner: "many" },
  { keepDays: "36501" },
  { keepDays: "-1" },
])("%j is out of bounds and not saved", (typed) => {
  const [name = ""] = Object.keys(typed)
  expect(changesOfSettings(settings, { ...draftOfSettings(settings), ...typed })).toEqual({
    changes: {},
    problems: { [name]: "whole" },
  })
})

test.each(["fast", "20 M B", "1K", "1023"])("%s is no rate, or too slow for one", (limitRate) => {
  const { problems } = changesOfSettings(settings, { ...draftOfSettings(settings), limitRate })
  expect(problems).toEqual({ limitRate: "rate" })
})
