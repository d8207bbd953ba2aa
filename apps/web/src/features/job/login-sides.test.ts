import type { Job } from "@entrepot/client"
import { expect, test } from "vitest"
import { loginSidesOf } from "./login-sides.ts"

const job = { sourceHost: "ghcr.io", targetHost: "harbor.example.com", waitReason: null, credentialSides: [] } as const
const failure = (code: "unauthorized" | "forbidden" | "network", side?: "source" | "target" | "local"): Job["failure"] => ({
  code,
  message: "x",
  ...(side === undefined ? {} : { side }),
})

test("a login that was refused is asked for anew, at the end that refused it", () => {
  expect(loginSidesOf(job, "failed", failure("unauthorized", "source"))).toEqual([{ side: "source", host: "ghcr.io" }])
  expect(loginSidesOf(job, "failed", failure("forbidden", "target"))).toEqual([{ side: "target", host: "harbor.example.com" }])
})

test("other failures and other states ask for none", () => {
  expect(loginSidesOf(job, "failed", failure("network", "target"))).toEqual([])
  expect(loginSidesOf(job, "failed", failure("unauthorized", "local"))).toEqual([])
  expect(loginSidesOf(job, "running", failure("unauthorized", "target"))).toEqual([])
})

test("a job that waits for credentials asks for those that it was started with", () => {
  const waiting = { ...job, waitReason: "credentials", credentialSides: ["source", "target"] } as const
  expect(loginSidesOf(waiting, "waiting", null).map(({ side }) => side)).toEqual(["source", "target"])
  expect(loginSidesOf({ ...waiting, waitReason: "rate_limit" }, "waiting", null)).toEqual([])
})
