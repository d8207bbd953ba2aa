import { image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { soon, testActor, testRuntime } from "../runtime/runtime.fixture.ts"
import type { FollowedEvent } from "./job-service.ts"

const app = image({ seed: "job", layers: [{ sizeBytes: 200_000 }, { sizeBytes: 30_000 }] })

async function registries(images: Parameters<typeof testRegistry>[0] = { images: { "team/app:1": app } }) {
  const source = await testRegistry(images)
  const target = await testRegistry()
  onTestFinished(async () => {
    await source.close()
    await target.close()
  })
  return { source, target }
}

test("a job copies an image, and whoever follows it sees every event once", async () => {
  const { source, target } = await registries()
  const runtime = await testRuntime()
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const job = await jobs.start(actor, { image: `${source.host}/team/app:1`, target: { address: `${target.host}/proxy` } })
  expect(job).toMatchObject({ state: "queued", target: `${target.host}/proxy/127.0.0.1_${source.port}/team/app:1` })
  const seen: FollowedEvent[] = []
  for await (const event of jobs.follow(actor, job.id, { signal: soon() })) seen.push(event)
  const stored = seen.filter(({ sequence }) => sequence !== undefined)
  expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1))
  expect(stored.flatMap(({ event }) => (event.type === "state" ? [event.state] : []))).toEqual(["queued", "running", "succeeded"])
  expect(stored.map(({ event }) => event.type)).toContain("plan")
  expect(await jobs.get(actor, job.id)).toMatchObject({ state: "succeeded", digest: app.descriptor.digest, attempts: 1 })
  expect(target.holds(`proxy/127.0.0.1_${source.port}/team/app:1`, app)).toBe(true)
})
