import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { image, needs, runProgram, type TestImage, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { buildServerProgram, type ServerProgram } from "../server-process.fixture.ts"
import { faultScene, readWhole } from "./fault-scene.fixture.ts"

const KiB = 1024
const passedThrough = "a blob is passed through without being stored"

/** 2 MiB for all blobs. */
async function smallDisk(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-small-"))
  await runProgram("mount", ["-t", "tmpfs", "-o", "size=2m", "none", directory])
  onTestFinished(async () => {
    await runProgram("umount", [directory])
    await rm(directory, { recursive: true })
  })
  return directory
}

const imageOf = (seed: string, kibibytes: number): TestImage => image({ seed, layers: [{ sizeBytes: kibibytes * KiB }] })

describe.skipIf(needs("root", "mount", "umount"))("the server on a disk that is too small", () => {
  let program: ServerProgram
  beforeAll(async () => {
    program = await buildServerProgram()
  }, 60_000)
  afterAll(() => program[Symbol.asyncDispose]())

  test("fault 31: clients are served all the same, images make room for one another, and what was pushed stays", {
    timeout: 120_000,
  }, async () => {
    const images = { old: imageOf("old", 700), young: imageOf("young", 700), huge: imageOf("huge", 3000) }
    const hub = await testRegistry()
    onTestFinished(() => hub.close())
    for (const [tag, each] of Object.entries(images)) hub.add(`team/app:${tag}`, each)
    // The test's disks go after the server that uses them.
    const store = await smallDisk()
    const scene = await faultScene({ program, store, upstreams: { "hub.test": hub.origin }, tagLifetimeMs: 3_600_000 })
    const pull = (tag: keyof typeof images) => readWhole(scene.reader, "hub.test/team/app", tag, images[tag])
    const own = imageOf("own", 500)
    await scene.pusher.push("team/own:1", own)
    const ownIsWhole = async () => expect(await readWhole(scene.pusher, "team/own", "1", own)).toEqual(["right"])

    expect(await pull("old")).toEqual(["right"])
    expect(await pull("young")).toEqual(["right"])
    await expect.poll(() => scene.partials(), { timeout: 10_000 }).toEqual([])
    expect(scene.server.output()).not.toContain(passedThrough)
    await ownIsWhole()
    hub.clearRequests()
    expect(await pull("young")).toEqual(["right"])
    expect(hub.count("GET blob")).toBe(0)

    expect(await pull("huge")).toEqual(["right"])
    await expect.poll(() => scene.partials(), { timeout: 10_000 }).toEqual([])
    expect(scene.server.output()).toContain(passedThrough)
    await ownIsWhole()

    const tooLarge = imageOf("too large", 3000)
    await expect(scene.pusher.push("team/own:2", tooLarge)).rejects.toThrow(/503|507|UNAVAILABLE|ECONNRESET|EPIPE/)
    expect(await scene.pusher.tags("team/own")).toEqual(["1"])
    await scene.restart()
    await ownIsWhole()
    expect(await pull("old")).toEqual(["right"])
  })
})
