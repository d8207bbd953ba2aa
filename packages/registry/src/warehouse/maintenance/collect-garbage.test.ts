import { randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { digestOf, isTransferError, mediaTypes } from "@entrepot/core"
import { expect, test } from "vitest"
import type { BlobStore } from "../../blobs/blob-store.ts"
import { RegistryError } from "../../registry-error.ts"
import type { HostedRepository } from "../hosted-repository.ts"
import {
  bodyOf,
  bytesOf,
  calm,
  imageOf,
  pushBlob,
  pushImage,
  refusal,
  type TestWarehouse,
  testWarehouse,
} from "../warehouse.fixture.ts"
import { Warehouse } from "../warehouse.ts"

const hour = 3_600_000

/** A warehouse whose clock stands where the test puts it. */
async function clockedWarehouse(): Promise<{ test: TestWarehouse; clock: { now: number } }> {
  const clock = { now: Date.now() }
  return { test: await testWarehouse({ now: () => clock.now, memoMs: 1 }), clock }
}

async function isStored(test: TestWarehouse, digest: string): Promise<boolean> {
  return (await test.blobs.stat(digest)) !== undefined
}

function later() {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}

test("fault 44: what no manifest names goes after the grace period, and what one names stays", async () => {
  const { test, clock } = await clockedWarehouse()
  await using _ = test
  const repository = test.hosted("team/app")
  const image = await pushImage(repository, "v1")
  const loose = await pushBlob(repository)
  clock.now += 2 * hour
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 0 })
  clock.now += 1
  expect(await test.warehouse.collectGarbage()).toEqual({ blobs: 1, bytes: 1000, strays: 0, uploads: 0, partialBytes: 0 })
  expect(await repository.blob(loose.digest, calm)).toBeUndefined()
  expect(await isStored(test, loose.digest)).toBe(false)
  for (const { digest } of [image.config, ...image.layers])
    expect(await bytesOf(await repository.blob(digest, calm))).toBeDefined()
  await repository.deleteManifest(image.digest)
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 0 })
  clock.now += 2 * hour + 1
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 3, bytes: 2200 })
  expect(await test.database.warehouse.usage()).toMatchObject({ blobs: 0, manifests: 0 })
})

test("what a manifest of a type that nobody knows seems to name stays with it", async () => {
  const { test, clock } = await clockedWarehouse()
  await using _ = test
  const repository = test.hosted("team/app")
  const [named, loose] = [await pushBlob(repository), await pushBlob(repository)]
  const absent = { digest: digestOf(Buffer.from("absent")), size: 6 }
  const bytes = Buffer.from(
    JSON.stringify({ parts: [{ inner: { blob: named } }, absent, { digest: "odd", size: 1 }, loose.digest] }),
  )
  const { digest } = await repository.putManifest("v1", "application/vnd.example.thing+json", bytes)
  clock.now += 3 * hour
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 1 })
  expect(await isStored(test, loose.digest)).toBe(false)
  await repository.deleteManifest(digest)
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 1 })
  expect(await isStored(test, named.digest)).toBe(false)
})

test("fault 44: whoever is told that a blob is here can rely on it for the grace period", async () => {
  const { test, clock } = await clockedWarehouse()
  await using _ = test
  const repository = test.hosted("team/app")
  const [seen, mounted, leased] = [await pushBlob(repository), await pushBlob(repository), await pushBlob(repository)]
  clock.now += 3 * hour
  expect(await repository.blob(seen.digest, calm)).toBeDefined()
  expect(await test.hosted("team/other").mount(mounted.digest, "team/app")).toBe(true)
  const release = test.warehouse.lease(leased.digest)
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 0 })
  release()
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 1 })
  expect(await isStored(test, leased.digest)).toBe(false)
  clock.now += 2 * hour + 1
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 2 })
})

