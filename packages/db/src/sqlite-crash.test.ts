import { copyFile, mkdtemp, rm, stat, truncate } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import Sqlite from "better-sqlite3"
import { afterEach, beforeEach, expect, test } from "vitest"
import { startWriter, writerIn } from "./crash-writer.fixture.ts"
import { newJob } from "./database.fixture.ts"
import { openDatabase } from "./open-database.ts"

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "entrepot-crash-"))
  path = join(directory, "entrepot.db")
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

/** Nothing in the file is half of something. */
async function expectWhole(file: string): Promise<void> {
  await (await openDatabase({ kind: "sqlite", path: file })).close()
  const client = new Sqlite(file)
  expect(client.pragma("integrity_check")).toEqual([{ integrity_check: "ok" }])
  expect(client.pragma("foreign_key_check")).toEqual([])
  const count = (sql: string) => client.prepare(sql).pluck().get()
  expect(count("select count(*) from jobs where last_sequence <> (select count(*) from job_events where job_id = jobs.id)")).toBe(
    0,
  )
  expect(
    count("select count(*) from jobs where last_sequence <> (select max(sequence) from job_events where job_id = jobs.id)"),
  ).toBe(0)
  expect(
    count("select count(*) from jobs as b where kind = 'batch' and 2 <> (select count(*) from jobs where parent_id = b.id)"),
  ).toBe(0)
  expect(count("select coalesce(max(revision), 0) from jobs")).toBeLessThanOrEqual(Number(count("select value from counters")))
  expect(count("select coalesce(sum(count), 0) from job_counts")).toBe(count("select count(*) from jobs where kind = 'mirror'"))
  client.exec("insert into jobs_search (jobs_search, rank) values ('integrity-check', 1)")
  client.close()
}

test("fault 34: SIGKILL in the middle of writes loses nothing that was acknowledged, and leaves nothing half-written", async () => {
  const program = await writerIn(directory)
  const writers = [startWriter(program, path), startWriter(program, path), startWriter(program, path)]
  await Promise.all(writers.map((writer) => writer.said(4)))
  for (const [index, writer] of writers.entries()) {
    await sleep(Math.random() * 60)
    await writer.kill()
    const client = new Sqlite(path, { readonly: true })
    const stateOf = client.prepare("select state from jobs where id = ?").pluck()
    for (const [what, id] of writer.lines().map((line) => line.split(" "))) {
      expect(`${what} ${stateOf.get(Number(id))}`).toMatch(/^(finished succeeded|created (queued|running|succeeded))$/)
    }
    client.close()
    // Those that are still alive go on.
    await Promise.all(writers.slice(index + 1).map((other) => other.said(other.lines().length + 2)))
  }
  await expectWhole(path)
}, 60_000)

test("fault 35: commits are on disk before they are acknowledged", async () => {
  const database = await openDatabase({ kind: "sqlite", path })
  const statSize = async () => (await stat(`${path}-wal`)).size
  const before = await statSize()
  await database.jobs.create([newJob()], 1)
  expect(await statSize()).toBeGreaterThan(before)
  const { SqliteEngine } = await import("./engine/sqlite-engine.ts")
  const engine = await SqliteEngine.open({ path, patienceMs: 100, pollMs: 10 })
  await engine.migrate((client) => {
    const pragma = (name: string) => client.pragma(name, { simple: true })
    // 2 is FULL: the log is synchronised with each commit (sqlite.org/pragma.html#pragma_synchronous).
    expect([pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")]).toEqual(["wal", 2, 1])
    expect(pragma("busy_timeout")).toBeGreaterThan(0)
  })
  await engine.close()
  await database.close()
})

test("fault 35: after a power cut that tore the log, the file is whole, and holds what came before the tear", async () => {
  const database = await openDatabase({ kind: "sqlite", path })
  const sizes: number[] = []
  for (let at = 1; at <= 6; at++) {
    await database.jobs.createBatch({ ownerId: 1, priority: 0, title: "two", children: [newJob(), newJob()] }, at)
    sizes.push((await stat(`${path}-wal`)).size)
  }
  const all = sizes.at(-1) ?? 0
  for (const [index, keep] of [...sizes, ...sizes.map((size) => size - 1), 0, 17, 40, all - 4_000].entries()) {
    const copy = join(directory, `copy-${index}.db`)
    await copyFile(path, copy)
    await copyFile(`${path}-wal`, `${copy}-wal`)
    await truncate(`${copy}-wal`, keep)
    const acknowledged = sizes.filter((size) => size <= keep).length
    const opened = await openDatabase({ kind: "sqlite", path: copy })
    const { jobs } = await opened.jobs.list({ visibility: "all", limit: 50 })
    expect(jobs).toHaveLength(acknowledged)
    await opened.close()
    await expectWhole(copy)
  }
  await database.close()
})
