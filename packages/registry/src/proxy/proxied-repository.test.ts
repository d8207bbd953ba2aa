import { artifact, image, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { app, bytesOf, registry, signal, testProxy, upstreamAt } from "./proxy.fixture.ts"

const one = image({ seed: "one", layers: [{ sizeBytes: 4000 }] })
const other = image({ seed: "other", layers: [{ sizeBytes: 4000 }] })

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

test("a HEAD of what is not here costs a HEAD; the digest that is fetched then is the tag's", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy } = await testProxy([upstreamAt(hub)])
  const repository = proxy.repository(app)
  const { digest, mediaType, size } = one.descriptor
  const described = await Promise.all([1, 2, 3].map(() => repository.describe("v1", signal)))
  for (const each of described) expect(each).toMatchObject({ cache: "miss", descriptor: { digest, mediaType, size } })
  expect(await repository.describe("v1", signal)).toMatchObject({ cache: "hit", descriptor: { digest } })
  expect(await repository.describe(digest, signal)).toMatchObject({ cache: "miss", descriptor: { digest } })
  expect(hub.requests.map(({ method }) => method)).toEqual(["HEAD", "HEAD"])
  await repository.manifest(digest, signal)
  await hub.close()
  expect(await repository.manifest("v1", signal)).toMatchObject({ cache: "hit", descriptor: { digest } })
})

test("64 clients of one cold tag and one cold digest cost one request each", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one, "team/app:v2": other } })
  const { proxy } = await testProxy([upstreamAt(hub)])
  const repository = proxy.repository(app)
  const left = new AbortController()
  const leaving = repository.manifest("v1", left.signal)
  const all = Array.from({ length: 64 }, (_, i) => repository.manifest(i % 2 ? "v1" : other.descriptor.digest, signal))
  left.abort()
  await expect(leaving).rejects.toMatchObject({ code: "cancelled" })
  for (const found of await Promise.all(all)) expect(found).toMatchObject({ cache: "miss", upstream: hub.host })
  expect(hub.count("GET manifest")).toBe(2)
  expect(hub.requests.length).toBe(2)
})

test("what was asked for is kept although whoever asked has left", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { proxy } = await testProxy([upstreamAt(hub)])
  const left = new AbortController()
  const leaving = proxy.repository(app).manifest("v1", left.signal)
  left.abort()
  await expect(leaving).rejects.toMatchObject({ code: "cancelled" })
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({ descriptor: { digest: one.descriptor.digest } })
  expect(hub.count("GET manifest")).toBe(1)
})

test("tags are listed in pages, and asked for once in their lifetime", async () => {
  const tags = Array.from({ length: 25 }, (_, i) => `v${i}`)
  await using hub = await testRegistry({ images: Object.fromEntries(tags.map((tag) => [`team/app:${tag}`, one])) })
  const { proxy } = await testProxy([upstreamAt(hub)])
  const repository = proxy.repository(app)
  const seen: string[] = []
  for (let more = true; more; ) {
    const page = await repository.tags({ after: seen.at(-1), limit: 10 }, signal)
    seen.push(...(page?.names ?? []))
    more = page?.more ?? false
  }
  expect(seen).toEqual(tags.toSorted())
  expect(hub.count("GET tags")).toBe(1)
  expect(await repository.tags({ after: "zzz", limit: 10 }, signal)).toEqual({ names: [], more: false })
  const none = proxy.repository({ ...app, name: "hub.test/team/none", path: "team/none" })
  expect(await none.tags({ after: undefined, limit: 10 }, signal)).toBeUndefined()
})

test("referrers are the upstream's, and what is here of them when it is down", async () => {
  const signature = artifact({ artifactType: "application/x-signature", blobs: ["signed"], subject: one })
  const sbom = artifact({ artifactType: "application/x-sbom", blobs: ["parts"], subject: one })
  await using hub = await testRegistry({ images: { "team/app:v1": one, "team/app": signature, "team/app:sbom": sbom } })
  const { proxy, time } = await testProxy([upstreamAt(hub)])
  const repository = proxy.repository(app)
  await repository.manifest(signature.descriptor.digest, signal)
  const digests = async () => (await repository.referrers(one.descriptor.digest, signal)).map(({ digest }) => digest).toSorted()
  const both = [signature.descriptor.digest, sbom.descriptor.digest].toSorted()
  expect(await digests()).toEqual(both)
  expect(await digests()).toEqual(both)
  expect(hub.count("GET referrers")).toBe(1)
  expect(await repository.referrers(other.descriptor.digest, signal)).toEqual([])
  await hub.close()
  expect(await digests()).toEqual(both)
  time.now += 61_000
  const [here] = await repository.referrers(one.descriptor.digest, signal)
  const { digest, mediaType, size } = signature.descriptor
  expect(here).toEqual({ digest, mediaType, size, artifactType: "application/x-signature" })
})

test("an upstream's path prefix stands before the repository's path there alone", async () => {
  await using hub = await testRegistry({ images: { "cache/team/app:v1": one } })
  const through = await testProxy([upstreamAt(hub, { pathPrefix: "cache" })])
  const { proxy } = through
  expect(await proxy.repository(app).manifest("v1", signal)).toMatchObject({ cache: "miss" })
  for (const [digest, { sizeBytes }] of one.blobs) expect((await bytesOf(through, digest))?.length).toBe(sizeBytes)
  expect((await proxy.repositories({ limit: 9 })).map(({ name }) => name)).toEqual(["hub.test/team/app"])
})

test("a repository that another process has removed is read through again", async () => {
  await using hub = await testRegistry({
    images: { "team/app:v1": image({ seed: "first" }), "team/app:v2": image({ seed: "second" }) },
  })
  const { proxy, warehouse, database } = await testProxy([upstreamAt(hub)], { memoMs: 60_000 })
  await proxy.repository(app).manifest("v1", signal)
  const row = await warehouse.repositories.get(app.name)
  await database.warehouse.removeRepository(row?.id ?? 0)
  expect(await proxy.repository(app).manifest("v2", signal)).toMatchObject({ cache: "miss" })
  expect(await proxy.repository(app).manifest("v2", signal)).toMatchObject({ cache: "hit" })
})
