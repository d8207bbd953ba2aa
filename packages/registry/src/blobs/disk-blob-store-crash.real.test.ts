import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { buildProgram } from "@entrepot/testing"
import { afterEach, beforeEach, expect, it } from "vitest"
import type { BlobStore } from "./blob-store.ts"
import { createDiskBlobStore } from "./disk-blob-store.ts"

const kills = 60

let directory: string
let program: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "entrepot-blobs-"))
  program = await buildProgram(new URL("./blob-writer-program.fixture.ts", import.meta.url), join(directory, "writer.mjs"))
})
afterEach(() => rm(directory, { recursive: true }))

/** Starts the program, kills it at some point after it has said so many lines, and returns them all, whole ones only. */
async function runAndKill(afterLines: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, join(directory, "store")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { NODE_ENV: "test", PATH: process.env.PATH },
  })
  const end = once(child, "close")
  let text = ""
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString()
  })
  const lines = () => text.split("\n").slice(0, -1)
  while (lines().length < afterLines && child.exitCode === null) await Promise.race([once(child.stdout, "data"), end])
  await sleep(Math.random() * 20)
  expect(child.exitCode).toBeNull()
  child.kill("SIGKILL")
  await end
  return lines()
}

/** Every file under its final name has the bytes that the name promises. */
async function expectWhole(store: BlobStore, known: Set<string>): Promise<void> {
  for await (const { digest } of store.list()) {
    if (known.has(digest)) continue
    expect(`${digest} ${await store.verify(digest)}`).toBe(`${digest} true`)
    known.add(digest)
  }
}

it(`fault 32: after each of ${kills} SIGKILLs while blobs are filled, every blob is whole, and the next process goes on with what had arrived`, async () => {
  const whole = new Set<string>()
  const resumed = new Set<string>()
  const openingMs: number[] = []
  for (let round = 0; round < kills; round++) {
    const lines = await runAndKill(1 + Math.floor(Math.random() * 10))
    const store = await createDiskBlobStore({ directory: join(directory, "store") })
    await expectWhole(store, whole)
    for (const [what, name = "", size = ""] of lines.map((line) => line.split(" "))) {
      if (what === "open") openingMs.push(Number(name))
      if (what === "committed") expect(`${name} ${(await store.stat(name)) !== undefined}`).toBe(`${name} true`)
      if (what === "found" && size !== "0") resumed.add(name)
    }
    for (const name of ["small", "middle", "large"]) {
      // Not one of them is still held by the process that died.
      const left = await store.statPartial(name)
      const partial = await store.openPartial(name)
      expect(partial.sizeBytes).toBe(left?.sizeBytes ?? 0)
      await partial.close()
    }
    await store.close()
  }
  expect(whole.size).toBeGreaterThan(kills)
  expect(resumed).toContain("large")
  expect(openingMs).toHaveLength(kills)
  // Half of them: a busy machine may take long over any single one.
  expect(openingMs.toSorted((a, b) => a - b)[kills / 2]).toBeLessThan(1000)
  const store = await createDiskBlobStore({ directory: join(directory, "store") })
  await store.sweep(0)
  expect(await readdir(join(directory, "store", "partials"))).toEqual([])
  expect(await readdir(join(directory, "store", "claims"))).toEqual([])
  await store.close()
}, 120_000)
