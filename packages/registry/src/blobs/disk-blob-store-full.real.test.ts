import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { digestOf } from "@entrepot/core"
import { needs, runProgram } from "@entrepot/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createDiskBlobStore } from "./disk-blob-store.ts"
import { isDiskFull } from "./is-disk-full.ts"

describe.skipIf(needs("mount", "umount", "root"))("blobs on a full disk", () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "entrepot-full-"))
    await runProgram("mount", ["-t", "tmpfs", "-o", "size=8m", "none", directory])
  })
  afterEach(async () => {
    await runProgram("umount", [directory])
    await rm(directory, { recursive: true })
  })

  it("fault 31: says so, tells what has arrived, keeps what it had, and goes on when there is room", async () => {
    const store = await createDiskBlobStore({ directory })
    const first = Buffer.alloc(3_000_000, "first")
    const before = await store.openPartial("fill-1")
    await before.append([first])
    await before.commit(digestOf(first))
    await before.close()

    const large = Buffer.alloc(6_000_000, "large")
    const partial = await store.openPartial("fill-2")
    await partial.append([large.subarray(0, 1_000_000)])
    const failure = await partial
      .append([large.subarray(1_000_000, 2_000_000), large.subarray(2_000_000)])
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: "local_io",
      message: `cannot use ${directory}/partials/fill-2: ENOSPC`,
      hint: "the disk is full: make room and start again, what is already there is kept",
    })
    expect(isDiskFull(failure)).toBe(true)
    const arrived = partial.sizeBytes
    expect(arrived).toBeGreaterThan(1_000_000)
    expect(arrived).toBeLessThan(6_000_000)
    expect(await store.statPartial("fill-2")).toMatchObject({ sizeBytes: arrived })
    expect(await partial.digest()).toBe(digestOf(large.subarray(0, arrived)))
    expect((await partial.read(0, arrived)).equals(large.subarray(0, arrived))).toBe(true)
    expect(await store.verify(digestOf(first))).toBe(true)

    await store.delete(digestOf(first))
    await partial.append([large.subarray(arrived)])
    await partial.commit(digestOf(large))
    expect(await store.verify(digestOf(large))).toBe(true)
    await store.close()
  })
})
