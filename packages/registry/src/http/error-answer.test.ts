import { errorCodes, TransferError } from "@entrepot/core"
import { expect, test } from "vitest"
import type { Authenticator } from "../access/access.ts"
import { RegistryError } from "../registry-error.ts"
import { registryErrorOf } from "./error-answer.ts"
import { registryServer } from "./registry-server.fixture.ts"

const answers: Readonly<Record<(typeof errorCodes)[number], string>> = {
  reference_invalid: "400 NAME_INVALID",
  usage: "a mistake of ours",
  naming_collision: "a mistake of ours",
  network: "502 UPSTREAM_FAILED",
  tls: "502 UPSTREAM_FAILED",
  address_blocked: "502 UPSTREAM_FAILED",
  unauthorized: "502 UPSTREAM_FAILED",
  forbidden: "502 UPSTREAM_FAILED",
  not_found: "404 NAME_UNKNOWN",
  rate_limited: "429 TOOMANYREQUESTS",
  server_error: "502 UPSTREAM_FAILED",
  protocol: "502 UPSTREAM_FAILED",
  digest_mismatch: "502 UPSTREAM_FAILED",
  too_large: "502 UPSTREAM_FAILED",
  rejected: "502 UPSTREAM_FAILED",
  unsupported: "502 UPSTREAM_FAILED",
  archive_invalid: "a mistake of ours",
  local_io: "503 UNAVAILABLE",
  docker_unavailable: "a mistake of ours",
  cancelled: "503 UNAVAILABLE",
}

test.for(errorCodes)("fault 41: %s of an upstream goes out as what it is, and never as 404 where it is none", (code) => {
  const error = registryErrorOf(new TransferError(code, "it went wrong", { host: "hub.test" }))
  expect(error === undefined ? "a mistake of ours" : `${error.status} ${error.code}`).toBe(answers[code])
})

test("an upstream that says nothing is 504", () => {
  const error = registryErrorOf(new TransferError("network", "no data from hub.test for 10 s"))
  expect(error?.status).toBe(504)
})

test("how long to wait goes out in whole seconds", () => {
  expect(registryErrorOf(new TransferError("rate_limited", "slower", { retryAfterMs: 1200 }))?.retryAfterS).toBe(2)
  expect(registryErrorOf(new TransferError("rate_limited", "slower", { retryAfterMs: 3 }))?.retryAfterS).toBe(1)
  expect(registryErrorOf(new TransferError("rate_limited", "slower"))?.retryAfterS).toBeUndefined()
})

test("paths of our own disk stay here", () => {
  const error = registryErrorOf(new TransferError("local_io", "/var/lib/entrepot/x: no space left", { host: "/var/lib" }))
  expect([error?.message, error?.detail]).toEqual(["the registry cannot answer now; try again", undefined])
})

test("a mistake of ours is told by a number alone, which the log tells more of", async () => {
  const authenticator: Authenticator = {
    authenticate: () => Promise.reject(new Error("the secret of /var/lib")),
    stands: () => true,
    claims: () => true,
    underBackoff: (_username, _address, check) => check(),
  }
  await using server = await registryServer({ authenticator })
  const answer = await server.robot.request("GET", "/v2/team/app/tags/list")
  const [mistake] = server.mistakes as readonly { id: string; path: string; error: Error }[]
  expect([answer.status, JSON.parse(answer.body.toString("utf8"))]).toEqual([
    500,
    {
      errors: [{ code: "UNKNOWN", message: "the registry has made a mistake; its log tells more", detail: { id: mistake?.id } }],
    },
  ])
  expect([mistake?.path, mistake?.error.message]).toEqual(["/v2/team/app/tags/list", "the secret of /var/lib"])
})

test("what goes wrong while a mistake is told ends one request, and nothing else", async () => {
  let isBroken = true
  const clientOf = () => {
    if (isBroken) throw new Error("who?")
    return { address: "127.0.0.1", https: false, host: "x" }
  }
  await using server = await registryServer({ clientOf })
  expect((await server.robot.request("GET", "/v2/team/app/tags/list")).status).toBe(500)
  expect(server.mistakes.length).toBe(2)
  isBroken = false
  expect((await server.robot.request("GET", "/v2/team/app/tags/list")).status).toBe(404)
})

test("what the registry says itself stays as it is, and what nobody foresaw is not shown", () => {
  const own = new RegistryError("DENIED", "no")
  expect(registryErrorOf(own)).toBe(own)
  expect(registryErrorOf(new Error("secret"))).toBeUndefined()
  expect(registryErrorOf("secret")).toBeUndefined()
})
