import { request } from "node:http"
import { image, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { buildServerProgram, type ServerProgram } from "../server-process.fixture.ts"
import { collectGarbage, faultScene, readWhole } from "./fault-scene.fixture.ts"

const KiB = 1024
const MiB = 1024 * KiB

let program: ServerProgram
beforeAll(async () => {
  program = await buildServerProgram()
}, 60_000)
afterAll(() => program[Symbol.asyncDispose]())

test("fault 43: a fill goes on when its client leaves, and the blob is here without the upstream", {
  timeout: 120_000,
}, async () => {
  const base = image({ seed: "left", layers: [{ sizeBytes: 3 * MiB }] })
  const hub = await testRegistry({ images: { "team/app:1": base } })
  onTestFinished(() => hub.close())
  hub.fail("GET blob", { as: "drip", bytesPerSecond: 2 * MiB, times: Number.POSITIVE_INFINITY })
  const scene = await faultScene({ program, upstreams: { "hub.test": hub.origin }, tagLifetimeMs: 3_600_000 })
  await scene.reader.manifest("hub.test/team/app", "1")
  for (const digest of base.blobs.keys()) {
    const leaving = request(`${scene.server.url}/v2/hub.test/team/app/blobs/${digest}`)
    await new Promise((resolve, reject) => {
      leaving.on("response", (response) => response.once("data", resolve)).on("error", reject)
      leaving.end()
    })
    leaving.on("error", () => undefined).destroy()
  }
  const bytes = [...base.blobs.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const usage = async () => (await scene.admin.call<{ bytes: number }>("query", "registry.usage")).bytes
  await expect.poll(usage, { timeout: 20_000 }).toBe(bytes)
  await hub.close()
  expect(await readWhole(scene.reader, "hub.test/team/app", "1", base)).toEqual(["right"])
})

test("fault 44: garbage that is collected all the time takes nothing that is being pushed or read through", {
  timeout: 120_000,
}, async () => {
  const bases = Array.from({ length: 4 }, (_, index) => image({ seed: `through ${index}`, layers: [{ sizeBytes: 300 * KiB }] }))
  const hub = await testRegistry({ images: Object.fromEntries(bases.map((base, index) => [`team/app:${index}`, base])) })
  onTestFinished(() => hub.close())
  const scene = await faultScene({ program, upstreams: { "hub.test": hub.origin }, tagLifetimeMs: 3_600_000 })
  const common = { sizeBytes: 100 * KiB }
  const pushed = Array.from({ length: 8 }, (_, index) =>
    image({ seed: `pushed ${index % 4}`, layers: [common, { sizeBytes: (index + 1) * KiB }] }),
  )
  let isOver = false
  let collections = 0
  const collecting = (async () => {
    for (; !isOver; collections++) await collectGarbage(scene.admin)
  })()
  await Promise.all([
    ...[0, 1].map(async (lane) => {
      for (const [index, each] of pushed.entries()) if (index % 2 === lane) await scene.pusher.push(`team/own:${index}`, each)
    }),
    ...bases.map(async (base, index) =>
      expect(await readWhole(scene.reader, "hub.test/team/app", String(index), base)).toEqual(["right"]),
    ),
  ])
  isOver = true
  await collecting
  expect(collections).toBeGreaterThan(1)
  const digests = new Set([...pushed, ...bases].flatMap((each) => [...each.blobs.keys()]))
  // A blob has been sent whole a moment before it is in the books.
  const usage = async () => (await scene.admin.call<{ blobs: number }>("query", "registry.usage")).blobs
  await expect.poll(usage, { timeout: 20_000 }).toBe(digests.size)
  await hub.close()
  for (const [index, each] of pushed.entries())
    expect(await readWhole(scene.pusher, "team/own", String(index), each)).toEqual(["right"])
  for (const [index, base] of bases.entries())
    expect(await readWhole(scene.reader, "hub.test/team/app", String(index), base)).toEqual(["right"])
})
