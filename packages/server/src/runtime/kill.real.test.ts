import { setTimeout as delay } from "node:timers/promises"
import { openDatabase } from "@entrepot/db"
import { image, PseudoRandom, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { AppProcess, programIn } from "./processes.fixture.ts"
import { testConfiguration, testDirectory } from "./runtime.fixture.ts"

const kills = 50
const longestLifeMs = 400
const layers = [{ sizeBytes: 60_000 }, { sizeBytes: 60_000 }, { sizeBytes: 60_000 }]

test("faults 33, 34: killed at 50 random points, it loses no acknowledged job, runs none twice at once, and sends no finished blob again", {
  timeout: 120_000,
}, async () => {
  const images = Object.fromEntries(
    Array.from({ length: kills }, (_, i) => [`team/app-${i}:1`, image({ seed: `kill ${i}`, layers })]),
  )
  const source = await testRegistry({ images })
  const target = await testRegistry()
  onTestFinished(async () => {
    await source.close()
    await target.close()
  })
  source.fail("GET blob", { as: "drip", bytesPerSecond: 200_000, times: Number.POSITIVE_INFINITY })
  const directory = await testDirectory()
  const program = await programIn(directory)
  const random = new PseudoRandom("when to kill")
  const acknowledged = new Map<number, string>()
  const readyMs: number[] = []

  for (let life = 0; life < kills; life++) {
    const fate = random.bytes(8 * life, 8)
    const lifeMs = (fate.readUInt32LE() / 2 ** 32) * longestLifeMs
    const startedAt = performance.now()
    const app = new AppProcess(program, { directory, userAgent: `life-${life}` })
    // One in five does not live to be ready.
    if (fate.readUInt32LE(4) % 5 > 0) {
      expect(await app.ready()).toBe(true)
      readyMs.push(performance.now() - startedAt)
      const [name = ""] = Object.keys(images).slice(life)
      const place = { target: { address: target.host }, targetImage: `${target.host}/mirror/${name}` }
      void app.start({ image: `${source.host}/${name}`, ...place }).then((id) => id !== undefined && acknowledged.set(id, name))
    }
    await delay(lifeMs)
    await app.end("SIGKILL")
  }
  expect(acknowledged.size).toBeGreaterThan(10)
  expect(readyMs.sort((a, b) => a - b).at(readyMs.length >> 1)).toBeLessThan(5000)

  const last = new AppProcess(program, { directory, userAgent: "last" })
  onTestFinished(() => last.end("SIGKILL"))
  expect(await last.ready()).toBe(true)
  source.heal()
  const database = await openDatabase(testConfiguration(directory).database)
  onTestFinished(() => database.close())
  await expect
    .poll(async () => (await database.jobs.counts("all")).succeeded, { timeout: 30_000, interval: 50 })
    .toBe((await database.jobs.list({ visibility: "all", limit: 200 })).jobs.length)

  let attempts = 0
  for (const [id, name] of acknowledged) {
    const job = await database.jobs.get(id)
    expect(job).toMatchObject({ state: "succeeded", digest: images[name]?.descriptor.digest })
    expect(images[name] && target.holds(`mirror/${name}`, images[name])).toBe(true)
    const states = (await database.jobs.events(id, 0, 500)).flatMap(({ event }) => (event.type === "state" ? [event.state] : []))
    expect(states.join(" ")).toMatch(/^(queued running )+succeeded$/)
    expect(job?.attempts).toBe(states.filter((state) => state === "running").length)
    attempts += job?.attempts ?? 0
  }
  expect(attempts).toBeGreaterThan(acknowledged.size)
  const commits = target.matching("* upload").filter(({ status }) => status === 201)
  const finished = commits.map(
    ({ repository, path }) => `${repository} ${new URL(path, target.origin).searchParams.get("digest")}`,
  )
  expect(finished.length).toBeGreaterThan(0)
  expect(finished.filter((blob, index) => finished.indexOf(blob) !== index)).toEqual([])
  await last.end("SIGTERM")
})
