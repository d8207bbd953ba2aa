import { randomBytes } from "node:crypto"
import { readdir, rm, truncate, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type Descriptor, digestOf } from "@entrepot/core"
import { expect, test } from "vitest"
import { bytesOf, calm, pushBlob, type TestWarehouse, testWarehouse } from "../warehouse.fixture.ts"
import type { RottenBlob } from "./scrub.ts"

function fileOf(test: TestWarehouse, digest: string): string {
  return join(test.directory, "blobs", test.blobs.locationOf(digest) ?? "")
}

test("fault 45: a blob whose bytes have changed is put aside, and whoever lost it is named", async () => {
  await using test = await testWarehouse()
  const [app, other] = [test.hosted("team/app"), test.hosted("team/other")]
  const bytes = randomBytes(2000)
  const { digest } = await pushBlob(app, bytes)
  await pushBlob(other, bytes)
  const sound = await pushBlob(app)
  await writeFile(fileOf(test, digest), randomBytes(2000))
  const rotten: RottenBlob[] = []
  const found = { digest, sizeBytes: 2000, lostIn: ["team/app", "team/other"] }
  expect(await test.warehouse.scrub({ signal: calm, onRotten: (blob) => void rotten.push(blob) })).toEqual({
    blobs: 2,
    verified: 1,
    bytes: 1000,
    rotten: [found],
    missing: [],
  })
  expect(rotten).toEqual([found])
  expect(test.logged).toEqual(["a blob's bytes have changed on disk; it was put aside"])
  expect(await app.blob(digest, calm)).toBeUndefined()
  expect(await app.blob(sound.digest, calm)).toBeDefined()
  // The client is told that it is not here, sends it again, and both repositories have it back.
  await pushBlob(app, bytes)
  expect(await bytesOf(await app.blob(digest, calm))).toEqual(bytes)
  expect(await bytesOf(await other.blob(digest, calm))).toEqual(bytes)
})

test("fault 45: a proxied repository keeps its right to a rotten blob, and can fetch it again", async () => {
  await using test = await testWarehouse()
  const { id } = await test.warehouse.proxiedRepository("docker.io/library/nginx", "docker.io")
  const bytes = randomBytes(100)
  const digest = digestOf(bytes)
  const partial = await test.blobs.openPartial("fill")
  await partial.append([bytes])
  await test.warehouse.commitBlob(id, partial, digest)
  await partial.close()
  await writeFile(fileOf(test, digest), randomBytes(100))
  expect(await test.warehouse.scrub({ signal: calm })).toMatchObject({ rotten: [{ digest, lostIn: [] }] })
  expect(await test.warehouse.blobs.linked(id, digest)).toEqual({ blob: undefined })
})

test.each([
  ["missing", (path: string) => rm(path)],
  ["cut short", (path: string) => truncate(path, 999)],
])("fault 45: a file that is %s is found by the first read after a restart", async (_what, harm) => {
  await using first = await testWarehouse()
  const { digest } = await pushBlob(first.hosted("team/app"))
  expect(await first.hosted("team/app").blob(digest, calm)).toBeDefined()
  await harm(fileOf(first, digest))
  await using second = await first.restart()
  expect(await second.hosted("team/app").blob(digest, calm)).toBeUndefined()
  expect(await second.database.warehouse.blob(digest)).toBeUndefined()
  expect(second.logged).toEqual(["a blob's file is missing or has the wrong size"])
  expect(await second.blobs.stat(digest)).toBeUndefined()
})

test("rows without file are forgotten by reconciling, too", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const blobs = []
  for (let at = 0; at < 70; at++) blobs.push(await pushBlob(repository, Buffer.from(`blob ${at}`)))
  const gone = blobs.filter((_, at) => at % 10 === 0)
  const [short, ...absent] = gone
  await truncate(fileOf(test, short?.digest ?? ""), 1)
  for (const { digest } of absent) await rm(fileOf(test, digest))
  expect(await test.warehouse.reconcile(AbortSignal.abort())).toBe(0)
  expect(await test.warehouse.reconcile(calm)).toBe(7)
  expect(await test.warehouse.reconcile(calm)).toBe(0)
  expect(test.logged).toEqual(["files of blobs are missing or have the wrong size"])
  expect(await test.database.warehouse.usage()).toMatchObject({ blobs: 63 })
  for (const [at, { digest }] of blobs.entries()) {
    expect((await repository.blob(digest, calm)) !== undefined).toBe(at % 10 !== 0)
  }
})

test("those that were verified longest ago come first, and a round ends when it is told to", async () => {
  const clock = { now: 1000 }
  await using test = await testWarehouse({ now: () => clock.now })
  const repository = test.hosted("team/app")
  const blobs: Descriptor[] = []
  for (let at = 0; at < 4; at++) {
    clock.now += 1000
    blobs.push(await pushBlob(repository))
  }
  const verifiedAt = async () => {
    const records = await Promise.all(blobs.map(({ digest }) => test.database.warehouse.blob(digest)))
    return records.map((record) => record?.verifiedAt)
  }
  clock.now = 9000
  expect(await test.warehouse.scrub({ signal: calm, most: 2 })).toMatchObject({ verified: 2 })
  expect(await verifiedAt()).toEqual([9000, 9000, 4000, 5000])
  expect(await test.warehouse.scrub({ signal: calm, verifiedForMs: 6000 })).toMatchObject({ verified: 0 })
  const end = new AbortController()
  let before = 0
  const pause = async () => {
    if (before++ === 1) end.abort()
  }
  clock.now = 10_000
  expect(await test.warehouse.scrub({ signal: end.signal, pause })).toMatchObject({ verified: 1 })
  expect(await verifiedAt()).toEqual([9000, 9000, 10_000, 5000])
})

test("scrubbing reads no faster than it is told to", async () => {
  await using test = await testWarehouse()
  for (let at = 0; at < 3; at++) await pushBlob(test.hosted("team/app"))
  const startedAt = performance.now()
  await test.warehouse.scrub({ signal: calm, bytesPerSecond: 10_000 })
  expect(performance.now() - startedAt).toBeGreaterThan(290)
  expect(await readdir(join(test.directory, "blobs"))).toContain("blobs")
})

test("fault 45: a file that goes while its blob is open is missed by the read, and by nobody after it", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const { digest } = await pushBlob(repository)
  const blob = await repository.blob(digest, calm)
  await rm(fileOf(test, digest))
  await expect(bytesOf(blob)).rejects.toThrow(`blob ${digest} is not in`)
  expect(await repository.blob(digest, calm)).toBeUndefined()
})

test("fault 45: who pushes what has rotted heals it before anybody has noticed, and nobody puts the new one aside", async () => {
  await using test = await testWarehouse()
  const repository = test.hosted("team/app")
  const bytes = randomBytes(2000)
  const { digest } = await pushBlob(repository, bytes)
  await writeFile(fileOf(test, digest), randomBytes(2000))
  const before = await test.database.warehouse.blob(digest)
  await pushBlob(repository, bytes)
  expect(await bytesOf(await repository.blob(digest, calm))).toEqual(bytes)
  expect((await test.database.warehouse.blob(digest))?.verifiedAt).toBeGreaterThanOrEqual(before?.verifiedAt ?? Infinity)
  // A round that read the old bytes ends now.
  expect(await test.warehouse.blobs.quarantine(digest)).toBe(false)
  expect(await test.warehouse.scrub({ signal: calm })).toMatchObject({ verified: 1, rotten: [] })
})
