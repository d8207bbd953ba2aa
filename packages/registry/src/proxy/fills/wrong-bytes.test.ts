import { digestOf, isTransferError } from "@entrepot/core"
import { expect, test } from "vitest"
import {
  collect,
  isWhole,
  mirrorOf,
  partialName,
  patience,
  pull,
  remotesOf,
  repository,
  testFills,
  upstreamWith,
} from "./fills.fixture.ts"

const KiB = 1024
const MiB = 1024 * KiB
const never = new AbortController().signal

test("fault 11: wrong bytes are fetched again from another source, and reach nobody whole", async () => {
  const { registry, image, blob } = await upstreamWith("lied once", MiB)
  const mirror = await mirrorOf(image)
  registry.fail("GET blob", { as: "corrupt", at: 1000, times: Number.POSITIVE_INFINITY })
  const { fills, blobs, told } = await testFills()
  const request = { repositoryId: 1, blob, sources: remotesOf(registry, mirror) }
  const seen: Buffer[] = []
  const reading = (async () => {
    for await (const chunk of await (await fills.open(request)).read({ from: 0, to: blob.size }, never)) seen.push(chunk)
  })()
  await expect(reading).rejects.toThrow(/^the bytes hash to sha256:[0-9a-f]{64}, not to /)
  expect(Buffer.concat(seen).length).toBeLessThan(blob.size)
  expect(isWhole(await pull(fills, request), blob)).toBe(true)
  await expect.poll(() => fills.running, patience).toBe(0)
  expect(isWhole(await collect(await blobs.read(blob.digest)), blob)).toBe(true)
  expect([registry.count("GET blob"), mirror.count("GET blob")]).toEqual([1, 1])
  expect(told).toEqual(["a blob arrived with wrong bytes and is fetched once more"])
})

test("fault 11: a small blob is withheld until it is right, so that a wrong first body is never noticed", async () => {
  const { registry, image, blob } = await upstreamWith("small lie", 40 * KiB)
  const mirror = await mirrorOf(image)
  registry.fail("GET blob", { as: "corrupt" })
  const { fills } = await testFills()
  expect(isWhole(await pull(fills, { repositoryId: 1, blob, sources: remotesOf(registry, mirror) }), blob)).toBe(true)
})

test("fault 11: wrong twice is DIGEST_INVALID for everybody, and nothing of it stays", async () => {
  const { registry, blob } = await upstreamWith("lied twice", MiB)
  registry.fail("GET blob", { as: "corrupt", at: 1000, times: Number.POSITIVE_INFINITY })
  const { fills, blobs, warehouse } = await testFills()
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  const bodies = await Promise.allSettled(Array.from({ length: 8 }, () => pull(fills, request)))
  expect(bodies.every((body) => body.status === "rejected" && isTransferError(body.reason, "digest_mismatch"))).toBe(true)
  await expect.poll(() => fills.running, patience).toBe(0)
  expect(registry.count("GET blob")).toBe(2)
  expect(warehouse.entered).toEqual([])
  expect(await blobs.stat(blob.digest)).toBeUndefined()
  expect(await blobs.statPartial(partialName(blob))).toBeUndefined()
})

test("fault 10: a body longer than the blob is refused", async () => {
  const { registry, blob } = await upstreamWith("longer", MiB)
  registry.fail("GET blob", { as: "longer", times: Number.POSITIVE_INFINITY })
  const { fills, warehouse } = await testFills()
  await expect(pull(fills, { repositoryId: 1, blob, sources: remotesOf(registry) })).rejects.toMatchObject({ code: "too_large" })
  expect(warehouse.entered).toEqual([])
})

test("sha512 digests are verified as well", async () => {
  const { registry, blob } = await upstreamWith("sha512", 200 * KiB)
  const bytes = Buffer.concat([...(registry.blob(repository, blob.digest)?.read() ?? [])])
  const wide = { ...blob, digest: digestOf(bytes, "sha512") }
  const { fills, blobs } = await testFills()
  const [source] = remotesOf(registry)
  if (source === undefined) throw new Error("no source")
  const renamed = {
    host: source.host,
    hasBlob: () => source.hasBlob(blob),
    openBlob: (_: unknown, range?: { from?: number; to?: number }, signal?: AbortSignal) => source.openBlob(blob, range, signal),
  }
  expect((await pull(fills, { repositoryId: 1, blob: wide, sources: [renamed] })).equals(bytes)).toBe(true)
  await expect.poll(async () => (await blobs.stat(wide.digest))?.sizeBytes, patience).toBe(bytes.length)
})
