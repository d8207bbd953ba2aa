import { image, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { app, bytesOf, registry, signal, testProxy, upstreamAt } from "./proxy.fixture.ts"

const one = image({ seed: "one", layers: [{ sizeBytes: 4000 }] })
const other = image({ seed: "other", layers: [{ sizeBytes: 4000 }] })
const layerOf = (of: typeof one) => [...of.blobs.keys()].at(-1) ?? ""

test("a tag is fetched once, then served from memory, and asked for again by HEAD when it is old", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy, time, warehouse } = await testProxy([upstreamAt(hub)])
  const repository = proxy.repository(app)
  expect(repository.recall("v1")).toBeUndefined()
  const cold = await repository.manifest("v1", signal)
  expect(cold).toMatchObject({ cache: "miss", upstream: hub.host, descriptor: { digest: one.descriptor.digest } })
  expect(cold?.bytes).toEqual(one.manifest)
  const warm = await repository.manifest("v1", signal)
  expect(warm).toMatchObject({ cache: "hit" })
  expect(warm?.bytes).toEqual(one.manifest)
  expect(repository.recall("v1")).toBe(warm)
  expect(repository.recall(one.descriptor.digest)).toBe(warm)
  expect(hub.requests.map(({ method, resource }) => `${method} ${resource}`)).toEqual(["GET manifest"])
  time.now += 61_000
  expect(repository.recall("v1")).toBeUndefined()
  expect(await repository.manifest("v1", signal)).toMatchObject({ cache: "revalidated", upstream: hub.host })
  expect(await repository.manifest("v1", signal)).toMatchObject({ cache: "hit" })
  hub.add("team/app:v1", other)
  time.now += 61_000
  expect(await repository.manifest("v1", signal)).toMatchObject({
    cache: "miss",
    descriptor: { digest: other.descriptor.digest },
  })
  expect(hub.count("HEAD manifest")).toBe(2)
  expect(hub.count("GET manifest")).toBe(2)
  const row = await warehouse.repositories.get(app.name)
  expect(row).toMatchObject({ name: "hub.test/team/app", registry, projectId: null, shared: true })
})

test("a whole image with the upstream switched off", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy, time } = await testProxy([upstreamAt(hub)])
  const repository = proxy.repository(app)
  await repository.manifest("v1", signal)
  for (const [digest, content] of one.blobs) expect((await bytesOf(proxy, digest))?.length).toBe(content.sizeBytes)
  await hub.close()
  time.now += 61_000
  expect(await repository.manifest("v1", signal)).toMatchObject({ cache: "stale", upstream: hub.host })
  expect(await repository.manifest(one.descriptor.digest, signal)).toMatchObject({ cache: "hit" })
  for (const [digest, content] of one.blobs) expect((await bytesOf(proxy, digest))?.length).toBe(content.sizeBytes)
  expect(await repository.tags({ after: undefined, limit: 10 }, signal)).toEqual({ names: ["v1"], more: false })
  expect(layerOf(one)).not.toBe("")
})
