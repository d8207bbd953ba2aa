import { once } from "node:events"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { afterAll, beforeAll, expect, it } from "vitest"
import { digestOf } from "../content/digest.ts"
import { parseManifest } from "../content/manifest.ts"
import { mediaTypes } from "../content/media-types.ts"
import type { SourceStore } from "../content/store.ts"
import { openCache } from "./cache/cache-store.ts"
import { cleanCache } from "./cache/clean-cache.ts"
import { openOciLayout } from "./oci-layout/oci-layout-store.ts"
import { type BuiltProgram, buildProgram } from "./run-program.fixture.ts"

let root: string
let program: BuiltProgram
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "two-processes-"))
  program = await buildProgram(new URL("./two-processes.fixture.ts", import.meta.url), root)
})
afterAll(() => rm(root, { recursive: true }))

const count = 12
const tags = ["a", "b"].flatMap((name) => Array.from({ length: count }, (_, i) => `${name}-${i}`)).sort()

async function expectWhole(store: SourceStore) {
  for (const tag of tags) {
    const parsed = parseManifest(await store.getManifest(tag))
    if (parsed.kind === "index") return expect.unreachable()
    for (const blob of parsed.blobs) {
      const chunks: Buffer[] = []
      for await (const chunk of (await store.openBlob(blob)).bytes) chunks.push(chunk)
      expect(digestOf(Buffer.concat(chunks))).toBe(blob.digest)
    }
  }
}

it("loses nothing when two processes fill the cache and a third one cleans it", async () => {
  const directory = join(root, "cache")
  const running = Promise.all(["a", "b"].map((name) => program.run("cache", directory, name, String(count))))
  let isDone = false
  const filled = running.finally(() => {
    isDone = true
  })
  let cleanings = 0
  while (!isDone) {
    await cleanCache(directory)
    cleanings++
    // The lock is not fair: whoever asks without a pause starves the others.
    await delay(20)
  }
  await filled
  expect(cleanings).toBeGreaterThan(3)
  const store = await openCache(directory, "library/test")
  expect(await store.listTags()).toEqual(tags)
  await expectWhole(store)
  expect((await readdir(directory)).filter((name) => name.startsWith("."))).toEqual([])
})

it("loses no tag when two processes write to one layout", async () => {
  const directory = join(root, "layout")
  await Promise.all(["a", "b"].map((name) => program.run("layout", directory, name, String(count))))
  const store = await openOciLayout(directory)
  expect(await store.listTags()).toEqual(tags)
  await expectWhole(store)
  expect((await readdir(directory)).sort()).toEqual(["blobs", "index.json", "oci-layout"])
})

it("fault 32: goes on where a killed process stopped, and shows nothing of its blob before", async () => {
  const directory = join(root, "killed")
  const child = program.start("stall", directory)
  await once(child.stdout ?? child, "data")
  child.kill("SIGKILL")
  await once(child, "exit")
  const bytes = Buffer.alloc(4 * 1024 * 1024, "stalls")
  const descriptor = { mediaType: mediaTypes.ociLayerTar, digest: digestOf(bytes), size: bytes.length }
  const store = await openCache(directory, "library/test", { write: true })
  expect(await store.hasBlob(descriptor)).toBe(false)
  const asked: number[] = []
  const body = {
    descriptor,
    async *read(offset: number) {
      asked.push(offset)
      yield bytes.subarray(offset)
    },
  }
  await store.putBlob(descriptor, body)
  await store.close()
  expect(asked).toEqual([2 * 1024 * 1024])
  expect((await readFile(join(directory, "blobs/sha256", descriptor.digest.slice(7)))).equals(bytes)).toBe(true)
})
