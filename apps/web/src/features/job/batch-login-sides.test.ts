import { expect, test } from "vitest"
import { type BatchedJob, batchLoginSides } from "./batch-login-sides.ts"

const refused = { code: "unauthorized", message: "x", side: "source" } as const

const job = (sourceHost: string, more: Partial<BatchedJob> = {}): BatchedJob => ({
  sourceHost,
  targetHost: "harbor.example.com",
  state: "failed",
  failure: refused,
  waitReason: null,
  credentialSides: [],
  ...more,
})

test("a batch whose jobs were refused by one registry asks for that login once", () => {
  expect(batchLoginSides([job("ghcr.io"), job("ghcr.io"), job("docker.io", { state: "succeeded", failure: null })])).toEqual([
    { side: "source", host: "ghcr.io" },
  ])
})

test("a login is asked for only where every job that is tried again goes to the same registry with it", () => {
  expect(batchLoginSides([job("ghcr.io"), job("quay.io")])).toEqual([])
  expect(batchLoginSides([job("ghcr.io"), job("quay.io", { state: "cancelled", failure: null })])).toEqual([])
})

test("jobs that wait for credentials ask for theirs", () => {
  const waiting = { state: "waiting", failure: null, waitReason: "credentials", credentialSides: ["target"] } as const
  expect(batchLoginSides([job("ghcr.io", waiting), job("quay.io", waiting)])).toEqual([
    { side: "target", host: "harbor.example.com" },
  ])
})
