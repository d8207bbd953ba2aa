import { image, index, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { app, bytesOf, signal, testProxy, upstreamAt } from "./proxy.fixture.ts"

const one = image({ seed: "one", layers: [{ sizeBytes: 2000 }] })
const other = image({ seed: "other", layers: [{ sizeBytes: 2000 }] })
const minute = 60_000

test("fault 41: a tag that cannot be asked for is served as it was known, at once", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy, time } = await testProxy([upstreamAt(hub)], { patience: { stale: { totalMs: 300, rounds: 1 } } })
  const repository = proxy.repository(app)
  await repository.manifest("v1", signal)
  const stale = { cache: "stale", upstream: hub.host, descriptor: { digest: one.descriptor.digest } }
  const fresh = { ...stale, cache: "revalidated" }
  time.now += minute
  hub.fail("HEAD manifest", { as: "status", status: 503 })
  expect(await repository.manifest("v1", signal)).toMatchObject(stale)
  // a kept connection that is lost is tried once more by itself
  hub.fail("HEAD manifest", { as: "reset", times: 2 })
  expect(await repository.describe("v1", signal)).toMatchObject(stale)
  expect(await repository.manifest("v1", signal)).toMatchObject(fresh)
  time.now += minute
  hub.fail("HEAD manifest", { as: "stall", times: 9 })
  const startedAt = performance.now()
  expect(await repository.manifest("v1", signal)).toMatchObject(stale)
  const tookMs = performance.now() - startedAt
  // a slow upstream is not down for that
  expect(proxy.health()[0]?.circuit).toBe("closed")
  for (let i = 0; i < 2; i++) expect(await repository.manifest("v1", signal)).toMatchObject(stale)
  expect(proxy.health()[0]?.circuit).toBe("open")
  hub.clearRequests()
  expect(await repository.manifest("v1", signal)).toMatchObject(stale)
  expect(hub.requests).toEqual([])
  expect(tookMs).toBeGreaterThan(250)
})

test("fault 24: a host that limits us is not waited for where something old is here", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy, time } = await testProxy([upstreamAt(hub)])
  await proxy.repository(app).manifest("v1", signal)
  time.now += minute
  hub.fail("* manifest", { as: "status", status: 429, headers: { "retry-after": "60" }, times: 9 })
  for (let i = 0; i < 3; i++) expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({ cache: "stale" })
  expect(hub.count("HEAD manifest")).toBe(1)
})

test("fault 24: with no pulls left a tag that has moved on is served as it was, and what is left is shown", async () => {
  const quirks = { rateLimit: { limit: 2, windowSeconds: 21_600 } }
  await using hub = await testRegistry({ images: { "team/app:v1": one, "team/app:v2": one }, quirks })
  const { proxy, time } = await testProxy([upstreamAt(hub)])
  const repository = proxy.repository(app)
  await repository.manifest("v1", signal)
  expect(proxy.health()[0]?.pulls).toEqual({ limit: 2, remaining: 1, windowS: 21_600 })
  await repository.manifest("v2", signal)
  hub.add("team/app:v1", other)
  time.now += minute
  expect(await repository.manifest("v1", signal)).toMatchObject({ cache: "stale", descriptor: { digest: one.descriptor.digest } })
  expect(await repository.manifest("v2", signal)).toMatchObject({ cache: "revalidated" })
  expect(proxy.health()[0]?.pulls).toMatchObject({ remaining: 0 })
  await expect(repository.manifest(other.descriptor.digest, signal)).rejects.toMatchObject({ status: 429 })
})

test("fault 42: what upstream has no longer is not served for half a minute, and kept", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy, time, warehouse } = await testProxy([upstreamAt(hub)])
  const repository = proxy.repository(app)
  await repository.manifest("v1", signal)
  hub.deleteManifest("team/app", "v1")
  time.now += minute
  hub.clearRequests()
  for (let i = 0; i < 3; i++) expect(await repository.manifest("v1", signal)).toBeUndefined()
  expect(await repository.describe("v1", signal)).toBeUndefined()
  expect(repository.recall("v1")).toBeUndefined()
  expect(hub.requests.map(({ method }) => method)).toEqual(["HEAD"])
  const row = await warehouse.repositories.get(app.name)
  expect((await warehouse.tags.get(row?.id ?? 0, "v1"))?.digest).toBe(one.descriptor.digest)
  expect(await repository.manifest(one.descriptor.digest, signal)).toMatchObject({ cache: "hit" })
  hub.add("team/app:v1", one)
  time.now += 29_000
  expect(await repository.manifest("v1", signal)).toBeUndefined()
  time.now += 1_000
  expect(await repository.manifest("v1", signal)).toMatchObject({ cache: "revalidated" })
})

test("each upstream's own lifetime of tags holds", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy, time } = await testProxy([upstreamAt(hub, { tagLifetimeMs: 5_000 })])
  await proxy.repository(app).manifest("v1", signal)
  time.now += 4_999
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({ cache: "hit" })
  time.now += 1
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({ cache: "revalidated" })
})

test("fault 15: a tag that moves on between HEAD and GET is followed", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy, time } = await testProxy([upstreamAt(hub)])
  await proxy.repository(app).manifest("v1", signal)
  hub.add("team/app:v1", other)
  time.now += minute
  hub.fail("GET manifest", { as: "status", status: 404, reference: other.descriptor.digest })
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({
    cache: "miss",
    descriptor: { digest: other.descriptor.digest },
  })
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({
    cache: "hit",
    descriptor: { digest: other.descriptor.digest },
  })
})

test("S7: a manifest that is not what its digest says is not served, and not kept", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy } = await testProxy([upstreamAt(hub)], { patience: { miss: { totalMs: 3000, rounds: 2 } } })
  hub.fail("GET manifest", { as: "corrupt", at: 5, times: 9 })
  await expect(proxy.repository(app).manifest(one.descriptor.digest, signal)).rejects.toMatchObject({ status: 502 })
  hub.heal()
  expect(await proxy.repository(app).manifest(one.descriptor.digest, signal)).toMatchObject({ cache: "miss" })
})

test("with the upstream switched off a whole image is served, to the last blob", async () => {
  const all = index([one, other])
  await using hub = await testRegistry({ images: { "team/app:v1": all } })
  const through = await testProxy([upstreamAt(hub)])
  const { proxy, time } = through
  const repository = proxy.repository(app)
  const manifests = [all, one, other].map(({ descriptor }) => descriptor.digest)
  await repository.manifest("v1", signal)
  for (const digest of manifests) await repository.manifest(digest, signal)
  for (const digest of all.blobs.keys()) await bytesOf(through, digest)
  await hub.close()
  time.now += 60 * minute
  expect(await repository.manifest("v1", signal)).toMatchObject({ cache: "stale", upstream: hub.host })
  for (const digest of manifests) expect(await repository.manifest(digest, signal)).toMatchObject({ cache: "hit" })
  for (const [digest, { sizeBytes }] of all.blobs) expect((await bytesOf(through, digest))?.length).toBe(sizeBytes)
  expect(await repository.tags({ after: undefined, limit: 10 }, signal)).toEqual({ names: ["v1"], more: false })
  await expect(repository.manifest("v2", signal)).rejects.toMatchObject({ status: 502 })
})
