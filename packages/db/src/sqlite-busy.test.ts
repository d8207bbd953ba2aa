import { dirname } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import Sqlite from "better-sqlite3"
import { expect, test } from "vitest"
import { startWriter, writerIn } from "./crash-writer.fixture.ts"
import { newJob, sqliteStorage } from "./database.fixture.ts"
import { DatabaseUnavailable } from "./stores.ts"

const pathOf = (location: object) => (location as { path: string }).path

test("fault 36: two processes that write to one file without pause do not see it busy", async () => {
  await using storage = await sqliteStorage()
  const { jobs } = await storage.open()
  const path = pathOf(storage.location)
  await using writer = startWriter(await writerIn(dirname(path)), path)
  await writer.said(2)
  const before = writer.lines().length
  let written = 0
  while (written < 60 || writer.lines().length < before + 10) {
    await jobs.create([newJob({ ownerId: 2 })], 1)
    written++
  }
  const counts = Object.values(await jobs.counts({ ownerId: 2 }))
  expect(counts.reduce((sum, count) => sum + count)).toBe(written)
})

test("fault 36: a write waits for another process without holding up this one", async () => {
  await using storage = await sqliteStorage()
  const { jobs } = await storage.open()
  const other = new Sqlite(pathOf(storage.location))
  other.exec("begin immediate")
  const [first, second] = [jobs.create([newJob({ source: "a" })], 1), jobs.create([newJob({ source: "b" })], 1)]
  // How often this process had its turn, not how soon: a busy machine may keep it waiting for reasons of its own.
  let turns = 0
  for (const began = performance.now(); performance.now() - began < 400; turns++) await sleep(1)
  expect(turns).toBeGreaterThan(4)
  expect((await jobs.list({ visibility: "all", limit: 5 })).jobs).toEqual([])
  other.exec("commit")
  expect([(await first)[0]?.id, (await second)[0]?.id]).toEqual([1, 2])
  other.close()
})

test("fault 36: a file that stays busy is an error in the end", async () => {
  await using storage = await sqliteStorage()
  const { jobs } = await storage.open({ patienceMs: 100 })
  const other = new Sqlite(pathOf(storage.location))
  other.exec("begin immediate")
  const refused = jobs.create([newJob()], 1)
  await expect(refused).rejects.toThrow("database is locked")
  await expect(refused).rejects.toBeInstanceOf(DatabaseUnavailable)
  other.exec("rollback")
  other.close()
  expect(await jobs.create([newJob()], 1)).toHaveLength(1)
})
