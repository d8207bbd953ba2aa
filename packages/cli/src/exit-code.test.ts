import { errorCodes } from "@entrepot/core"
import { expect, test } from "vitest"
import { combineExitCodes, exitCodeOf } from "./exit-code.ts"

test("every error has the exit code that the help promises", () => {
  expect(Object.fromEntries(errorCodes.map((code) => [code, exitCodeOf(code)]))).toEqual({
    reference_invalid: 2,
    usage: 2,
    naming_collision: 2,
    unsupported: 2,
    unauthorized: 3,
    forbidden: 3,
    network: 4,
    tls: 4,
    address_blocked: 4,
    not_found: 5,
    rate_limited: 6,
    server_error: 7,
    protocol: 7,
    rejected: 7,
    digest_mismatch: 8,
    too_large: 8,
    archive_invalid: 8,
    local_io: 9,
    docker_unavailable: 10,
    cancelled: 130,
  })
})

test.each([
  [[], 0],
  [[0, 0], 0],
  [[5], 5],
  [[5, 5], 5],
  [[0, 5], 1],
  [[4, 5], 1],
  [[0, 130, 5], 130],
] as const)("several images that end with %j end together with %d", (codes, code) => {
  expect(combineExitCodes(codes)).toBe(code)
})