test("upload sessions end after a day, unless bytes still come", async () => {
  const { test, clock } = await clockedWarehouse()
  await using _ = test
  const repository = test.hosted("team/app")
  const begun = clock.now
  const idle = await repository.beginUpload()
  await repository.appendUpload(idle.id, undefined, bodyOf(randomBytes(10)), calm)
  const empty = await repository.beginUpload()
  clock.now = begun + 1.5 * hour
  // Bytes have just come, by the file system's own clock.
  expect(await test.warehouse.collectGarbage({ uploadAgeMs: hour })).toMatchObject({ uploads: 1, partialBytes: 0 })
  expect(await repository.upload(idle.id)).toMatchObject({ offset: 10 })
  expect(await refusal(repository.upload(empty.id))).toBe("404 BLOB_UPLOAD_UNKNOWN: there is no such upload")
  clock.now = begun + 25 * hour
  expect(await test.warehouse.collectGarbage()).toMatchObject({ uploads: 1 })
  expect(await refusal(repository.upload(idle.id))).toBe("404 BLOB_UPLOAD_UNKNOWN: there is no such upload")
  expect(await test.blobs.statPartial(`upload-${idle.id}`)).toBeUndefined()
})

test("fault 32: files that a crash left without row go after the grace period", async () => {
  const { test, clock } = await clockedWarehouse()
  await using _ = test
  const known = await pushBlob(test.hosted("team/app"))
  const bytes = randomBytes(500)
  const partial = await test.blobs.openPartial("stray")
  await partial.append([bytes])
  await partial.commit(digestOf(bytes))
  await partial.close()
  expect(await test.warehouse.collectGarbage()).toMatchObject({ strays: 0 })
  clock.now += 2 * hour
  test.warehouse.blobs.forgetAll()
  await test.hosted("team/app").blob(known.digest, calm)
  clock.now += hour / 2
  expect(await test.warehouse.collectGarbage({ sweepFiles: false })).toMatchObject({ strays: 0, blobs: 0 })
  expect(await test.warehouse.collectGarbage()).toMatchObject({ strays: 1, blobs: 0 })
  expect(await isStored(test, digestOf(bytes))).toBe(false)
  expect(await isStored(test, known.digest)).toBe(true)
})

test("fault 44: collecting beside pushes leaves every tagged image whole", async () => {
  const { test, clock } = await clockedWarehouse()
  await using _ = test
  const pool = Array.from({ length: 12 }, () => randomBytes(300))
  const counts = { steps: 0, refused: 0, pushed: 0, collected: 0 }
  const isOver = () => counts.pushed >= 40 && counts.collected >= 10
  const step = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work
    counts.steps++
    return result
  }
  const pushing = async (repository: HostedRepository, worker: number) => {
    for (let round = 0; !isOver(); round++) {
      const layers = []
      for (const bytes of pool.filter(() => Math.random() < 0.3)) {
        const digest = digestOf(bytes)
        // What clients do: they send only what they are not told to be there.
        const isThere = (await step(repository.blob(digest, calm))) !== undefined
        layers.push(
          isThere ? { mediaType: "layer", digest, size: bytes.length } : await step(pushBlob(repository, bytes, "layer")),
        )
        if (Math.random() < 0.1) await step(repository.deleteBlob(digest))
      }
      const config = await step(pushBlob(repository, randomBytes(20), "config"))
      const bytes = imageOf(config, layers)
      try {
        await step(repository.putManifest(`${worker}-${round % 3}`, mediaTypes.ociManifest, bytes))
        counts.pushed++
        if (Math.random() < 0.5) await step(repository.deleteManifest(digestOf(bytes)))
      } catch (error) {
        if (!(error instanceof RegistryError && error.code === "MANIFEST_BLOB_UNKNOWN")) throw error
        counts.refused++
      }
    }
  }
  // A third of the grace period passes with every few steps, so that some pushes take longer than it.
  const collecting = async () => {
    for (let next = 0; !isOver(); next = counts.steps + 6) {
      while (counts.steps < next && !isOver()) await new Promise((resolve) => setImmediate(resolve))
      clock.now += (2 * hour) / 3
      counts.collected += (await test.warehouse.collectGarbage()).blobs
    }
  }
  const repositories = ["team/a", "team/b", "team/c"].map((name) => test.hosted(name))
  await Promise.all([...repositories.map(pushing), collecting()])
  let whole = 0
  for (const repository of repositories) {
    for (const tag of (await repository.tags({ after: undefined, limit: 100 }, calm))?.names ?? []) {
      const manifest = await repository.manifest(tag, calm)
      const { config, layers } = JSON.parse(manifest?.bytes.toString() ?? "")
      for (const { digest } of [config, ...layers]) {
        const row = await test.database.warehouse.blob(digest)
        expect(row && (await test.blobs.verify(digest)), `${repository.name}:${tag} ${digest}`).toBe(true)
      }
      whole++
    }
  }
  expect(whole).toBeGreaterThan(0)
})

