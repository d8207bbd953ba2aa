import { once } from "node:events"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { image, type TestRegistry, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, expect, test } from "vitest"
import { digestOf } from "../../content/digest.ts"
import { createHttp } from "../../http/create-http.ts"
import { readCacheIndex } from "../../stores/cache/cache-index.ts"
import { cleanCache } from "../../stores/cache/clean-cache.ts"
import { type BuiltProgram, buildProgram } from "../../stores/run-program.fixture.ts"
import { createDirectEngine } from "../direct.ts"

const kills = 12

const layers = [1_500_000, 700_000, 90_000, 5_000].map((sizeBytes) => ({ sizeBytes }))
const app = image({ seed: "killed", layers })
const kept = image({ seed: "kept", layers: [{ sizeBytes: 200_000 }] })

let root: string
let program: BuiltProgram
let registry: TestRegistry

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "cache-kill-"))
  program = await buildProgram(new URL("./copy-into-cache.fixture.ts", import.meta.url), root)
  registry = await testRegistry({ images: { "team/app:1": app, "team/kept:1": kept } })
})
afterAll(async () => {
  await registry.close()
  await rm(root, { recursive: true })
})

/** Starts a copy, and kills it so long after it began; it may have ended before. */
async function copyAndKill(directory: string, afterMs: number): Promise<void> {
  const child = program.start(`docker://${registry.host}/team/app:1`, "cache:team/app:1", directory)
  const ended = once(child, "exit")
  await once(child.stdout ?? child, "data")
  await delay(afterMs)
  child.kill("SIGKILL")
  await ended
}

/** The same copy in this process, to its end. */
async function copyHere(name: "app" | "kept", directory: string): Promise<void> {
  const http = createHttp()
  const engine = createDirectEngine({ stores: { http, cacheDirectory: directory } })
  const events = engine.copy({ source: `docker://${registry.host}/team/${name}:1`, target: `cache:team/${name}:1` })
  let step = await events.next()
  while (!step.done) step = await events.next()
  await http.close()
  expect(step.value.error).toBeUndefined()
}

async function committedBlobs(directory: string): Promise<string[]> {
  const folder = join(directory, "blobs/sha256")
  return (await readdir(folder)).map((hex) => `sha256:${hex}`)
}

async function expectCommittedIsWhole(directory: string): Promise<void> {
  for (const digest of await committedBlobs(directory)) {
    expect(digestOf(await readFile(join(directory, "blobs/sha256", digest.slice(7))))).toBe(digest)
  }
  const index = await readCacheIndex(directory)
  expect(Object.keys(index)).toContain("team/kept/1")
  for (const { manifest_path, repository, blobs } of Object.values(index)) {
    const wanted = repository === "team/app" ? app : kept
    expect((await readFile(join(directory, manifest_path))).equals(wanted.manifest)).toBe(true)
    expect(await committedBlobs(directory)).toEqual(expect.arrayContaining(Object.keys(blobs)))
  }
}

test(`fault 32: SIGKILL at ${kills} moments of a copy into the cache leaves nothing there that is not whole, and the next copy tidies up`, {
  timeout: 60_000,
}, async () => {
  let interrupted = 0
  for (let kill = 0; kill < kills; kill++) {
    const directory = join(root, `cache-${kill}`)
    await copyHere("kept", directory)
    // The whole copy takes about a twentieth of a second.
    await copyAndKill(directory, 60 * Math.random() ** 1.5)
    await expectCommittedIsWhole(directory)
    if (!("team/app/1" in (await readCacheIndex(directory)))) interrupted += 1

    await copyHere("kept", directory)
    const dotted = (await readdir(directory, { recursive: true })).filter((path) => /(^|\/)\.(writer|.*lock)|\.tmp$/.test(path))
    expect(dotted).toEqual([])
    await program.run(`docker://${registry.host}/team/app:1`, "cache:team/app:1", directory)
    await expectCommittedIsWhole(directory)
    expect(Object.keys(await readCacheIndex(directory)).sort()).toEqual(["team/app/1", "team/kept/1"])
    await cleanCache(directory)
    expect((await readdir(directory)).sort()).toEqual(["blobs", "index.json", "manifests"])
  }
  expect(interrupted).toBeGreaterThan(kills / 5)
})
