import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openDatabase } from "@entrepot/db"
import { image, type TestRegistry } from "@entrepot/testing"
import { beforeAll, expect, onTestFinished, test } from "vitest"
import { registry, smallImages } from "../jobs/jobs.fixture.ts"
import { AppProcess, programIn } from "./processes.fixture.ts"
import type { ProgramOptions } from "./program.fixture.ts"
import { testConfiguration, testDirectory } from "./runtime.fixture.ts"

const forever = Number.POSITIVE_INFINITY
let program: (options: ProgramOptions) => Promise<AppProcess>
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-program-"))
  const built = await programIn(directory)
  program = async (options) => {
    const app = new AppProcess(built, options)
    onTestFinished(() => app.end("SIGKILL"))
    expect(await app.ready()).toBe(true)
    return app
  }
  return () => rm(directory, { recursive: true })
})

async function openTestDatabase(directory: string) {
  const database = await openDatabase(testConfiguration(directory).database)
  onTestFinished(() => database.close())
  return database
}

function asked(source: TestRegistry, target: TestRegistry, name: string) {
  return { image: `${source.host}/${name}`, target: { address: target.host }, targetImage: `${target.host}/mirror/${name}` }
}

/** A process that stands still within a transaction keeps all others from writing: that is SQLite's, and not what is tested here. */
async function stopBetweenWrites({ child }: AppProcess): Promise<void> {
  const isWriting = async () => new RegExp(` WRITE +${child.pid} `).test(await readFile("/proc/locks", "utf8"))
  for (child.kill("SIGSTOP"); await isWriting(); child.kill("SIGSTOP")) {
    child.kill("SIGCONT")
    while (await isWriting());
  }
}

const by = (target: TestRegistry, userAgent: string) =>
  target.requests.filter(({ headers }) => headers["user-agent"] === userAgent)

test("fault 33: a process that was stopped for longer than its lease uploads and publishes nothing more of the job that another one took over", async () => {
  const app = image({ seed: "fence", layers: [{ sizeBytes: 400_000 }, { sizeBytes: 10_000 }] })
  const source = await registry({ images: { "team/app:1": app } })
  const target = await registry()
  const drip = source.fail("GET blob", { as: "drip", bytesPerSecond: 100_000, times: forever })
  const directory = await testDirectory()
  const stopped = await program({ directory, userAgent: "stopped", leaseMs: 1500 })
  const database = await openTestDatabase(directory)
  const id = (await stopped.start(asked(source, target, "team/app:1"))) ?? 0
  await expect.poll(() => by(target, "stopped").filter(({ resource }) => resource === "upload").length).toBeGreaterThan(0)
  const [own] = await database.jobs.runners()
  await stopBetweenWrites(stopped)
  drip.remove()
  await program({ directory, userAgent: "heir", leaseMs: 1500 })
  await expect.poll(async () => (await database.jobs.get(id))?.state, { timeout: 10_000 }).toBe("succeeded")
  const sent = by(target, "stopped").length
  stopped.child.kill("SIGCONT")
  await expect
    .poll(async () => (await database.jobs.runners()).find((runner) => runner.id === own?.id)?.seenAt ?? 0, { timeout: 10_000 })
    .toBeGreaterThan(own?.seenAt ?? 0)
  const another = await stopped.start(asked(source, target, "team/app:1"))
  await expect.poll(async () => (await database.jobs.get(another ?? 0))?.state, { timeout: 10_000 }).toBe("succeeded")
  const later = by(target, "stopped").slice(sent)
  // It may give up the upload that it had begun itself.
  expect(later.filter(({ method }) => method !== "HEAD" && method !== "DELETE")).toEqual([])
  expect(await database.jobs.get(id)).toMatchObject({ attempts: 2, digest: app.descriptor.digest })
  const events = await database.jobs.events(id, 0, 500)
  expect(events.flatMap(({ event }) => (event.type === "state" ? [event.state] : []))).toEqual([
    "queued",
    "running",
    "queued",
    "running",
    "succeeded",
  ])
  expect(target.holds("mirror/team/app:1", app)).toBe(true)
})

test("fault 50: SIGTERM lets a job end within the grace, takes no new one, and puts what is left back with its progress", async () => {
  const images = smallImages(3)
  const source = await registry({ images })
  const target = await registry()
  const [stuck = "", quick = "", next = ""] = Object.keys(images)
  const [, layer = ""] = [...(images[stuck]?.blobs.keys() ?? [])]
  source.fail("GET blob", { as: "stall", reference: layer, times: forever })
  source.fail("GET blob", { as: "drip", bytesPerSecond: 20_000, repository: "team/app-1", times: forever })
  const directory = await testDirectory()
  const first = await program({ directory, userAgent: "first", concurrency: 2, graceMs: 3000 })
  const database = await openTestDatabase(directory)
  const ids: number[] = []
  for (const name of [stuck, quick, next]) ids.push((await first.start(asked(source, target, name))) ?? 0)
  const states = async () => Promise.all(ids.map(async (id) => (await database.jobs.get(id))?.state))
  await expect.poll(async () => (await database.jobs.get(ids[1] ?? 0))?.stage).toBe("copy")
  await expect.poll(states).toEqual(["running", "running", "queued"])
  await first.end("SIGTERM")
  expect(first.child.exitCode).toBe(0)
  expect(await states()).toEqual(["queued", "succeeded", "queued"])
  expect(await database.jobs.get(ids[0] ?? 0)).toMatchObject({ attempts: 1, stage: "copy" })
  expect(await database.jobs.runners()).toEqual([])
  source.heal()
  await program({ directory, userAgent: "second" })
  await expect.poll(states, { timeout: 10_000 }).toEqual(["succeeded", "succeeded", "succeeded"])
})

test("two processes share one queue: each job is run once, by one of them", async () => {
  const images = smallImages(24)
  const source = await registry({ images })
  const target = await registry()
  source.fail("GET blob", { as: "drip", bytesPerSecond: 100_000, times: forever })
  const directory = await testDirectory()
  const one = await program({ directory, userAgent: "one", concurrency: 2 })
  await program({ directory, userAgent: "two", concurrency: 2 })
  const database = await openTestDatabase(directory)
  for (const name of Object.keys(images)) await one.start(asked(source, target, name))
  await expect.poll(async () => (await database.jobs.counts("all")).succeeded, { timeout: 20_000 }).toBe(24)
  const { jobs } = await database.jobs.list({ visibility: "all", limit: 50 })
  expect(jobs.map(({ attempts }) => attempts)).toEqual(jobs.map(() => 1))
  const published = target.matching("PUT manifest").map(({ headers }) => headers["user-agent"])
  expect(published.length).toBe(24)
  expect(new Set(published)).toEqual(new Set(["one", "two"]))
})
