import { expect, test } from "vitest"
import { addressOfJob, readAddressBar } from "./read-address-bar.ts"

const read = (query: string) => readAddressBar(new URLSearchParams(query))

test("a link fills the form", () => {
  expect(read("image=nginx:1.27&target=3")).toEqual({ image: "nginx:1.27", targetId: 3, jobId: undefined })
  expect(read("image=%20ghcr.io/team/app@sha256:1%20")).toMatchObject({ image: "ghcr.io/team/app@sha256:1" })
})

test("the address of a started job tells of that job and fills nothing", () => {
  expect(readAddressBar(new URL(addressOfJob(12), "http://127.0.0.1").searchParams)).toEqual({
    image: undefined,
    targetId: undefined,
    jobId: 12,
  })
})

test.each(["", "job=", "job=0", "job=-1", "job=1.5", "job=1e3", "job=9999999999999999", "image=", "image=+", "target=x"])(
  "S18: %j counts as absent",
  (query) => {
    expect(read(query)).toEqual({ image: undefined, targetId: undefined, jobId: undefined })
  },
)
