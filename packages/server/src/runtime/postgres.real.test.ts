import { image, needsPostgres, type PostgresServer, postgresServer } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { followed, reached, registry, statesOf } from "../jobs/jobs.fixture.ts"
import { soon, testActor, testConfiguration, testDirectory, testRuntime } from "./runtime.fixture.ts"

const app = image({ seed: "postgres", layers: [{ sizeBytes: 200_000 }, { sizeBytes: 30_000 }] })

describe.skipIf(needsPostgres())("the application over PostgreSQL", () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await postgresServer()
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  async function configuration() {
    return {
      ...testConfiguration(await testDirectory()),
      database: { kind: "postgres", url: server.url(await server.createDatabase()) },
    } as const
  }

  test("two processes share one queue: each job runs once, and either tells of the other's", async () => {
    const source = await registry({ images: { "team/app:1": app } })
    const target = await registry()
    const shared = await configuration()
    const [first, second] = [await testRuntime(shared), await testRuntime(shared)]
    const actor = await testActor(first)
    const ids: number[] = []
    for (let i = 0; i < 6; i++) {
      const asked = {
        image: `${source.host}/team/app:1`,
        target: { address: target.host },
        targetImage: `${target.host}/mirror/app:${i}`,
      }
      ids.push((await first.services.jobs.start(actor, asked)).id)
    }
    for (const id of ids) {
      expect(await second.services.jobs.ended(actor, id, soon())).toMatchObject({ state: "succeeded", attempts: 1 })
      const stored = (await followed(second, actor, id)).filter(({ sequence }) => sequence !== undefined)
      expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1))
      expect(statesOf(stored)).toEqual(["queued", "running", "succeeded"])
      expect(target.holds(`mirror/app:${ids.indexOf(id)}`, app)).toBe(true)
    }
    const page = await second.services.jobs.list(actor, { limit: 3, search: "team/app" })
    expect(page.jobs.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 3))
  })

  test("settings that one process saves are in force in the other within seconds, and two that save at once keep both", async () => {
    const source = await registry({ images: { "team/app:1": app } })
    const target = await registry()
    source.fail("GET blob", { as: "drip", bytesPerSecond: 100, times: Number.POSITIVE_INFINITY })
    const shared = await configuration()
    const worker = await testRuntime({ ...shared, jobs: { ...shared.jobs, concurrency: 1 } })
    const actor = await testActor(worker, "admin")
    const start = (tag: number) =>
      worker.services.jobs.start(actor, {
        image: `${source.host}/team/app:1`,
        target: { address: target.host },
        targetImage: `${target.host}/mirror/app:${tag}`,
      })
    const [first, second] = [await start(1), await start(2)]
    await reached(worker, first.id, "running")
    expect((await worker.services.jobs.get(actor, second.id)).state).toBe("queued")
    const other = await testRuntime(shared)
    await other.drain(0)
    // What the other took before it was told not to is back in the queue.
    await reached(worker, second.id, "queued")
    await Promise.all([
      other.services.settings.update(actor, { jobConcurrency: 2 }),
      worker.services.settings.update(actor, { keepDays: 9 }),
      other.services.settings.update(actor, { limitRate: 1_000_000 }),
    ])
    await reached(worker, second.id, "running")
    for (const { services } of [worker, other]) {
      expect(await services.settings.get(actor)).toMatchObject({
        jobConcurrency: { value: 2 },
        keepDays: { value: 9 },
        limitRate: { value: 1_000_000 },
      })
    }
  })

  test("fault 37: PostgreSQL goes away while a job runs, and the job succeeds when it is back", async () => {
    const source = await registry({ images: { "team/app:1": app } })
    const target = await registry()
    const drip = source.fail("GET blob", { as: "drip", bytesPerSecond: 60_000, times: Number.POSITIVE_INFINITY })
    const runtime = await testRuntime(await configuration())
    const actor = await testActor(runtime)
    const { jobs } = runtime.services
    const job = await jobs.start(actor, { image: `${source.host}/team/app:1`, target: { address: target.host } })
    await expect.poll(() => target.requests.some(({ resource }) => resource === "upload")).toBe(true)
    await server.stop("SIGINT")
    drip.remove()
    await server.start()
    expect(await jobs.ended(actor, job.id, soon(40_000))).toMatchObject({ state: "succeeded", digest: app.descriptor.digest })
  })
})
