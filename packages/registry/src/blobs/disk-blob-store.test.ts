import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { digestOf } from "@entrepot/core"
import { expect, test } from "vitest"
import { createDiskBlobStore } from "./disk-blob-store.ts"

test("smoke", async () => {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-blobs-"))
  const store = await createDiskBlobStore({ directory })
  const bytes = Buffer.alloc(5_000_000, "some")
  const partial = await store.openPartial("fill-1")
  await partial.append([bytes.subarray(0, 100), bytes.subarray(100, 3_000_000)])
  await partial.append([bytes.subarray(3_000_000)])
  expect((await partial.read(2_999_999, 3_000_002)).length).toBe(3)
  const digest = digestOf(bytes)
  expect(await partial.digest()).toBe(digest)
  await partial.commit(digest)
  await partial.close()
  expect(await store.stat(digest)).toEqual({ digest, sizeBytes: 5_000_000 })
  const chunks: Buffer[] = []
  for await (const chunk of await store.read(digest)) chunks.push(chunk)
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
  expect(await store.verify(digest)).toBe(true)
  await store.close()
  await rm(directory, { recursive: true })
})
