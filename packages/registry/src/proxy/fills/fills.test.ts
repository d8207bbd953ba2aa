import { testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { collect, imageOf, isWhole, pull, remotesOf, repository, testFills } from "./fills.fixture.ts"

const MiB = 1024 * 1024

async function upstreamWith(seed: string, sizeBytes: number) {
  const { image, blob } = imageOf(seed, sizeBytes)
  const registry = await testRegistry({ images: { [`${repository}:1`]: image } })
  onTestFinished(() => registry.close())
  return { registry, image, blob }
}

test("64 cold clients cost one upstream body, and the blob is stored and entered", async () => {
  const { registry, blob } = await upstreamWith("sixty-four", MiB)
  const { fills, blobs, warehouse } = await testFills()
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  const bodies = await Promise.all(Array.from({ length: 64 }, () => pull(fills, request)))
  expect(bodies.every((bytes) => isWhole(bytes, blob))).toBe(true)
  expect(registry.count("GET blob")).toBe(1)
  expect(registry.bytesOut("GET blob")).toBe(blob.size)
  await expect.poll(() => fills.running).toBe(0)
  expect(warehouse.entered).toEqual([`1 ${blob.digest} ${blob.size}`])
  expect(isWhole(await collect(await blobs.read(blob.digest)), blob)).toBe(true)
})
