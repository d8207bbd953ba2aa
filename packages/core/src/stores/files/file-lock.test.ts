import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { withFileLock } from "./file-lock.ts"
import { newOwner } from "./owner.ts"

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lock-"))
})
afterEach(() => rm(directory, { recursive: true }))

const claim = (owner: string) => join(directory, `.x.lock-${owner}`)
const [host = ""] = newOwner().split("-")

it("lets one work at a time, and leaves nothing", async () => {
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await readdir(directory)
    inside--
  }
  await Promise.all(Array.from({ length: 8 }, () => withFileLock(directory, "x", work)))
  expect(most).toBe(1)
  expect(await readdir(directory)).toEqual([])
})

it("lets go when the work fails", async () => {
  await expect(withFileLock(directory, "x", () => Promise.reject(new Error("failed")))).rejects.toThrow("failed")
  expect(await withFileLock(directory, "x", async () => "again")).toBe("again")
})

it("takes over from a dead process at once", async () => {
  await writeFile(claim(`${host}-999999999-abc`), "")
  expect(await withFileLock(directory, "x", async () => "mine", { timeoutMs: 100 })).toBe("mine")
  expect(await readdir(directory)).toEqual([])
})

it("takes over from another host when its claim has not been touched for long", async () => {
  const path = claim("ffffffff-1-abc")
  await writeFile(path, "")
  await utimes(path, new Date(), new Date(Date.now() - 30_000))
  expect(await withFileLock(directory, "x", async () => "mine", { timeoutMs: 100 })).toBe("mine")
})

it("waits for a living process, and says who is in the way when it takes too long", async () => {
  await writeFile(claim(`${host}-${process.ppid}-abc`), "")
  await expect(withFileLock(directory, "x", async () => "mine", { timeoutMs: 30 })).rejects.toMatchObject({
    code: "local_io",
    message: `another process keeps ${directory} locked`,
    hint: "wait until it is done and try again",
  })
  expect(await readdir(directory)).toHaveLength(1)
})

it("takes over from a former process that had this process's id", async () => {
  const path = claim(`${host}-${process.pid}-abc`)
  await writeFile(path, "")
  const before = new Date(Date.now() - process.uptime() * 1000 - 5000)
  await utimes(path, before, before)
  expect(await withFileLock(directory, "x", async () => "mine", { timeoutMs: 100, staleMs: 3_600_000 })).toBe("mine")
})

it("stops waiting when it is cancelled", async () => {
  await writeFile(claim(`${host}-${process.ppid}-abc`), "")
  const stop = new AbortController()
  const waiting = withFileLock(directory, "x", async () => "mine", { signal: stop.signal })
  stop.abort()
  await expect(waiting).rejects.toMatchObject({ code: "cancelled" })
})

it("keeps its claim fresh while the work goes on", async () => {
  const second = withFileLock(
    directory,
    "x",
    async () => {
      const started = Date.now()
      let others = 0
      while (Date.now() - started < 200) {
        await withFileLock(directory, "x", async () => others++, { staleMs: 80, timeoutMs: 20 }).catch(() => undefined)
      }
      return others
    },
    { staleMs: 80 },
  )
  expect(await second).toBe(0)
})
