import Sqlite from "better-sqlite3"
import { expect, test } from "vitest"
import { newJob, sqliteStorage } from "./database.fixture.ts"

test("who opens the file finds seed 0's history: ended mirrors, without those that were cancelled", async () => {
  await using storage = await sqliteStorage()
  const { jobs } = await storage.open()
  const at = Date.UTC(2024, 0, 15, 14, 30, 25)
  await jobs.create([newJob(), newJob(), newJob(), newJob()], at)
  const failure = { code: "network", message: "connection refused" } as const
  for (const [state, seconds] of [
    ["succeeded", 45.9],
    ["failed", 3],
    ["cancelled", 1],
  ] as const) {
    const lease = await jobs.claim({ runnerId: "one", now: at + 1_000 })
    if (!lease) throw new Error("nothing to claim")
    const result = { at: at + 1_000 + seconds * 1_000, state, events: [], ...(state === "failed" ? { failure } : {}) }
    await jobs.finish(lease, result)
  }
  const client = new Sqlite((storage.location as { path: string }).path, { readonly: true })
  const columns = client.prepare("select name from pragma_table_info('proxy_history')").pluck().all()
  expect(columns).toEqual(["id", "source_image", "target_image", "target_host", "status", "error_msg", "duration", "created_at"])
  const shared = {
    source_image: "nginx:1.27",
    target_image: "harbor.example.com/mirror/nginx:1.27",
    target_host: "harbor.example.com",
    created_at: "2024-01-15 14:30:25",
  }
  expect(client.prepare("select * from proxy_history order by id").all()).toEqual([
    { id: 1, ...shared, status: "success", error_msg: null, duration: 45 },
    { id: 2, ...shared, status: "failed", error_msg: "connection refused", duration: 3 },
  ])
  client.close()
})
