import { expect, test } from "vitest"
import { testActor, testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import { OpenJobsCap } from "./open-jobs-cap.ts"

test("nobody has more open jobs than allowed; those that have ended make room, and other people's do not count", async () => {
  const runtime = await testRuntime(testConfiguration(await testDirectory(), { concurrency: 0 }))
  const actor = await testActor(runtime)
  let now = 0
  const cap = new OpenJobsCap(runtime.database.jobs, () => now, 3)
  const take = async (count: number) => {
    await cap.take(actor.userId, count)
    for (let i = 0; i < count; i++) {
      await runtime.services.jobs.start(actor, { image: "127.0.0.1:9/app", target: { address: "127.0.0.1:9" } })
    }
  }
  await take(2)
  await expect(take(2)).rejects.toMatchObject({
    code: "too_many",
    message: "there are 2 jobs in the queue already; wait until some have ended",
    retryAfterSeconds: 60,
  })
  await take(1)
  await cap.take((await testActor(runtime, "operator", "other")).userId, 3)
  const { jobs } = await runtime.services.jobs.list(actor, { limit: 10 })
  for (const job of jobs) await runtime.services.jobs.cancel(actor, job.id)
  await expect(take(1)).rejects.toMatchObject({ code: "too_many" })
  now += 10_001
  await take(3)
})
