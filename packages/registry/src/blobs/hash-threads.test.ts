import { execFile } from "node:child_process"
import { createHash, randomBytes } from "node:crypto"
import { mkdtemp, open, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { buildProgram } from "@entrepot/testing"
import { afterEach, beforeEach, expect, it } from "vitest"
import { HashThreads } from "./hash-threads.ts"

const bytes = randomBytes(5_000_000)
const hashOf = (part: Buffer) => createHash("sha256").update(part).digest("hex")

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "entrepot-hash-"))
  await writeFile(join(directory, "file"), bytes)
})
afterEach(() => rm(directory, { recursive: true }))

it("hashes several files at once as they grow", async () => {
  const threads = new HashThreads(2)
  const file = await open(join(directory, "file"))
  const runs = Array.from({ length: 5 }, () => threads.start(file.fd, "sha256"))
  for (const to of [0, 1, 1_000_000, 5_000_000]) {
    for (const run of runs) run.grow(to)
    expect(await Promise.all(runs.map((run) => run.digest()))).toEqual(runs.map(() => hashOf(bytes.subarray(0, to))))
  }
  await Promise.all(runs.map((run) => run.end()))
  await file.close()
  await threads.close()
})

it("says what went wrong with a file, and goes on with the others", async () => {
  const threads = new HashThreads(1)
  const file = await open(join(directory, "file"))
  await expect(threads.digest(file.fd, 6_000_000, "sha256")).rejects.toThrow("the file ends at byte 5000000, before byte 6000000")
  await expect(threads.digest(99_999, 1, "sha256")).rejects.toMatchObject({ code: "EBADF" })
  expect(await threads.digest(file.fd, 5_000_000, "sha256")).toBe(hashOf(bytes))
  await file.close()
  await threads.close()
})

it("stops on request, and tells who waits when it closes", async () => {
  const threads = new HashThreads(1)
  const file = await open(join(directory, "file"))
  const stop = new AbortController()
  const stopped = threads.digest(file.fd, 5_000_000, "sha256", stop.signal)
  stop.abort(new Error("enough"))
  await expect(stopped).rejects.toThrow("enough")
  const waiting = expect(threads.digest(file.fd, 5_000_000, "sha256")).rejects.toThrow("the store was closed")
  await threads.close()
  await waiting
  await file.close()
})

it("works out of a bundle, and keeps no process alive that has nothing to wait for", async () => {
  const program = await buildProgram(new URL("./hash-program.fixture.ts", import.meta.url), join(directory, "program.mjs"))
  const { stdout } = await promisify(execFile)(process.execPath, [program, join(directory, "file")])
  expect(stdout).toBe(`${hashOf(bytes)}\n`)
})
