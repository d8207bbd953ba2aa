import { randomBytes } from "node:crypto"
import { open } from "node:fs/promises"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { type Descriptor, digestOf } from "@entrepot/core"
import { expect, onTestFinished, test } from "vitest"
import { canSend } from "../blobs/blob-store.ts"
import type { ServedBlob } from "./readable-repository.ts"
import { bytesOf, calm, pushBlob, type TestWarehouse, testWarehouse } from "./warehouse.fixture.ts"
import type { WarehouseOptions } from "./warehouse.ts"

const MiB = 1024 * 1024
const changed = "a blob's bytes have changed on disk; it was put aside"

/** A blob in `team/app`, one byte of which has changed since, as a process sees it that was started then. */
async function rotten(sizeBytes: number, at: number, options: Partial<WarehouseOptions> = {}) {
  const before = await testWarehouse(options)
  const bytes = randomBytes(sizeBytes)
  const blob = await pushBlob(before.hosted("team/app"), bytes)
  await flip(before, blob, at)
  const after = await before.restart()
  onTestFinished(() => after[Symbol.asyncDispose]())
  return { after, repository: after.hosted("team/app"), blob, bytes }
}

async function flip({ directory, blobs }: TestWarehouse, { digest }: Descriptor, at: number): Promise<void> {
  const file = await open(join(directory, "blobs", blobs.locationOf(digest) ?? ""), "r+")
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at)
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at)
  await file.close()
}

function found(blob: ServedBlob | undefined): ServedBlob {
  if (blob === undefined) throw new Error("the blob is not there")
  return blob
}

test("fault 45: a small blob that has changed since the last start is not served, and can be pushed again", async () => {
  const { after, repository, blob, bytes } = await rotten(5000, 4999)
  expect(await repository.blob(blob.digest, calm)).toBeUndefined()
  expect(after.logged).toEqual([changed])
  expect(await after.warehouse.store.blob(blob.digest)).toBeUndefined()
  await pushBlob(repository, bytes)
  expect(await bytesOf(await repository.blob(blob.digest, calm))).toEqual(bytes)
})

test("fault 45: a large one breaks off before its end, also where it sends itself, and is not served again", async () => {
  for (const how of ["read", "sent"] as const) {
    const { after, repository, blob } = await rotten(3 * MiB, 10)
    const served = found(await repository.blob(blob.digest, calm))
    expect(served.location).toBeUndefined()
    const stream = await served.read({ from: 0, to: blob.size }, calm)
    let arrived = 0
    const reading = async () => {
      if (how === "sent" && canSend(stream))
        await stream.sendTo(new PassThrough().on("data", (chunk) => (arrived += chunk.length)))
      else for await (const chunk of stream) arrived += chunk.length
    }
    await expect(reading()).rejects.toMatchObject({ code: "digest_mismatch" })
    expect(arrived).toBe(3 * MiB - 64 * 1024)
    expect(after.logged).toEqual([changed])
    expect(await repository.blob(blob.digest, calm)).toBeUndefined()
  }
})

test("fault 45: a range of the middle is served at once and has the blob looked at; one to the end waits", async () => {
  const { after, repository, blob, bytes } = await rotten(3 * MiB, 10)
  const served = found(await repository.blob(blob.digest, calm))
  const read = async (from: number, to: number) => {
    const chunks: Buffer[] = []
    for await (const chunk of await served.read({ from, to }, calm)) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks)
  }
  expect((await read(MiB, 2 * MiB)).equals(bytes.subarray(MiB, 2 * MiB))).toBe(true)
  await expect(read(3 * MiB - 5, 3 * MiB)).rejects.toThrow()
  await expect.poll(() => after.logged).toEqual([changed])
})

test("fault 45: bytes that are pushed again take the place of those that have changed", async () => {
  const { after, repository, blob, bytes } = await rotten(2 * MiB, 77)
  await pushBlob(repository, bytes)
  expect(after.logged).toEqual([])
  expect(digestOf((await bytesOf(await repository.blob(blob.digest, calm))) ?? Buffer.alloc(0))).toBe(blob.digest)
})

test("a blob is hashed once in a process, not at all by the one that stored it, nor where that is switched off", async () => {
  const first = await testWarehouse()
  const bytes = randomBytes(2 * MiB)
  const { digest } = await pushBlob(first.hosted("team/app"), bytes)
  const hashed = (opened: TestWarehouse) => {
    const seen: string[] = []
    const { verify } = opened.blobs
    opened.blobs.verify = (asked, signal) => {
      seen.push(asked)
      return verify.call(opened.blobs, asked, signal)
    }
    return seen
  }
  const readTwice = async (opened: TestWarehouse) => {
    const seen = hashed(opened)
    for (let i = 0; i < 2; i++) {
      const served = await Promise.all([
        opened.hosted("team/app").blob(digest, calm),
        opened.hosted("team/app").blob(digest, calm),
      ])
      for (const each of await Promise.all(served.map(bytesOf))) expect(each?.equals(bytes)).toBe(true)
    }
    return seen
  }
  expect(await readTwice(first)).toEqual([])
  const second = await first.restart()
  expect(await readTwice(second)).toEqual([digest])
  expect((await second.hosted("team/app").blob(digest, calm))?.location).toBe(second.blobs.locationOf(digest))
  const third = await second.restart({ isTrusting: true })
  onTestFinished(() => third[Symbol.asyncDispose]())
  expect(await readTwice(third)).toEqual([])
})
