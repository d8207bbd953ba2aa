import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { needs, runProgram } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import {
  collect,
  imageOf,
  isWhole,
  mirrorOf,
  partialName,
  patience,
  pull,
  remotesOf,
  testFills,
  upstreamWith,
} from "./fills.fixture.ts"

const KiB = 1024
const MiB = 1024 * KiB
const never = new AbortController().signal

/** A disk of 512 KiB. */
async function smallDisk(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-fills-full-"))
  await runProgram("mount", ["-t", "tmpfs", "-o", "size=512k", "none", directory])
  onTestFinished(async () => {
    await runProgram("umount", [directory])
    await rm(directory, { recursive: true })
  })
  return directory
}

describe.skipIf(needs("root", "mount", "umount"))("fills on a disk that is too small", () => {
  test("fault 31: every client gets its bytes, one body for all of them, and nothing of it stays", async () => {
    const { registry, blob } = await upstreamWith("too large", MiB)
    const { fills, blobs, warehouse, told, directory } = await testFills({ directory: await smallDisk(), memoryBytes: 0 })
    const { image: small, blob: kept } = imageOf("small", 100 * KiB)
    await pull(fills, { repositoryId: 1, blob: kept, sources: remotesOf(await mirrorOf(small)) })
    const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
    const bodies = await Promise.all(Array.from({ length: 8 }, () => pull(fills, request)))
    expect(bodies.every((bytes) => isWhole(bytes, blob))).toBe(true)
    expect(registry.bytesOut("GET blob")).toBe(blob.size)
    await expect.poll(() => fills.running, patience).toBe(0)
    expect(told).toEqual(["a blob is passed through without being stored"])
    expect(warehouse.roomAsked).toHaveLength(1)
    expect(warehouse.entered).toEqual([`1 ${kept.digest} ${kept.size}`])
    expect(await readdir(join(directory, "partials"))).toEqual([])
    expect(isWhole(await collect(await blobs.read(kept.digest)), kept)).toBe(true)
  })

  test("fault 31: a slow client of a blob that passes through is in nobody's way", async () => {
    const { registry, blob } = await upstreamWith("passing", MiB)
    const { fills } = await testFills({ directory: await smallDisk(), memoryBytes: 0 })
    const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
    const slow = (await (await fills.open(request)).read({ from: 0, to: blob.size }, never))[Symbol.asyncIterator]()
    const chunks: Buffer[] = []
    for (let seen = 0; seen < 900 * KiB; seen += chunks.at(-1)?.length ?? 0) {
      const next = await slow.next()
      if (next.done) throw new Error("it ended")
      chunks.push(next.value)
    }
    expect(isWhole(await pull(fills, request), blob)).toBe(true)
    const range = await pull(fills, request, { from: 5, to: 800_005 })
    expect(range.equals(Buffer.concat(chunks).subarray(5, 800_005))).toBe(true)
    for (let next = await slow.next(); !next.done; next = await slow.next()) chunks.push(next.value)
    expect(isWhole(Buffer.concat(chunks), blob)).toBe(true)
  })

  test("fault 31: no more blobs pass through than there is memory for", async () => {
    const { registry, blob } = await upstreamWith("refused", MiB)
    const { fills } = await testFills({ directory: await smallDisk(), passThroughs: 0 })
    await expect(pull(fills, { repositoryId: 1, blob, sources: remotesOf(registry) })).rejects.toMatchObject({
      code: "local_io",
      message: "0 blobs are being passed through already since they cannot be stored",
    })
  })

  test("fault 31: a blob that nobody waits for is given up", async () => {
    const { registry, blob } = await upstreamWith("given up", MiB)
    const { fills, blobs } = await testFills({ directory: await smallDisk(), memoryBytes: 0 })
    const leaving = new AbortController()
    const served = await fills.open({ repositoryId: 1, blob, sources: remotesOf(registry) })
    for await (const _ of await served.read({ from: 0, to: blob.size }, leaving.signal)) break
    await expect.poll(() => fills.running, patience).toBe(0)
    expect(await blobs.statPartial(partialName(blob))).toBeUndefined()
  })

  test("fault 31: where room can be made, the blob is stored", async () => {
    const { image: old, blob: evicted } = imageOf("old", 300 * KiB)
    const { registry, blob } = await upstreamWith("new", 300 * KiB)
    const { fills, blobs, warehouse, told } = await testFills({ directory: await smallDisk() })
    await pull(fills, { repositoryId: 1, blob: evicted, sources: remotesOf(await mirrorOf(old)) })
    await expect.poll(() => fills.running, patience).toBe(0)
    warehouse.evict = async () => {
      await blobs.delete(evicted.digest)
      return true
    }
    const request = { repositoryId: 1, blob, sources: remotesOf(registry) }
    expect(isWhole(await pull(fills, request), blob)).toBe(true)
    await expect.poll(() => fills.running, patience).toBe(0)
    expect(isWhole(await collect(await blobs.read(blob.digest)), blob)).toBe(true)
    expect(told).toEqual([])
  })
})
