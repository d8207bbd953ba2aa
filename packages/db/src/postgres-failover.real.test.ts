import { needsPostgres, type PostgresServer, postgresServer } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { newJob, postgresStorage } from "./database.fixture.ts"
import { openDatabase } from "./open-database.ts"
import { DatabaseUnavailable } from "./stores.ts"

const log = { type: "log", level: "info", message: "line" } as const

describe.skipIf(needsPostgres())("fault 37: PostgreSQL goes away", () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await postgresServer()
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  test.each(["SIGINT", "SIGKILL"] as const)(
    "stopped by %s and started again: calls wait for it, and followers hear again",
    async (signal) => {
      await using storage = await postgresStorage(server)
      const [database, other] = [await storage.open(), await storage.open()]
      const heard = vi.fn()
      other.onChange(heard)
      await vi.waitFor(() => expect(heard).toHaveBeenCalled())
      await database.jobs.create([newJob()], 1)
      const lease = await database.jobs.claim({ runnerId: "one", now: 2 })
      if (!lease) throw new Error("nothing to claim")
      await server.stop(signal)
      heard.mockClear()
      const [recorded, read, pinged] = [
        database.jobs.record(lease, { at: 3, events: [log] }),
        other.jobs.list({ visibility: "all", limit: 5 }),
        database.ping().then(
          () => "answered",
          () => "refused",
        ),
      ]
      expect(await pinged).toBe("refused")
      await server.start()
      expect(await recorded).toBe(true)
      expect((await read).jobs).toHaveLength(1)
      expect((await database.jobs.events(1, 0, 10)).map(({ sequence }) => sequence)).toEqual([1, 2, 3])
      await vi.waitFor(() => expect(heard).toHaveBeenCalled(), { timeout: 5_000 })
      heard.mockClear()
      await vi.waitFor(async () => {
        await database.jobs.create([newJob()], 4)
        expect(heard).toHaveBeenCalled()
      })
    },
  )

  test("all connections ended again and again: what was acknowledged is there once, and nothing that failed is there twice", async () => {
    await using storage = await postgresStorage(server)
    const database = await storage.open()
    let running = true
    const endConnections = async () => {
      while (running) {
        await server.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
        )
      }
    }
    const ending = endConnections()
    const acknowledged: number[] = []
    const unknown: number[] = []
    for (let at = 1; at <= 60; at++) {
      await database.jobs.create([newJob({ source: `image:${at}` })], at).then(
        () => acknowledged.push(at),
        () => unknown.push(at),
      )
    }
    running = false
    await ending
    const { jobs } = await database.jobs.list({ visibility: "all", limit: 200 })
    const stored = jobs.map(({ createdAt }) => createdAt).sort((one, other) => one - other)
    expect(new Set(stored).size).toBe(stored.length)
    expect(acknowledged.filter((at) => !stored.includes(at))).toEqual([])
    expect(stored.filter((at) => !acknowledged.includes(at) && !unknown.includes(at))).toEqual([])
    // Only a COMMIT that broke is not tried again.
    expect(unknown.length).toBeLessThan(15)
  })

  test("a server that stays away is an error in the end", async () => {
    await using storage = await postgresStorage(server)
    const database = await storage.open({ patienceMs: 200 })
    await server.stop()
    const refused = database.jobs.create([newJob()], 1)
    await expect(refused).rejects.toThrow(/ECONNREFUSED|terminat/)
    await expect(refused).rejects.toBeInstanceOf(DatabaseUnavailable)
    await expect(openDatabase({ kind: "postgres", url: server.url() }, { patienceMs: 50 })).rejects.toThrow("ECONNREFUSED")
    await server.start()
    expect(await database.jobs.create([newJob()], 2)).toHaveLength(1)
  })
})
