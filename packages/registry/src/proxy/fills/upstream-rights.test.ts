import { testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { collect, isWhole, mirrorOf, patience, pull, remotesOf, testDirectory, testFills, upstreamWith } from "./fills.fixture.ts"

const KiB = 1024
const MiB = 1024 * KiB
const never = new AbortController().signal

test("S6: another repository gets bytes that are here, or on their way, only when its own upstream has them", async () => {
  const { registry, image, blob } = await upstreamWith("shared bytes", MiB)
  const rule = registry.fail("GET blob", { as: "stall", after: 500_000 })
  const mirror = await mirrorOf(image)
  const stranger = await testRegistry()
  onTestFinished(() => stranger.close())
  const { fills, warehouse } = await testFills({ session: { stallMs: 60_000 } })
  const [source] = remotesOf(registry)
  const mine = { repositoryId: 1, blob, sources: source ? [source] : [] }
  const allowed = { repositoryId: 2, blob, sources: remotesOf(mirror) }
  const refused = { repositoryId: 3, blob, sources: remotesOf(stranger) }
  const first = pull(fills, mine)
  await expect.poll(() => registry.bytesOut("GET blob"), patience).toBe(500_000)
  await expect(pull(fills, refused)).rejects.toMatchObject({ code: "not_found" })
  const second = pull(fills, allowed)
  await expect.poll(() => mirror.count("HEAD blob"), patience).toBe(1)
  rule.remove()
  await source?.openBlob(blob)
  await registry.close()
  await registry.listen()
  expect((await Promise.all([first, second])).every((bytes) => isWhole(bytes, blob))).toBe(true)
  await expect.poll(() => fills.running, patience).toBe(0)
  expect(warehouse.entered).toEqual([1, 2].map((id) => `${id} ${blob.digest} ${blob.size}`))
  await expect(pull(fills, refused)).rejects.toMatchObject({ code: "not_found" })
  const third = await fills.open({ ...allowed, repositoryId: 4 })
  expect(isWhole(await collect(await third.read({ from: 0, to: blob.size }, never)), blob)).toBe(true)
  expect([third.cache, third.upstream, mirror.count("GET blob")]).toEqual(["revalidated", mirror.host, 0])
  expect(warehouse.entered).toHaveLength(3)
})

test("S6: what an earlier fill left is shown to nobody before an upstream gives the rest", async () => {
  const { registry, blob } = await upstreamWith("left over", MiB)
  const directory = await testDirectory()
  const before = await testFills({ directory, session: { retryAttempts: 1 } })
  registry.fail("GET blob", { as: "reset", after: 800_000 })
  await expect(pull(before.fills, { repositoryId: 1, blob, sources: remotesOf(registry) })).rejects.toMatchObject({
    code: "network",
  })
  const stranger = await testRegistry()
  onTestFinished(() => stranger.close())
  await expect(pull(before.fills, { repositoryId: 2, blob, sources: remotesOf(stranger) })).rejects.toMatchObject({
    code: "not_found",
  })
})
