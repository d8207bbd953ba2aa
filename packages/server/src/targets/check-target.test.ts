import { createServer } from "node:http"
import { listenOnLoopback, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { openTestTargets, person } from "./targets.fixture.ts"

const ann = person(2, "operator")
const never = () => new AbortController().signal
const yes = { answer: "yes" }
const unknown = { answer: "unknown" }

test("a target that could be pushed to, typed and saved", async () => {
  await using hub = await testRegistry({ auth: { token: { robot: "s3cret" } } })
  await using test = await openTestTargets()
  const login = { username: "robot", password: "s3cret" }
  const all = { reachable: yes, tls: { answer: "plain" }, credentials: yes, push: yes }
  expect(await test.targets.check(ann, { address: hub.host, ...login }, never())).toEqual(all)
  const { id } = await test.targets.create(ann, { name: "hub", address: `${hub.host}/team`, ...login })
  expect(await test.targets.check(ann, { targetId: id }, never())).toEqual(all)
  expect(hub.matching("POST upload").map(({ path }) => path)).toEqual([
    "/v2/proxy/entrepot-check/blobs/uploads/",
    "/v2/team/entrepot-check/blobs/uploads/",
  ])
  expect(hub.openUploads()).toBe(0)
  const audit = (await test.stores.audit.list({ limit: 9 })).map(({ actorName, action }) => `${actorName} ${action}`)
  expect(audit).toEqual(["operator2 credentials.use", "operator2 target.create"])
})

test("wrong credentials, and none", async () => {
  await using hub = await testRegistry({ auth: { basic: { robot: "s3cret" } } })
  await using test = await openTestTargets()
  for (const login of [{}, { username: "robot", password: "canary wrong password" }]) {
    const check = await test.targets.check(ann, { address: hub.host, ...login }, never())
    expect(check).toMatchObject({ reachable: yes, tls: { answer: "plain" }, push: unknown })
    expect(check.credentials).toMatchObject({ answer: "no", code: "unauthorized" })
    expect(JSON.stringify(check)).not.toContain("canary")
  }
  expect(test.logged()).not.toContain("canary")
})

test("S3: not a word of what answers comes back", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "x-internal": "canary header" }).end('{"errors":[{"code":"X","message":"canary body"}]}')
  })
  const listening = await listenOnLoopback(server)
  onTestFinished(() => listening.close())
  await using test = await openTestTargets()
  const check = await test.targets.check(ann, { address: `127.0.0.1:${listening.port}`, plainHttp: true }, never())
  expect(JSON.stringify(check)).not.toContain("canary")
  expect(test.logged()).not.toContain("canary")
})

test("S3: our own socket is not dialled", async () => {
  await using hub = await testRegistry()
  await using test = await openTestTargets({ check: { http: { denied: [hub.host] } } })
  const check = await test.targets.check(ann, { address: hub.host }, never())
  expect(check.reachable).toMatchObject({ answer: "no", code: "address_blocked" })
  expect(hub.connections).toBe(0)
})

test("what does not answer is given up, and four at once are enough", async () => {
  const server = createServer(() => {})
  const listening = await listenOnLoopback(server)
  onTestFinished(() => listening.close())
  await using test = await openTestTargets({ check: { timeoutMs: 300 } })
  const address = `127.0.0.1:${listening.port}`
  const checks = Array.from({ length: 5 }, () =>
    test.targets.check(ann, { address, plainHttp: true }, never()).catch((error: Error) => error.message),
  )
  expect(await Promise.all(checks)).toEqual([
    ...Array(4).fill({
      reachable: { answer: "no", code: "network", hint: "there was no answer in time" },
      tls: unknown,
      credentials: unknown,
      push: unknown,
    }),
    "several targets are being checked already; try again in a moment",
  ])
  const stop = new AbortController()
  const check = test.targets.check(ann, { address, plainHttp: true }, stop.signal)
  stop.abort()
  await expect(check).rejects.toMatchObject({ code: "cancelled" })
})