test("fault 44: a push of the very bytes that are being removed waits until they are gone", async () => {
  const { test, clock } = await clockedWarehouse()
  await using _ = test
  const removing = later()
  const mayRemove = later()
  const slow: BlobStore = new Proxy(test.blobs, {
    get(files, name) {
      if (name === "delete") {
        return async (digest: string) => {
          removing.resolve()
          await mayRemove.promise
          await files.delete(digest)
        }
      }
      const found: unknown = Reflect.get(files, name, files)
      return typeof found === "function" ? found.bind(files) : found
    },
  })
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const warehouse = new Warehouse({ stores: { warehouse: test.database.warehouse }, blobs: slow, log, now: () => clock.now })
  const repository = warehouse.hosted({ name: "team/app", projectId: test.projectId })
  const bytes = randomBytes(1000)
  const { digest } = await pushBlob(repository, bytes)
  clock.now += 3 * hour
  const collecting = warehouse.collectGarbage()
  await removing.promise
  const pushing = pushBlob(repository, bytes)
  // Long enough for a push that does not wait.
  await new Promise((resolve) => setTimeout(resolve, 100))
  mayRemove.resolve()
  expect(await collecting).toMatchObject({ blobs: 1 })
  await pushing
  expect(await bytesOf(await repository.blob(digest, calm))).toEqual(bytes)
  await warehouse.close()
})

test("fault 44: a blob that is read while it goes is read to its end", async () => {
  const { test, clock } = await clockedWarehouse()
  await using _ = test
  const repository = test.hosted("team/app")
  const bytes = randomBytes(3_000_000)
  const { digest } = await pushBlob(repository, bytes)
  const blob = await repository.blob(digest, calm)
  const stream = (await blob?.read({ from: 0, to: bytes.length }, calm))?.[Symbol.asyncIterator]()
  const first = await stream?.next()
  clock.now += 3 * hour
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 0 })
  const chunks: Buffer[] = first?.done === false ? [Buffer.from(first.value)] : []
  for (let next = await stream?.next(); next?.done === false; next = await stream?.next()) chunks.push(Buffer.from(next.value))
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
  clock.now += 3 * hour
  expect(await test.warehouse.collectGarbage()).toMatchObject({ blobs: 1 })
  await expect(blob?.read({ from: 0, to: 1 }, calm)).rejects.toSatisfy((error) => isTransferError(error, "not_found"))
})

test("collecting stops when it is told to", async () => {
  const { test, clock } = await clockedWarehouse()
  await using _ = test
  await pushBlob(test.hosted("team/app"))
  clock.now += 3 * hour
  await writeFile(join(test.directory, "unrelated"), "")
  const nothing = { blobs: 0, bytes: 0, strays: 0, uploads: 0, partialBytes: 0 }
  expect(await test.warehouse.collectGarbage({ signal: AbortSignal.abort() })).toEqual(nothing)
  expect(await test.database.warehouse.usage()).toMatchObject({ blobs: 1 })
})
