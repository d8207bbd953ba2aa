import { artifact, image, index } from "@entrepot/testing"
import { expect, test } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import { testActor, testRuntime } from "../runtime/runtime.fixture.ts"
import { registry } from "./jobs.fixture.ts"

const amd64 = image({ seed: "inspected", layers: [{ sizeBytes: 200_000 }, { sizeBytes: 30_000 }] })

async function setUp() {
  const runtime = await testRuntime()
  return { jobs: runtime.services.jobs, actor: await testActor(runtime), signal: AbortSignal.timeout(60_000) }
}

test("an image of one platform is asked for with one manifest and its configuration", async () => {
  const source = await registry({ images: { "team/app:1": amd64 } })
  const { jobs, actor, signal } = await setUp()
  const found = await jobs.inspect(actor, { image: `docker pull ${source.host}/team/app:1` }, signal)
  expect(found).toEqual({
    reference: { registry: source.host, repository: "team/app", tag: "1" },
    digest: amd64.descriptor.digest,
    mediaType: amd64.descriptor.mediaType,
    sizeBytes: 230_000,
    platforms: ["linux/amd64"],
  })
  const asked = source.requests.filter(({ repository }) => repository === "team/app")
  expect(asked.map(({ method, path }) => `${method} ${path.replace(/^.*\/team\/app\//, "").replace(/sha256:.*/, "…")}`)).toEqual([
    "GET manifests/1",
    "GET blobs/…",
  ])
})

test("an index is asked for with one manifest, and attestations are no platforms", async () => {
  const children = ["amd64", "arm64"].map((architecture) =>
    image({ seed: architecture, platform: { os: "linux", architecture } }),
  )
  const attestation = image({ seed: "attestation", platform: { os: "unknown", architecture: "unknown" } })
  const all = index([...children, attestation])
  const source = await registry({ images: { "team/app:1": all } })
  const { jobs, actor, signal } = await setUp()
  expect(await jobs.inspect(actor, { image: `${source.host}/team/app:1` }, signal)).toMatchObject({
    digest: all.descriptor.digest,
    sizeBytes: null,
    platforms: ["linux/amd64", "linux/arm64"],
  })
  expect(source.requests.filter(({ repository }) => repository === "team/app")).toHaveLength(1)
})

test("an artifact has no platform, and its configuration is not asked for", async () => {
  const chart = artifact({ artifactType: "application/vnd.example.chart", blobs: ["chart"] })
  const source = await registry({ images: { "team/chart:1": chart } })
  const { jobs, actor, signal } = await setUp()
  expect(await jobs.inspect(actor, { image: `${source.host}/team/chart:1` }, signal)).toMatchObject({ platforms: [] })
  expect(source.requests.filter(({ path }) => path.includes("/blobs/"))).toEqual([])
})

test("errors are those of a plan: what is not there, a wrong password, this server itself", async () => {
  const source = await registry({ images: { "team/app:1": amd64 }, auth: { basic: { ada: "right" } } })
  const { jobs, actor, signal } = await setUp()
  const asked = (name: string, password: string) =>
    jobs.inspect(actor, { image: `${source.host}/${name}`, sourceLogin: { username: "ada", password } }, signal)
  expect(await asked("team/app:1", "right")).toMatchObject({ digest: amd64.descriptor.digest })
  await expect(asked("team/app:2", "right")).rejects.toMatchObject({
    code: "not_found",
    message: `there is no ${source.host}/team/app:2`,
    side: "source",
    host: source.host,
  })
  await expect(asked("team/app:1", "wrong")).rejects.toMatchObject({ code: "unauthorized", side: "source", host: source.host })
  await expect(jobs.inspect(actor, { image: "Nginx" }, signal)).rejects.toMatchObject({ code: "reference_invalid" })
  await expect(jobs.inspect(actor, { image: "localhost:8080/a:1" }, signal)).rejects.toMatchObject({ code: "address_blocked" })
})

test("S13: who may start nothing may not have registries asked", async () => {
  const { jobs, actor, signal } = await setUp()
  const viewer: Actor = { ...actor, role: "viewer" }
  await expect(jobs.inspect(viewer, { image: "127.0.0.1:9/a:1" }, signal)).rejects.toMatchObject({ code: "forbidden" })
})

test("a question that nobody waits for any more ends", async () => {
  const source = await registry({ images: { "team/app:1": amd64 } })
  source.fail("GET manifest", { as: "stall" })
  const { jobs, actor } = await setUp()
  const leaving = new AbortController()
  const asked = jobs.inspect(actor, { image: `${source.host}/team/app:1` }, leaving.signal)
  const refused = expect(asked).rejects.toMatchObject({ code: "cancelled" })
  await expect.poll(() => source.requests.some(({ path }) => path.includes("/manifests/")), { timeout: 30_000 }).toBe(true)
  leaving.abort()
  await refused
})
