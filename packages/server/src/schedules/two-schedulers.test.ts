import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { openDatabase } from "@entrepot/db"
import { buildProgram } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { testDirectory } from "../runtime/runtime.fixture.ts"

const noon = Date.parse("2126-11-21T12:00:00Z")
const hour = 3_600_000

/** A process that looks at every hour, and the lines that it prints. */
function startScheduler(program: string, ...args: readonly string[]) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [program, ...args])
  onTestFinished(() => void child.kill())
  const errors: string[] = []
  child.stderr.on("data", (chunk) => errors.push(String(chunk)))
  return { child, errors, lines: createInterface(child.stdout)[Symbol.asyncIterator]() }
}

test("fault 38: two processes that see ten ticks of three schedules come make thirty jobs", { timeout: 60_000 }, async () => {
  const directory = await testDirectory()
  const path = join(directory, "entrepot.db")
  const program = await buildProgram(new URL("./scheduler-process.fixture.ts", import.meta.url), join(directory, "scheduler.mjs"))
  const stores = await openDatabase({ kind: "sqlite", path })
  onTestFinished(() => stores.close())
  await stores.users.create({ name: "admin", role: "admin", passwordHash: null }, noon)
  for (const name of ["one", "two", "three"]) {
    const request = { image: "127.0.0.1:1/app:1" }
    await stores.schedules.create(
      { ownerId: 1, name, cron: "0 * * * *", timeZone: "UTC", request, targetId: null, enabled: true },
      noon,
    )
  }
  const processes = [1, 2].map(() => startScheduler(program, path, `${noon + hour}`, `${noon + 10 * hour}`))
  for (const { lines, errors } of processes) expect((await lines.next()).value, errors.join("")).toBe("ready")
  for (const { child } of processes) child.stdin.write("go\n")
  const made = await Promise.all(processes.map(async ({ lines }) => Number((await lines.next()).value)))
  expect(processes.flatMap(({ errors }) => errors)).toEqual([])
  expect(made.reduce((sum, count) => sum + count, 0)).toBe(30)
  const { jobs } = await stores.jobs.list({ visibility: "all", limit: 200 })
  expect(jobs).toHaveLength(30)
})
