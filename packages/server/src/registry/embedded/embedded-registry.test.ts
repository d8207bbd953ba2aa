import type { Digest } from "@entrepot/core"
import { image } from "@entrepot/testing"
import { expect, test } from "vitest"
import { registry } from "../../jobs/jobs.fixture.ts"
import { soon, testActor, testConfiguration, testDirectory, testRuntime } from "../../runtime/runtime.fixture.ts"
import { embeddedHost } from "./embedded-registry.ts"

const app = image({ seed: "embedded", layers: [{ sizeBytes: 300_000 }, { sizeBytes: 10_000 }] })

test("an image that names no target lands in the project proxy, under the name that docker pull takes", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  const runtime = await testRuntime()
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const request = { image: `${source.host}/team/app:1`, naming: "basename" }
  const job = await jobs.start(actor, request)
  expect(job).toMatchObject({ target: "127.0.0.1:8080/proxy/app:1", targetHost: "127.0.0.1:8080" })
  expect(await jobs.ended(actor, job.id, soon())).toMatchObject({ state: "succeeded", digest: app.descriptor.digest })

  const { warehouse, projects } = runtime.database
  const kept = await warehouse.repository("proxy/app")
  expect(await projects.byName("proxy")).toMatchObject({ isPublic: true, id: kept?.projectId })
  expect(await warehouse.tag(kept?.id ?? 0, "1")).toMatchObject({ digest: app.descriptor.digest })
  for (const digest of app.blobs.keys()) {
    expect((await warehouse.linkedBlob(kept?.id ?? 0, digest as Digest))?.blob).toBeDefined()
  }

  const again = await jobs.start(actor, request)
  expect(await jobs.ended(actor, again.id, soon())).toMatchObject({ state: "succeeded", unchanged: true })
})

test("the project proxy is there before anybody asks: what a command beside the server puts there is found at once", async () => {
  const runtime = await testRuntime()
  expect(await runtime.database.projects.byName("proxy")).toMatchObject({ isPublic: true })
})

test("a source that serves wrong bytes leaves no image behind", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  source.fail("GET blob", { as: "corrupt", times: Number.POSITIVE_INFINITY })
  const runtime = await testRuntime()
  const { jobs } = runtime.services
  const actor = await testActor(runtime)
  const job = await jobs.start(actor, { image: `${source.host}/team/app:1`, naming: "basename" })
  expect(await jobs.ended(actor, job.id, soon())).toMatchObject({ state: "failed", failure: { code: "digest_mismatch" } })
  const kept = await runtime.database.warehouse.repository("proxy/app")
  expect(kept === undefined ? [] : await runtime.database.warehouse.listTags(kept.id, { limit: 9 })).toEqual([])
})

test("an operator's own name for an image goes where the operator may push, and nowhere else", async () => {
  const source = await registry({ images: { "team/app:1": app } })
  const runtime = await testRuntime()
  const { jobs, projects } = runtime.services
  const [admin, ann] = [await testActor(runtime, "admin"), await testActor(runtime, "operator", "ann")]
  await projects.create(admin, { name: "team" })
  const request = { image: `${source.host}/team/app:1`, targetImage: "localhost:8080/team/app:2" }
  await expect(jobs.start(ann, request)).rejects.toMatchObject({
    code: "forbidden",
    message: "you have no place in project team from which to push",
  })
  const job = await jobs.start(admin, request)
  expect(await jobs.ended(admin, job.id, soon())).toMatchObject({ state: "succeeded" })
  expect(await runtime.database.warehouse.repository("team/app")).toBeDefined()
})

test("the registry is called what clients call this server", async () => {
  const configuration = testConfiguration(await testDirectory())
  const { registry: settings } = configuration
  const named = (host: string, self?: string) => embeddedHost({ listen: { host, port: 8080 }, registry: { ...settings, self } })
  expect(named("127.0.0.1")).toBe("127.0.0.1:8080")
  expect(named("0.0.0.0")).toBe("localhost:8080")
  expect(named("::1")).toBe("[::1]:8080")
  expect(named("0.0.0.0", "https://mirror.example.com")).toBe("mirror.example.com")
  expect(named("0.0.0.0", "http://mirror.example.com:8081")).toBe("mirror.example.com:8081")
})
