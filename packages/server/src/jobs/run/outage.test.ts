import { openDatabase } from "@entrepot/db"
import { image } from "@entrepot/testing"
import { expect, test } from "vitest"
import { testActor, testConfiguration, testDirectory, testRuntime } from "../../runtime/runtime.fixture.ts"
import { followed, registry, request, statesOf } from "../jobs.fixture.ts"

test("fault 37: a process that cannot reach the database for nearly a lease stops its jobs, and takes them up again afterwards", async () => {
  const app = image({ seed: "outage", layers: [{ sizeBytes: 300_000 }] })
  const source = await registry({ images: { "team/app:1": app } })
  const target = await registry()
  const drip = source.fail("GET blob", { as: "drip", bytesPerSecond: 50_000, times: Number.POSITIVE_INFINITY })
  const configuration = testConfiguration(await testDirectory())
  const database = await openDatabase(configuration.database)
  const { jobs } = database
  const heartbeat = jobs.heartbeat.bind(jobs)
  let isAway = false
  jobs.heartbeat = (...given) => (isAway ? Promise.reject(new Error("the server is away")) : heartbeat(...given))
  const runtime = await testRuntime(configuration, { database, leaseMs: 2000 })
  const actor = await testActor(runtime)
  const job = await runtime.services.jobs.start(actor, request(source, target, "team/app:1"))
  const seen = followed(runtime, actor, job.id)
  await expect.poll(async () => (await jobs.get(job.id))?.stage, { timeout: 5000 }).toBe("copy")
  isAway = true
  await expect.poll(async () => (await jobs.get(job.id))?.state, { timeout: 5000 }).toBe("queued")
  const sent = target.requests.length
  drip.remove()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect([(await jobs.get(job.id))?.state, target.requests.length]).toEqual(["queued", sent])
  isAway = false
  expect(statesOf(await seen).join(" ")).toMatch(/^queued( running queued)+ running succeeded$/)
  expect(target.holds("mirror/team/app:1", app)).toBe(true)
})
