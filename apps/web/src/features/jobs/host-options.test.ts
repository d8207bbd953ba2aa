import { expect, test } from "vitest"
import { hostOptions } from "./host-options.ts"

test("a registry that is both source and target is one to choose, and the chosen one is never missing", () => {
  const hosts = [
    { host: "harbor.example.com", side: "target", jobs: 5 },
    { host: "docker.io", side: "source", jobs: 4 },
    { host: "harbor.example.com", side: "source", jobs: 1 },
    { host: "quay.io", side: "source", jobs: 9 },
  ] as const
  expect(hostOptions(hosts, "ghcr.io")).toEqual([
    { host: "quay.io", jobs: 9 },
    { host: "harbor.example.com", jobs: 6 },
    { host: "docker.io", jobs: 4 },
    { host: "ghcr.io", jobs: 0 },
  ])
  expect(hostOptions(hosts, "quay.io")).toHaveLength(3)
  expect(hostOptions([], "")).toEqual([])
})
