import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { type Context, row, type Work } from "./engine.ts"
import { SqliteEngine } from "./sqlite-engine.ts"

/** 2: each commit waits for the disk. 1: a later one does so for it. */
function* waiting({ db }: Context): Work<number | undefined> {
  const found = yield* row(db.select({ level: sql<number>`synchronous` }).from(sql`pragma_synchronous`))
  return found?.level
}

function* failing(context: Context): Work<void> {
  yield* waiting(context)
  throw new Error("half-way")
}

test("fault 35: only what is written lazily does not wait for the disk, and nothing after it", async () => {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-engine-"))
  const engine = await SqliteEngine.open({ path: join(directory, "test.db"), patienceMs: 1000, pollMs: 1000 })
  expect(await engine.write(waiting)).toBe(2)
  expect(await engine.write(waiting, { lazily: true })).toBe(1)
  expect(await engine.write(waiting)).toBe(2)
  await expect(engine.write(failing, { lazily: true })).rejects.toThrow("half-way")
  expect(await engine.write(waiting)).toBe(2)
  await engine.close()
  await rm(directory, { recursive: true })
})
