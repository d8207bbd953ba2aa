import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readdir, rm } from "node:fs/promises"
import { basename, join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as delay } from "node:timers/promises"
import { mediaTypes } from "@entrepot/core"
import { buildProgram, image, layer, PseudoRandom, type TestRegistry, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test, vi } from "vitest"
import { createDiskBlobStore } from "../../blobs/disk-blob-store.ts"
import type { FillingOptions } from "./filling.fixture.ts"
import { repository, testDirectory } from "./fills.fixture.ts"

/** Two lanes at once, each with a store and an upstream of its own: most of a life is waiting. */
const killsOfLane = 50
const longestLifeMs = 160
const MiB = 1024 * 1024

/** What the process writes until it ends. */
async function linesOf(child: ChildProcess, seen: (line: string) => void): Promise<void> {
  if (child.stdout === null) return
  for await (const line of createInterface({ input: child.stdout })) seen(line)
}

function start(program: string, options: FillingOptions): ChildProcess {
  return spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "inherit"] })
}

/** An upstream that takes its time over blobs. */
async function slowUpstream(images: Parameters<typeof testRegistry>[0]): Promise<TestRegistry> {
  const upstream = await testRegistry(images)
  onTestFinished(() => upstream.close())
  upstream.fail("GET blob", { as: "drip", bytesPerSecond: 4 * MiB, times: Number.POSITIVE_INFINITY })
  return upstream
}

/** Starts fills in one store and kills them, again and again. What they said, and how long each was getting ready, milliseconds. */
async function killAgainAndAgain(program: string, options: FillingOptions, upstream: TestRegistry) {
  const random = new PseudoRandom(`when to kill a fill in ${basename(options.directory)}`)
  const told: string[] = []
  const readyMs: number[] = []
  for (let life = 0; life < killsOfLane; life++) {
    // What is whole would not be filled again.
    if (life % 5 === 0) await rm(join(options.directory, "blobs"), { recursive: true, force: true })
    const startedAt = performance.now()
    const child = start(program, options)
    const exited = once(child, "exit")
    let isReady = () => {}
    const ready = new Promise<void>((resolve) => {
      isReady = resolve
    })
    const lines = linesOf(child, (line) => {
      if (line === "ready") isReady()
      else told.push(line)
    })
    const asked = upstream.count("GET blob")
    await Promise.race([ready, exited])
    readyMs.push(performance.now() - startedAt)
    // A busy machine may take its time until there is anything to be killed in the middle of; some lives end before that.
    const isAsking = () => upstream.count("GET blob") > asked || child.exitCode !== null
    if (life % 4 !== 0) await vi.waitUntil(isAsking, { timeout: 10_000, interval: 5 })
    await Promise.race([delay((random.bytes(4 * life, 4).readUInt32LE() / 2 ** 32) * longestLifeMs), exited])
    child.kill("SIGKILL")
    await Promise.all([exited, lines])
  }
  return { told, readyMs }
}

test("fault 32: killed at 100 random points of fills, it serves no wrong blob, and goes on where it was", {
  timeout: 240_000,
}, async () => {
  const directory = await testDirectory()
  const program = await buildProgram(new URL("./filling.fixture.ts", import.meta.url), join(directory, "program.mjs"))
  const layers = Array.from({ length: 4 }, (_, index) => layer({ seed: `killed ${index}`, sizeBytes: MiB - 1000 * index }))
  const blobs = layers.map(({ digest, content }) => ({ mediaType: mediaTypes.ociLayerGzip, digest, size: content.sizeBytes }))
  const images = { [repository]: image({ seed: "killed", layers }) }
  const lanes = await Promise.all(
    ["one", "two"].map(async (name) => {
      const upstream = await slowUpstream({ images })
      return { upstream, options: { directory: join(directory, name), host: upstream.host, repository, blobs } }
    }),
  )

  const lived = await Promise.all(lanes.map(({ options, upstream }) => killAgainAndAgain(program, options, upstream)))
  const readyMs = lived.flatMap((lane) => lane.readyMs).sort((a, b) => a - b)
  expect(readyMs.at(readyMs.length >> 1)).toBeLessThan(5000)
  expect(lived.flatMap(({ told }) => told).filter((line) => line !== "right" && line !== "done")).toEqual([])
  const resumed = lanes.flatMap(({ upstream }) =>
    upstream.matching("GET blob").filter(({ headers }) => headers.range !== undefined),
  )
  expect(resumed.length).toBeGreaterThan(20)

  for (const { upstream, options } of lanes) {
    upstream.heal()
    const told: string[] = []
    const last = start(program, options)
    await Promise.all([once(last, "exit"), linesOf(last, (line) => told.push(line))])
    expect(told).toEqual(["ready", "right", "right", "right", "right", "done"])
    expect(await readdir(join(options.directory, "partials"))).toEqual([])
    const kept = await createDiskBlobStore({ directory: options.directory })
    onTestFinished(() => kept.close())
    expect(await Promise.all(blobs.map(({ digest }) => kept.verify(digest)))).toEqual([true, true, true, true])
  }
})
