import { type Answer, image, type TestRegistry, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { buildServerProgram, type ServerProgram } from "../server-process.fixture.ts"
import { collectGarbage, type FaultScene, faultScene, readWhole } from "./fault-scene.fixture.ts"

const forever = Number.POSITIVE_INFINITY
const warning = '299 - "the upstream registry could not be asked: this may be out of date"'
const here = image({ seed: "here", layers: [{ sizeBytes: 3000 }] })
const elsewhere = image({ seed: "elsewhere", layers: [{ sizeBytes: 3000 }] })

let program: ServerProgram
beforeAll(async () => {
  program = await buildServerProgram()
}, 60_000)
afterAll(() => program[Symbol.asyncDispose]())

/** A registry of which everything of `team/app:1` is here afterwards, and nothing of `team/app:2`. */
async function hub(): Promise<TestRegistry> {
  const made = await testRegistry({ images: { "team/app:1": here, "team/app:2": elsewhere } })
  onTestFinished(() => made.close())
  return made
}

async function sceneBefore(hubs: Readonly<Record<string, TestRegistry>>): Promise<FaultScene> {
  const upstreams = Object.fromEntries(Object.entries(hubs).map(([name, { origin }]) => [name, origin]))
  const scene = await faultScene({ program, upstreams })
  // A blob has been sent whole a moment before it is in the books.
  const blobsAsked = async (name: string, hub: TestRegistry) => {
    hub.clearRequests()
    expect(await readWhole(scene.reader, `${name}/team/app`, "1", here)).toEqual(["right"])
    return hub.count("* blob")
  }
  for (const [name, hub] of Object.entries(hubs)) await expect.poll(() => blobsAsked(name, hub), { timeout: 20_000 }).toBe(0)
  return scene
}

const statusAndWarning = ({ status, headers }: Answer) => [status, headers.warning]

/** What clients get of an upstream that is in trouble: what is here, and what is not. */
async function answersOf({ reader }: FaultScene, registry: string) {
  const ask = async (path: string) => statusAndWarning(await reader.request("GET", `/v2/${registry}/team/app/${path}`))
  const [layer] = elsewhere.blobs.keys()
  const [tag, digest, blob] = await Promise.all([
    ask("manifests/1"),
    ask(`manifests/${here.descriptor.digest}`),
    ask(`blobs/${[...here.blobs.keys()].at(-1)}`),
  ])
  const misses = await Promise.all([ask("manifests/2"), ask(`manifests/${elsewhere.descriptor.digest}`), ask(`blobs/${layer}`)])
  return { tag, digest, blob, misses: misses.map(([status]) => status) }
}

test("fault 41: what is here is served without an upstream, a tag with a warning; what is not is 502 or 504, and never 404", {
  timeout: 120_000,
}, async () => {
  const hubs = { "refused.test": await hub(), "failing.test": await hub(), "silent.test": await hub(), "lost.test": await hub() }
  const scene = await sceneBefore(hubs)
  await hubs["refused.test"].close()
  hubs["failing.test"].fail("*", { as: "status", status: 500, times: forever })
  hubs["silent.test"].fail("*", { as: "stall", times: forever })
  const { upstreams } = await scene.admin.call<{ upstreams: { id: number; registry: string }[] }>("query", "upstreams.list")
  const lost = upstreams.find(({ registry }) => registry === "lost.test")
  await scene.admin.call("mutation", "upstreams.update", { id: lost?.id, changes: { url: "http://nowhere.invalid" } })

  const names = Object.keys(hubs)
  const answers = await Promise.all(names.map((name) => answersOf(scene, name)))
  const hits = { tag: [200, warning], digest: [200, undefined], blob: [200, undefined] }
  expect(Object.fromEntries(names.map((name, index) => [name, answers[index]]))).toEqual({
    "refused.test": { ...hits, misses: [502, 502, 502] },
    "failing.test": { ...hits, misses: [502, 502, 502] },
    "silent.test": { ...hits, misses: [504, 504, 504] },
    "lost.test": { ...hits, misses: [502, 502, 502] },
  })
})

test("fault 24: an upstream that limits us costs a warning or 429 with a time, and jobs wait at the same gate", {
  timeout: 120_000,
}, async () => {
  const hubs = { "limited.test": await hub(), "curt.test": await hub() }
  const scene = await sceneBefore(hubs)
  hubs["limited.test"].fail("*", { as: "status", status: 429, headers: { "retry-after": "600" }, times: forever })
  hubs["curt.test"].fail("*", { as: "status", status: 429, times: forever })
  const missed = async (name: string) => {
    const { status, headers } = await scene.reader.request("GET", `/v2/${name}/team/app/manifests/2`)
    return [status, Number(headers["retry-after"])] as const
  }
  for (const name of Object.keys(hubs)) {
    const tag = await scene.reader.request("GET", `/v2/${name}/team/app/manifests/1`)
    expect([name, ...statusAndWarning(tag), tag.body.equals(here.manifest)]).toEqual([name, 200, warning, true])
    expect(await readWhole(scene.reader, `${name}/team/app`, here.descriptor.digest, here)).toEqual(["right"])
    const [status, retryAfterS] = await missed(name)
    expect([name, status]).toEqual([name, 429])
    expect(retryAfterS).toBeGreaterThan(0)
    expect(retryAfterS).toBeLessThanOrEqual(600)
  }
  expect((await missed("limited.test"))[1]).toBeGreaterThan(500)

  const limited = hubs["limited.test"]
  limited.clearRequests()
  const body = { source_image: `${limited.host}/team/app:1`, source_plain_http: true }
  const started = await scene.admin.ask("POST", "/api/jobs", body)
  const { id } = (started.json() as { job: { id: number } }).job
  const job = async () => ((await scene.admin.ask("GET", `/api/jobs/${id}`)).json() as { job: { status: string } }).job
  await expect.poll(async () => (await job()).status, { timeout: 20_000 }).toBe("waiting")
  expect(limited.requests).toEqual([])
})

test("fault 42: a tag that its upstream has no longer is not served, and what it named stays here", {
  timeout: 120_000,
}, async () => {
  const hubs = { "hub.test": await hub() }
  const scene = await sceneBefore(hubs)
  hubs["hub.test"].deleteManifest("team/app", "1")
  const tag = async () => (await scene.reader.request("GET", "/v2/hub.test/team/app/manifests/1")).status
  expect(await tag()).toBe(404)
  hubs["hub.test"].add("team/app:1", here)
  hubs["hub.test"].clearRequests()
  expect(await tag()).toBe(404)
  expect(hubs["hub.test"].requests).toEqual([])
  await collectGarbage(scene.admin)
  await scene.restart("SIGTERM")
  expect(await tag()).toBe(200)
  expect(hubs["hub.test"].count("GET *")).toBe(0)
  expect(await readWhole(scene.reader, "hub.test/team/app", here.descriptor.digest, here)).toEqual(["right"])
})
