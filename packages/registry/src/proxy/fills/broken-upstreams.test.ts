import { expect, test } from "vitest"
import {
  askedFrom,
  collect,
  isWhole,
  mirrorOf,
  partialName,
  patience,
  pull,
  remotesOf,
  testDirectory,
  testFills,
  upstreamWith,
} from "./fills.fixture.ts"

const KiB = 1024
const MiB = 1024 * KiB
const never = new AbortController().signal

test("fault 4: a connection that breaks is resumed at the byte, for all readers", async () => {
  const { registry, blob } = await upstreamWith("resumed", MiB)
  registry.fail("GET blob", { as: "reset", after: 500_000 })
  const { fills } = await testFills()
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  const bodies = await Promise.all([pull(fills, request), pull(fills, request)])
  expect(bodies.every((bytes) => isWhole(bytes, blob))).toBe(true)
  const [first, second, ...more] = askedFrom(registry)
  expect([first, more]).toEqual([0, []])
  expect(second).toBeGreaterThan(0)
  expect(second).toBeLessThanOrEqual(500_000)
})

test("fault 6: an upstream that falls silent is asked again at the byte", async () => {
  const { registry, blob } = await upstreamWith("silent", MiB)
  registry.fail("GET blob", { as: "stall", after: 400_000 })
  const { fills } = await testFills({ session: { stallMs: 100 } })
  expect(isWhole(await pull(fills, { repositoryId: 1, blob, sources: remotesOf(registry) }), blob)).toBe(true)
  expect(askedFrom(registry)).toEqual([0, 400_000])
})

test("another upstream carries on in the middle of a blob where the first is switched off", async () => {
  const { registry, image, blob } = await upstreamWith("switched off", MiB)
  const mirror = await mirrorOf(image)
  registry.fail("GET blob", { as: "stall", after: 500_000 })
  const { fills, told } = await testFills({ session: { stallMs: 60_000 } })
  const served = await fills.open({ repositoryId: 1, blob, sources: remotesOf(registry, mirror) })
  const stream = await served.read({ from: 0, to: blob.size }, never)
  expect(served.upstream).toBe(registry.host)
  const whole = collect(stream)
  await expect.poll(() => registry.bytesOut("GET blob"), patience).toBe(500_000)
  await registry.close()
  expect(isWhole(await whole, blob)).toBe(true)
  expect(mirror.bytesOut("GET blob")).toBeLessThanOrEqual(blob.size - 400_000)
  expect(told).toEqual([])
})

test("a failed fill leaves what has come, and the next goes on there", async () => {
  const { registry, blob } = await upstreamWith("broken for good", MiB)
  const rule = registry.fail("GET blob", { as: "reset", after: 400_000, times: Number.POSITIVE_INFINITY })
  const { fills } = await testFills({ session: { retryAttempts: 1 } })
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  await expect(pull(fills, request)).rejects.toMatchObject({ code: "network", side: "source", host: registry.host })
  await expect.poll(() => fills.running, patience).toBe(0)
  rule.remove()
  registry.clearRequests()
  expect(isWhole(await pull(fills, request), blob)).toBe(true)
  expect(askedFrom(registry).every((from) => from > 0)).toBe(true)
})

test("fault 32: a new process goes on where the one before it ended", async () => {
  const { registry, blob } = await upstreamWith("restarted", MiB)
  const rule = registry.fail("GET blob", { as: "stall", after: 700_000 })
  const directory = await testDirectory()
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  const first = await testFills({ directory, session: { stallMs: 60_000 } })
  const cut = pull(first.fills, request)
  await expect.poll(() => registry.bytesOut("GET blob"), patience).toBe(700_000)
  const name = partialName(blob)
  await expect.poll(async () => (await first.blobs.statPartial(name))?.sizeBytes, patience).toBe(700_000)
  const closing = performance.now()
  await Promise.all([expect(cut).rejects.toThrow("cancelled"), first.fills.close()])
  expect(performance.now() - closing).toBeLessThan(1000)
  await expect(pull(first.fills, request)).rejects.toThrow("cancelled")
  await first.blobs.close()
  rule.remove()
  registry.clearRequests()
  const second = await testFills({ directory })
  expect(isWhole(await pull(second.fills, request), blob)).toBe(true)
  expect(askedFrom(registry)).toEqual([700_000])
})

test("a partial blob that was damaged meanwhile is noticed, and fetched from its beginning", async () => {
  const { registry, blob } = await upstreamWith("damaged", MiB)
  const { fills, blobs } = await testFills()
  const partial = await blobs.openPartial(partialName(blob))
  await partial.append([Buffer.alloc(300_000, "x")])
  await partial.close()
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  await expect(pull(fills, request)).rejects.toMatchObject({ code: "digest_mismatch" })
  expect(isWhole(await pull(fills, request), blob)).toBe(true)
  expect(askedFrom(registry)).toEqual([300_000, 0])
})
