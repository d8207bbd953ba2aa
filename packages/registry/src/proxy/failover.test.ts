import { credentials } from "@entrepot/core"
import { freePort, image, type TestRegistry, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import type { RegistryError } from "../registry-error.ts"
import { app, signal, testProxy, upstreamAt } from "./proxy.fixture.ts"
import { TurnedAway } from "./turned-away.ts"

const one = image({ seed: "one", layers: [{ sizeBytes: 2000 }] })
const images = { "team/app:v1": one }

const first = (server: { readonly origin: string }) => upstreamAt(server, { id: 1, priority: 1 })
const second = (server: { readonly origin: string }) => upstreamAt(server, { id: 2, priority: 2 })

async function refused(work: Promise<unknown>): Promise<RegistryError> {
  return await work.then(
    () => {
      throw new Error("it was answered")
    },
    (error: RegistryError) => error,
  )
}

const nobody = async () => ({ origin: `http://127.0.0.1:${await freePort()}` })

test("upstreams are asked by priority, whatever their place in the list", async () => {
  await using mirror = await testRegistry({ images })
  await using hub = await testRegistry({ images })
  const { proxy } = await testProxy([second(hub), first(mirror)])
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({ cache: "miss", upstream: mirror.host })
  expect(hub.requests).toEqual([])
})

test("what the first one lacks, limits, refuses or garbles comes from the next", async () => {
  const faults: readonly ((on: TestRegistry) => unknown)[] = [
    () => undefined,
    (on) => on.fail("* manifest", { as: "status", status: 500 }),
    (on) => on.fail("* manifest", { as: "status", status: 401 }),
    (on) => on.fail("* manifest", { as: "status", status: 403 }),
    (on) => on.fail("* manifest", { as: "reset" }),
    (on) => on.fail("* manifest", { as: "status", status: 200, body: "<html>" }),
    (on) => on.fail("* manifest", { as: "status", status: 429, headers: { "retry-after": "1" } }),
  ]
  const several = faults.map((_, number) => image({ seed: `image ${number}` }))
  await using mirror = await testRegistry({ images: { "team/other:v1": one } })
  await using hub = await testRegistry({ images: Object.fromEntries(several.map((each, at) => [`team/app:v${at}`, each])) })
  const { proxy } = await testProxy([first(mirror), second(hub)], { circuit: { threshold: 100 } })
  for (const [number, fault] of faults.entries()) {
    mirror.clearRequests()
    mirror.heal()
    fault(mirror)
    const found = await proxy.repository(app).manifest(several[number]?.descriptor.digest ?? "", signal)
    expect([number, found?.upstream, found?.cache, mirror.count("GET manifest") > 0]).toEqual([number, hub.host, "miss", true])
  }
})

test("what is not here is asked for again after a failure, where nobody else can be asked", async () => {
  await using hub = await testRegistry({ images })
  const { proxy } = await testProxy([first(hub)], { patience: { miss: { totalMs: 5000, rounds: 2 } } })
  hub.fail("GET manifest", { as: "status", status: 502 })
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({ cache: "miss" })
  expect(proxy.health()[0]).toMatchObject({ circuit: "closed", lastFailureAt: null })
})

test("a blob comes from the next upstream when the first breaks off in its middle", async () => {
  const large = image({ seed: "large", layers: [{ sizeBytes: 600_000 }] })
  const digest = [...large.blobs].find(([, content]) => content.sizeBytes === 600_000)?.[0] ?? ""
  await using mirror = await testRegistry({ images: { "team/app:v1": large } })
  await using hub = await testRegistry({ images: { "team/app:v1": large } })
  const { proxy } = await testProxy([first(mirror), second(hub)])
  await proxy.repository(app).manifest("v1", signal)
  mirror.fail("GET blob", { as: "reset", after: 300_000 })
  const blob = await proxy.repository(app).blob(digest, signal)
  let bytes = 0
  for await (const chunk of (await blob?.read({ from: 0, to: 600_000 }, signal)) ?? []) bytes += chunk.length
  expect(bytes).toBe(600_000)
  expect(hub.matching("GET blob")[0]?.headers.range).toMatch(/^bytes=[1-9]\d*-/)
})

test("fault 41: 404 is the answer only when all said so", async () => {
  await using mirror = await testRegistry({ images: { "team/other:v1": one } })
  await using hub = await testRegistry({ images: { "team/app:other": one } })
  const both = await testProxy([first(mirror), second(hub)])
  expect(await both.proxy.repository(app).manifest("v1", signal)).toBeUndefined()
  expect(await both.proxy.repository(app).describe("v1", signal)).toBeUndefined()
  const down = await nobody()
  for (const upstreams of [
    [first(mirror), second(down)],
    [first(down), second(hub)],
  ]) {
    const { proxy } = await testProxy(upstreams)
    const { host } = new URL(down.origin)
    const expected = { code: "UPSTREAM_FAILED", status: 502, message: `${host} cannot be asked, and this is not here yet` }
    expect(await refused(proxy.repository(app).manifest("v1", signal))).toMatchObject(expected)
    expect(await refused(proxy.repository(app).describe("v1", signal))).toMatchObject(expected)
    expect(await refused(proxy.repository(app).blob(one.descriptor.digest, signal))).toMatchObject(expected)
  }
})

test("fault 41: an upstream that says nothing is 504, and costs the next request nothing", async () => {
  await using hub = await testRegistry({ images })
  hub.fail("* manifest", { as: "stall", times: 9 })
  const { proxy } = await testProxy([first(hub)], { patience: { miss: { totalMs: 400, rounds: 1 } } })
  expect(await refused(proxy.repository(app).manifest("v1", signal))).toMatchObject({
    code: "UPSTREAM_TIMEOUT",
    status: 504,
    message: `${hub.host} does not answer, and this is not here yet`,
  })
  const asked = hub.requests.length
  const next = await refused(proxy.repository(app).manifest("v2", signal))
  expect(next).toMatchObject({ status: 504, retryAfterS: 5 })
  expect(hub.requests.length).toBe(asked)
})

test("fault 24: a limit at every upstream is 429 with its time, never 404", async () => {
  await using hub = await testRegistry({ images })
  hub.fail("* manifest", { as: "status", status: 429, headers: { "retry-after": "40" }, times: 9 })
  const { proxy } = await testProxy([first(hub)])
  const message = `${hub.host} limits what we may ask of it, and this is not here yet`
  for (const reference of ["v1", "v2"]) {
    const error = await refused(proxy.repository(app).manifest(reference, signal))
    expect(error).toMatchObject({ code: "TOOMANYREQUESTS", status: 429, message })
    expect([39, 40]).toContain(error.retryAfterS)
  }
  expect(hub.count("GET manifest")).toBe(1)
})

test("a login of ours that is refused is 502 for clients; strangers who are turned away are told 404", async () => {
  await using hub = await testRegistry({ images, auth: { token: { robot: "right" } } })
  const wrong = async () => credentials({ username: "robot", password: "wrong" })
  const ours = await testProxy([{ ...first(hub), credentials: wrong }])
  expect(await refused(ours.proxy.repository(app).manifest("v1", signal))).toMatchObject({
    code: "UPSTREAM_FAILED",
    status: 502,
    message: `${hub.host} refuses the login that is configured for it`,
  })
  hub.clearRequests()
  const { proxy } = await testProxy([first(hub)])
  for (let i = 0; i < 2; i++) {
    const error = await refused(proxy.repository(app).manifest("v1", signal))
    expect(error).toBeInstanceOf(TurnedAway)
    expect(error).toMatchObject({
      code: "NAME_UNKNOWN",
      status: 404,
      message: `hub.test/team/app does not exist, or needs a login at ${hub.host}`,
    })
  }
  // asked for the challenge, then with an anonymous token
  expect(hub.count("* manifest")).toBe(2)
  const right = await testProxy([
    { ...first(hub), credentials: async () => credentials({ username: "robot", password: "right" }) },
  ])
  expect(await right.proxy.repository(app).manifest("v1", signal)).toMatchObject({ cache: "miss" })
})

test("an upstream that has failed three times is left alone, then tried by one request", async () => {
  await using mirror = await testRegistry({ images })
  await using hub = await testRegistry({ images })
  const { proxy, time } = await testProxy([first(mirror), second(hub)], { circuit: { threshold: 3 } })
  await mirror.close()
  for (const tag of ["a", "b", "c"])
    expect(
      await proxy
        .repository(app)
        .manifest(tag, signal)
        .catch(() => "502"),
    ).toBe("502")
  const [health] = proxy.health()
  expect(health).toMatchObject({ upstreamId: 1, host: mirror.host, circuit: "open", retryAt: time.now + 5000 })
  expect(health?.lastError).toBe(`network: connection refused by ${mirror.host}`)
  await mirror.listen()
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({ upstream: hub.host })
  expect(mirror.requests).toEqual([])
  time.now += 5000
  expect(proxy.health()[0]?.circuit).toBe("half-open")
  expect(await proxy.repository(app).describe("v9", signal)).toBeUndefined()
  expect(proxy.health()[0]).toMatchObject({ circuit: "closed", retryAt: null, lastSuccessAt: time.now })
})

test("an image that is wrong in itself does not cost the others their upstream", async () => {
  const body = JSON.stringify({ schemaVersion: 1, fsLayers: [] })
  await using hub = await testRegistry({ images })
  const { proxy } = await testProxy([first(hub)])
  hub.fail("GET manifest", { as: "status", status: 200, body, times: 4, reference: "old" })
  hub.fail("GET manifest", { as: "status", status: 500, times: 4, reference: "broken" })
  for (let i = 0; i < 4; i++) {
    expect(await refused(proxy.repository(app).manifest("old", signal))).toMatchObject({
      status: 502,
      message: expect.stringMatching(/^manifest sha256:[0-9a-f]{64} is Docker schema 1, which registries no longer take$/),
    })
    expect(await refused(proxy.repository(app).manifest("broken", signal))).toMatchObject({ status: 502 })
  }
  expect(proxy.health()[0]?.circuit).toBe("closed")
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({ cache: "miss" })
})

test("an upstream that is taken out of the list is not asked any more, one that only got another priority keeps its health", async () => {
  await using mirror = await testRegistry({ images: { ...images, "team/app:v2": one } })
  await using hub = await testRegistry({ images: { ...images, "team/app:v2": one } })
  const { proxy, use } = await testProxy([first(mirror), second(hub)])
  await proxy.repository(app).manifest("v1", signal)
  expect(proxy.health().map(({ lastSuccessAt }) => lastSuccessAt !== null)).toEqual([true, false])
  use({ ...second(mirror), id: 1 }, { ...first(hub), id: 2 })
  expect(proxy.health().find(({ host }) => host === mirror.host)?.lastSuccessAt).not.toBeNull()
  use(second(hub))
  expect(await proxy.repository(app).describe("v2", signal)).toMatchObject({ upstream: hub.host })
  expect(mirror.count("HEAD manifest")).toBe(0)
})
