import { faultProxy, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { PasswordCredentials } from "../../http/credentials/credentials.ts"
import { checkTarget } from "./check.ts"
import { scriptedRegistry, testHttp } from "./remote.fixture.ts"

const right = { credentials: async () => new PasswordCredentials("pusher", "s3cret") }
const wrong = { credentials: async () => new PasswordCredentials("pusher", "wrong") }

test("a target that takes everything leaves nothing behind", async () => {
  await using hub = await testRegistry({ auth: { token: { pusher: "s3cret" } } })
  await using http = testHttp(right)
  expect(await checkTarget(http, hub.host, "team/app")).toEqual({
    reachable: { answer: "yes" },
    tls: { answer: "plain" },
    credentials: { answer: "yes" },
    push: { answer: "yes" },
  })
  expect(hub.openUploads()).toBe(0)
})

test.each([{ basic: { pusher: "s3cret" } }, { token: { pusher: "s3cret" } }])(
  "a wrong password is told from a missing right: %j",
  async (auth) => {
    await using hub = await testRegistry({ auth })
    await using http = testHttp(wrong)
    const check = await checkTarget(http, hub.host, "team/app")
    expect(check).toMatchObject({ reachable: { answer: "yes" }, tls: { answer: "plain" }, push: { answer: "unknown" } })
    expect(check.credentials).toMatchObject({ answer: "no", code: "unauthorized" })
  },
)

test("an account that may only read is told so", async () => {
  const grant = (_user: string | undefined, _repository: string, actions: readonly string[]) =>
    actions.filter((action) => action === "pull")
  await using hub = await testRegistry({ auth: { token: { pusher: "s3cret" }, grant } })
  await using http = testHttp(right)
  const check = await checkTarget(http, hub.host, "team/app")
  expect(check.credentials).toEqual({ answer: "yes" })
  expect(check.push.answer).toBe("no")
})

test("nobody there", async () => {
  await using proxy = await faultProxy(1, [{ as: "refuse" }])
  await using http = testHttp()
  const check = await checkTarget(http, proxy.host, "team/app")
  expect(check.reachable).toMatchObject({ answer: "no", code: "network" })
  expect([check.tls, check.credentials, check.push]).toEqual([
    { answer: "unknown" },
    { answer: "unknown" },
    { answer: "unknown" },
  ])
})

test("something that is no registry is reachable, and not a word of it comes back", async () => {
  await using registry = await scriptedRegistry(() => ({
    status: 404,
    body: '{"errors":[{"code":"X","message":"internal secret"}]}',
  }))
  await using http = testHttp()
  const check = await checkTarget(http, registry.host, "team/app")
  expect(check).toMatchObject({
    reachable: { answer: "yes" },
    credentials: { answer: "unknown" },
    push: { answer: "no", code: "not_found" },
  })
  expect(JSON.stringify(check)).not.toContain("secret")
})
