import { giveBack, TransferError } from "@entrepot/core"
import { expect, test } from "vitest"
import { collect, isWhole, partialName, patience, pull, remotesOf, repository, testFills, upstreamWith } from "./fills.fixture.ts"

const KiB = 1024
const MiB = 1024 * KiB
const never = new AbortController().signal

test("64 cold clients cost one upstream body, and the blob is stored and entered", async () => {
  const { registry, blob } = await upstreamWith("sixty-four", MiB)
  const { fills, blobs, warehouse } = await testFills()
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  const bodies = await Promise.all(Array.from({ length: 64 }, () => pull(fills, request)))
  expect(bodies.every((bytes) => isWhole(bytes, blob))).toBe(true)
  expect(registry.count("GET blob")).toBe(1)
  expect(registry.bytesOut("GET blob")).toBe(blob.size)
  await expect.poll(() => fills.running, patience).toBe(0)
  expect(warehouse.entered).toEqual([`1 ${blob.digest} ${blob.size}`])
  expect(isWhole(await collect(await blobs.read(blob.digest)), blob)).toBe(true)
})

test("the first byte comes long before the last, and whoever joins late gets what has come at once", async () => {
  const { registry, blob } = await upstreamWith("early", MiB)
  const rule = registry.fail("GET blob", { as: "stall", after: 600 * KiB })
  const { fills } = await testFills({ session: { stallMs: 60_000 } })
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  for (let reader = 0; reader < 2; reader++) {
    const stream = (await (await fills.open(request)).read({ from: 0, to: blob.size }, never))[Symbol.asyncIterator]()
    let seen = 0
    while (seen < 600 * KiB) seen += (await stream.next()).value?.length ?? 0
    await stream.return?.()
  }
  expect(rule.strikes).toBe(1)
  expect(registry.count("GET blob")).toBe(1)
})

test("what one reader gives back stays whole for the others", async () => {
  const { registry, blob } = await upstreamWith("given back", MiB)
  const { fills } = await testFills()
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  const kept: Buffer[] = []
  const hasty = async () => {
    for await (const chunk of await (await fills.open(request)).read({ from: 0, to: blob.size }, never)) giveBack(chunk)
  }
  const keeping = async () => {
    for await (const chunk of await (await fills.open(request)).read({ from: 0, to: blob.size }, never)) kept.push(chunk)
  }
  await Promise.all([hasty(), keeping(), hasty()])
  expect(isWhole(Buffer.concat(kept), blob)).toBe(true)
})

test("fault 43: the fill goes on when its clients leave", async () => {
  const { registry, blob } = await upstreamWith("left alone", MiB)
  registry.fail("GET blob", { as: "drip", bytesPerSecond: 2 * MiB })
  const { fills, warehouse } = await testFills()
  const leaving = new AbortController()
  const served = await fills.open({ repositoryId: 1, blob, sources: remotesOf(registry) })
  const reading = collect(await served.read({ from: 0, to: blob.size }, leaving.signal))
  leaving.abort()
  await expect(reading).rejects.toThrow("cancelled")
  await expect.poll(() => warehouse.entered, patience).toEqual([`1 ${blob.digest} ${blob.size}`])
  expect(registry.count("GET blob")).toBe(1)
})

test("a client that stops reading holds up neither the fill nor the others", async () => {
  const { registry, blob } = await upstreamWith("stopped", MiB)
  const { fills, warehouse } = await testFills({ memoryBytes: 0 })
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  const stopped = (await (await fills.open(request)).read({ from: 0, to: blob.size }, never))[Symbol.asyncIterator]()
  const first = await stopped.next()
  expect(isWhole(await pull(fills, request), blob)).toBe(true)
  await expect.poll(() => warehouse.entered.length, patience).toBe(1)
  const chunks = [first.value ?? Buffer.alloc(0)]
  for (let next = await stopped.next(); !next.done; next = await stopped.next()) chunks.push(next.value)
  expect(isWhole(Buffer.concat(chunks), blob)).toBe(true)
  expect(registry.bytesOut("GET blob")).toBe(blob.size)
})

test("a range of a cold blob comes out of its fill", async () => {
  const { registry, blob } = await upstreamWith("range", MiB)
  const { fills } = await testFills()
  const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
  const ends = await Promise.all([
    pull(fills, request, { from: 300_001, to: 400_002 }),
    pull(fills, request, { from: blob.size - 1 }),
    pull(fills, request, { from: 0, to: 1 }),
  ])
  const whole = await pull(fills, request)
  expect(ends[0]?.equals(whole.subarray(300_001, 400_002))).toBe(true)
  expect(ends[1]?.equals(whole.subarray(-1))).toBe(true)
  expect(ends[2]?.equals(whole.subarray(0, 1))).toBe(true)
  expect(registry.bytesOut("GET blob")).toBe(blob.size)
})

test("what fails before the first byte is told by `read`, and nothing is asked before it", async () => {
  const { registry, blob } = await upstreamWith("absent", MiB)
  registry.deleteBlob(repository, blob.digest)
  const { fills, blobs } = await testFills()
  const served = await fills.open({ repositoryId: 1, blob, sources: remotesOf(registry) })
  expect(registry.requests).toEqual([])
  expect(served).toMatchObject({ digest: blob.digest, sizeBytes: blob.size, cache: "miss", upstream: registry.host })
  await expect(served.read({ from: 0, to: blob.size }, never)).rejects.toBeInstanceOf(TransferError)
  await expect.poll(() => fills.running, patience).toBe(0)
  expect(await blobs.statPartial(partialName(blob))).toBeUndefined()
})
