import type { Schedule } from "@entrepot/client"
import { expect, test } from "vitest"
import { cronOf, draftOfSchedule, inputOfSchedule, readPlatforms } from "./schedule-draft.ts"

const nightly: Schedule = {
  id: 4,
  ownerId: 1,
  name: "nginx",
  cron: "30 2 * * *",
  timeZone: "Asia/Shanghai",
  request: { image: "nginx:1.27", platforms: ["linux/amd64"], targetImage: "harbor.example.com/team/web:1", naming: "flat" },
  targetId: 3,
  enabled: true,
  lastAt: null,
  nextAt: 5,
  createdAt: 0,
  updatedAt: 0,
}

test("a new schedule runs every night at three, where the reader is", () => {
  const draft = draftOfSchedule(undefined, "Europe/Berlin")
  expect(cronOf(draft)).toBe("0 3 * * *")
  expect(draft).toMatchObject({ timeZone: "Europe/Berlin", targetId: undefined })
})

test.each([
  ["0 * * * *", "hour"],
  ["0 */6 * * *", "sixHours"],
  ["30 2 * * *", "day"],
  ["15 4 * * 1,5", "week"],
  ["0 5 31 * *", "month"],
  ["*/10 * * * *", "custom"],
  ["7 * * * *", "custom"],
  ["0 3 * * 1#2", "custom"],
])("%s is shown as %s, and stays what it was", (cron, frequency) => {
  const draft = draftOfSchedule({ ...nightly, cron }, "UTC")
  expect(draft.frequency).toBe(frequency)
  expect(cronOf(draft)).toBe(cron)
})

test("what a schedule asks for besides is kept", () => {
  expect(inputOfSchedule(draftOfSchedule(nightly, "UTC"), nightly)).toEqual({
    name: "nginx",
    cron: "30 2 * * *",
    timeZone: "Asia/Shanghai",
    targetId: 3,
    request: nightly.request,
  })
})

test("another image does not take the name that was given to the one before", () => {
  const draft = { ...draftOfSchedule(nightly, "UTC"), image: " redis:7 ", platforms: "" }
  expect(inputOfSchedule(draft, nightly).request).toEqual({ image: "redis:7", naming: "flat" })
})

test("platforms are separated by whatever is at hand", () => {
  expect(readPlatforms(" linux/amd64,linux/arm64  linux/arm/v7，linux/s390x、 ")).toEqual([
    "linux/amd64",
    "linux/arm64",
    "linux/arm/v7",
    "linux/s390x",
  ])
  expect(readPlatforms("")).toEqual([])
  expect(readPlatforms("amd64")).toBeUndefined()
  expect(readPlatforms("linux/amd64 nonsense")).toBeUndefined()
})
