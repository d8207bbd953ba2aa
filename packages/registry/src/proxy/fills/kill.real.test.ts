import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as delay } from "node:timers/promises"
import { mediaTypes } from "@entrepot/core"
import { buildProgram, image, layer, PseudoRandom, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { createDiskBlobStore } from "../../blobs/disk-blob-store.ts"
import type { FillingOptions } from "./filling.fixture.ts"
import { repository, testDirectory } from "./fills.fixture.ts"

const kills = 100
const longestLifeMs = 160
const MiB = 1024 * 1024

/** What the process writes until it ends. */
async function linesOf(child: ChildProcess, seen: (line: string) => void): Promise<void> {
  if (child.stdout === null) return
  for await (const line of createInterface({ input: child.stdout })) seen(line)
}

test("fault 32: killed at 100 random points of fills, it serves no wrong blob, and goes on where it was", {
  timeout: 240_000,
}, async () => {
  const directory = await testDirectory()
  const program = await buildProgram(new URL("./filling.fixture.ts", import.meta.url), join(directory, "program.mjs"))
  const layers = Array.from({ length: 4 }, (_, index) => layer({ seed: `killed ${index}`, sizeBytes: MiB - 1000 * index }))
  const upstream = await testRegistry({ images: { [repository]: image({ seed: "killed", layers }) } })
  onTestFinished(() => upstream.close())
  upstream.fail("GET blob", { as: "drip", bytesPerSecond: 4 * MiB, times: Number.POSITIVE_INFINITY })
  const blobs = layers.map(({ digest, content }) => ({ mediaType: mediaTypes.ociLayerGzip, digest, size: content.sizeBytes }))
  const random = new PseudoRandom("when to kill a fill")
  const told: string[] = []
  const readyMs: number[] = []
  const store = join(directory, "store")
  const start = () => {
    const options: FillingOptions = { directory: store, host: upstream.host, repository, blobs }
    return spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "inherit"] })
  }

  for (let life = 0; life < kills; life++) {
    // What is whole would not be filled again.
    if (life % 5 === 0) await rm(join(store, "blobs"), { recursive: true, force: true })
    const startedAt = performance.now()
    const child = start()
    const exited = once(child, "exit")
    let isReady = () => {}
    const ready = new Promise<void>((resolve) => {
      isReady = resolve
    })
    const lines = linesOf(child, (line) => {
      if (line === "ready") isReady()
      else told.push(line)
    })
    await Promise.race([ready, exited])
    readyMs.push(performance.now() - startedAt)
    await Promise.race([delay((random.bytes(4 * life, 4).readUInt32LE() / 2 ** 32) * longestLifeMs), exited])
    child.kill("SIGKILL")
    await Promise.all([exited, lines])
  }
  expect(readyMs.sort((a, b) => a - b).at(kills >> 1)).toBeLessThan(5000)
  expect(told.filter((line) => line !== "right" && line !== "done")).toEqual([])
  const resumed = upstream.matching("GET blob").filter(({ headers }) => headers.range !== undefined)
  expect(resumed.length).toBeGreaterThan(20)

  upstream.heal()
  told.length = 0
  const last = start()
  await Promise.all([once(last, "exit"), linesOf(last, (line) => told.push(line))])
  expect(told).toEqual(["ready", "right", "right", "right", "right", "done"])
  expect(await readdir(join(store, "partials"))).toEqual([])
  const kept = await createDiskBlobStore({ directory: store })
  onTestFinished(() => kept.close())
  expect(await Promise.all(blobs.map(({ digest }) => kept.verify(digest)))).toEqual([true, true, true, true])
})
