import { expect, test } from "vitest"
import { TransferError } from "../../errors/transfer-error.ts"
import { placed } from "./registry-error.ts"
import { failureOf, scriptedRegistry, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

async function answered(status: number, body = "", side: "source" | "target" = "source") {
  await using registry = await scriptedRegistry(() => ({ status, body }))
  await using http = testHttp({ retry: { attempts: 1 } })
  const remote = openRemote({ host: registry.host, repository: "a", http, side })
  const error = await failureOf(remote.getManifest("v1"))
  return { error, host: registry.host }
}

const withCode = (code: string, message = "") => JSON.stringify({ errors: [{ code, message }] })

test.each([
  [401, "", "unauthorized"],
  [403, "", "forbidden"],
  [400, withCode("DENIED"), "forbidden"],
  [404, "", "not_found"],
  [405, "", "unsupported"],
  [400, withCode("UNSUPPORTED"), "unsupported"],
  [413, "", "rejected"],
  [400, withCode("TOOMANYREQUESTS"), "rate_limited"],
  [429, "", "rate_limited"],
  [500, "", "server_error"],
  [302, "", "protocol"],
])("%i %s is %s", async (status, body, code) => {
  expect((await answered(status, body)).error.code).toBe(code)
})

test("the registry's words are one short line without secrets", async () => {
  const { error, host } = await answered(400, withCode("MANIFEST_INVALID", `see\n\u0007https://x/y?token=abc ${"z".repeat(400)}`))
  expect(error.message).toHaveLength(`${host} answered 400 to the manifest a:v1: MANIFEST_INVALID, `.length + 301)
  expect(error.message).not.toMatch(/abc|\n|\p{Cc}/u)
  expect(error.registryCode).toBe("MANIFEST_INVALID")
})

test("an error page of any length is no error of its own", async () => {
  const { error, host } = await answered(404, `{${" ".repeat(70_000)}}`)
  expect(error.message).toBe(`${host} answered 404 to the manifest a:v1`)
  expect((await answered(404, "<html>gone</html>")).error.registryCode).toBeUndefined()
  expect((await answered(404, '{"errors":"many"}')).error.registryCode).toBeUndefined()
  expect((await answered(404, '{"errors":[{"code":7}]}')).error.registryCode).toBeUndefined()
})

test("Docker Hub's 401 is explained", () => {
  const refused = new TransferError("unauthorized", "refused", { status: 401, hint: "log in" })
  const hub = { host: "registry-1.docker.io", what: "the manifest x" }
  expect(placed(refused, { ...hub, side: "source" }).hint).toBe("the repository does not exist, or needs credentials")
  expect(placed(refused, { ...hub, side: "target" }).hint).toBe("log in")
})
