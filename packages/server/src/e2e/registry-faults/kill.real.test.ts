import { stat } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { image, PseudoRandom, type TestImage, type TestRegistry, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { buildServerProgram, type ServerProgram } from "../server-process.fixture.ts"
import { type FaultScene, faultScene, judged, readWhole } from "./fault-scene.fixture.ts"

const kills = 15
const KiB = 1024
const MiB = 1024 * KiB
/** The server is killed this long after up to so many pushes were acknowledged: somewhere in a push and a fill. */
const longest = { pushes: 3, ms: 400 }
const blobBytes = 4 * MiB
const upstreamBytesPerSecond = 3 * MiB

let program: ServerProgram
beforeAll(async () => {
  program = await buildServerProgram()
}, 60_000)
afterAll(() => program[Symbol.asyncDispose]())

/** What was pushed: acknowledged, or cut off, which may or may not be there. */
interface Pushes {
  readonly acknowledged: Map<string, TestImage>
  readonly begun: Map<string, TestImage>
}

async function pushUntilCut({ pusher }: FaultScene, name: string, { acknowledged, begun }: Pushes): Promise<void> {
  for (let count = 0; ; count++) {
    const tag = `${name}-${count}`
    const pushed = image({ seed: tag, layers: [{ sizeBytes: 40 * KiB }, { sizeBytes: 700 * KiB }] })
    begun.set(tag, pushed)
    try {
      await pusher.push(`team/app:${tag}`, pushed)
    } catch (error) {
      if (!isCut(error)) throw error
      return
    }
    acknowledged.set(tag, pushed)
  }
}

/** The connection broke: what was refused has no such code. */
function isCut(error: unknown): boolean {
  return error instanceof Error && "code" in error
}

/** Pulls one image after the other; what arrived complete is noted. */
async function pullUntilCut(
  { reader }: FaultScene,
  images: readonly TestImage[],
  seen: (outcome: string | number) => void,
): Promise<void> {
  for (const { blobs } of images) {
    for (const digest of [...blobs.keys()].reverse()) {
      try {
        seen(judged(await reader.request("GET", `/v2/hub.test/team/base/blobs/${digest}`), digest))
      } catch (error) {
        if (!isCut(error)) throw error
        return
      }
    }
  }
}

/** How far the fills had come that were cut off, by digest. */
async function unfinished(scene: FaultScene): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  for (const name of await scene.partials()) {
    if (!name.startsWith("fill-")) continue
    found.set(name.replace("fill-sha256-", "sha256:"), (await stat(join(scene.store, "partials", name))).size)
  }
  return found
}

/** Where the upstream was asked to begin with blobs that were on their way before, and how far they had come then. */
function resumedIn(hub: TestRegistry, before: ReadonlyMap<string, number>) {
  return hub.matching("GET blob").flatMap(({ reference = "", headers }) => {
    const size = before.get(reference) ?? 0
    return size === 0 ? [] : { size, from: Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0) }
  })
}

test(`faults 32 to 34: killed ${kills} times amid pushes and fills, the server keeps what it acknowledged, and is there again within five seconds`, {
  timeout: 300_000,
}, async () => {
  const bases = Array.from({ length: 12 }, (_, index) => image({ seed: `base ${index}`, layers: [{ sizeBytes: blobBytes }] }))
  const hub = await testRegistry({ images: Object.fromEntries(bases.map((base, index) => [`team/base:${index}`, base])) })
  onTestFinished(() => hub.close())
  hub.fail("GET blob", { as: "drip", bytesPerSecond: upstreamBytesPerSecond, times: Number.POSITIVE_INFINITY })
  const scene = await faultScene({ program, upstreams: { "hub.test": hub.origin }, tagLifetimeMs: 3_600_000 })
  for (const index of bases.keys()) await scene.reader.manifest("hub.test/team/base", String(index))
  const random = new PseudoRandom("when to kill a server")
  const chance = (index: number) => random.bytes(4 * index, 4).readUInt32LE() / 2 ** 32
  const pushes: Pushes = { acknowledged: new Map(), begun: new Map() }
  const looked = new Set<string>()
  const seen: (string | number)[] = []
  const readyMs: number[] = []
  let cut: ReadonlyMap<string, number> = new Map()
  let resumed = 0

  for (let life = 0; life < kills; life++) {
    hub.clearRequests()
    const work = [
      ...["one", "other"].map((lane) => pushUntilCut(scene, `${lane}-${life}`, pushes)),
      ...[0, 4, 8].map((first) => pullUntilCut(scene, [...bases.slice(first), ...bases], (outcome) => seen.push(outcome))),
    ]
    const enough = pushes.acknowledged.size + Math.floor(chance(2 * life) * (longest.pushes + 1))
    while (pushes.acknowledged.size < enough) await Promise.race([sleep(5), ...work])
    await sleep(chance(2 * life + 1) * longest.ms)
    await scene.server.stop("SIGKILL")
    await Promise.all(work)
    for (const { size, from } of resumedIn(hub, cut)) {
      expect(from).toBeGreaterThanOrEqual(size)
      resumed++
    }
    cut = await unfinished(scene)
    readyMs.push(await scene.restart())

    const tags = await scene.pusher.tags("team/app")
    expect(tags).toEqual(expect.arrayContaining([...pushes.acknowledged.keys()]))
    for (const tag of tags.filter((each) => !looked.has(each))) {
      const pushed = pushes.begun.get(tag)
      expect([tag, pushed && (await readWhole(scene.pusher, "team/app", tag, pushed))]).toEqual([tag, ["right"]])
      looked.add(tag)
    }
  }
  for (const [tag, pushed] of pushes.acknowledged)
    expect([tag, await scene.pusher.holds(`team/app:${tag}`, pushed)]).toEqual([tag, true])
  expect(pushes.acknowledged.size).toBeGreaterThan(kills / 2)
  // Half of them: a busy machine may take long over any single one.
  readyMs.sort((one, other) => one - other)
  expect(readyMs[kills >> 1], `the slowest took ${readyMs.at(-1)} ms`).toBeLessThan(5000)

  expect(resumed).toBeGreaterThan(kills / 3)
  hub.heal()
  for (const [index, base] of bases.entries()) {
    expect(await readWhole(scene.reader, "hub.test/team/base", String(index), base)).toEqual(["right"])
  }
  expect(seen.filter((outcome) => outcome !== "right")).toEqual([])
  const partials = await scene.partials()
  expect(partials.filter((name) => name.startsWith("fill-"))).toEqual([])
  // What was cut off may be gone on with for a day.
  expect(partials.length).toBeLessThanOrEqual(2 * kills)
})
