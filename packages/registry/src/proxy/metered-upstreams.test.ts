import { freePort, image, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import type { RegistryMeter } from "../registry-meter.ts"
import { app, bytesOf, registry, signal, testProxy, upstreamAt } from "./proxy.fixture.ts"

const layer = { sizeBytes: 300_000 }
const one = image({ seed: "one", layers: [layer] })
const layerDigest = [...one.blobs].find(([, { sizeBytes }]) => sizeBytes === layer.sizeBytes)?.[0] ?? ""

/** What a meter was told of upstreams, in order, and how many bytes came from them. */
function notes() {
  const told: string[] = []
  const counted = { bytes: 0 }
  const meter: RegistryMeter = {
    request: () => void told.push("request"),
    upstreamAnswered: ({ name }, tookMs) => void told.push(`${name} answered${tookMs > 0 ? "" : " at once"}`),
    upstreamFailed: ({ name }, code) => void told.push(`${name} failed: ${code}`),
    upstreamSent: (_, bytes) => {
      counted.bytes += bytes
    },
    upstreamUnhealthy: (upstream, error) => void told.push(`${JSON.stringify(upstream)} is unhealthy: ${error}`),
    upstreamRecovered: ({ name }) => void told.push(`${name} has recovered`),
  }
  return { told, counted, meter }
}

test("an answer is what an upstream has, that it has none, and that it wants another login", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { told, meter } = notes()
  const { proxy } = await testProxy([upstreamAt(hub)], { meter })
  const repository = proxy.repository(app)
  await repository.manifest("v1", signal)
  await repository.manifest("none", signal)
  await repository.tags({ after: undefined, limit: 5 }, signal)
  for (const status of [401, 403]) {
    hub.fail("* manifest", { as: "status", status })
    await repository.manifest(`v${status}`, signal).catch(() => undefined)
  }
  expect(told).toEqual(Array.from({ length: 5 }, () => "hub answered"))
})

test("a failure is everything that cannot be used, by its code; one that is left alone is not asked, and has not failed", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { told, meter } = notes()
  const through = await testProxy([upstreamAt(hub)], { meter, circuit: { threshold: 100 } })
  const repository = through.proxy.repository(app)
  const ask = (tag: string) => repository.manifest(tag, signal).catch(() => undefined)
  hub.fail("GET manifest", { as: "status", status: 503 })
  await ask("v1")
  hub.fail("GET manifest", { as: "reset", times: 2 })
  await ask("v1")
  hub.fail("GET manifest", { as: "status", status: 200, body: "<html>" })
  await ask("v1")
  await repository.manifest("v1", signal)
  hub.fail("GET blob", { as: "status", status: 500 })
  await bytesOf(through, layerDigest)
  hub.fail("GET manifest", { as: "status", status: 429, headers: { "retry-after": "60" } })
  await ask("v2")
  await ask("v3")
  expect(told.filter((line) => line !== "hub answered")).toEqual([
    "hub failed: server_error",
    "hub failed: network",
    "hub failed: protocol",
    "hub failed: server_error",
    "hub failed: rate_limited",
  ])
})

test("bytes are counted once, however many read them", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": one } })
  const { counted, meter } = notes()
  const through = await testProxy([upstreamAt(hub)], { meter })
  await through.proxy.repository(app).manifest("v1", signal)
  expect(counted.bytes).toBe(one.manifest.length)
  const read = await Promise.all([1, 2, 3].map(() => bytesOf(through, layerDigest)))
  expect(read.map((bytes) => bytes?.length)).toEqual([layer.sizeBytes, layer.sizeBytes, layer.sizeBytes])
  expect(hub.count("GET blob")).toBe(1)
  expect(counted.bytes).toBe(one.manifest.length + layer.sizeBytes)
})

test("fault 41: an upstream is unhealthy once, however often it is tried, and recovers once", async () => {
  const port = await freePort()
  const { told, meter } = notes()
  const host = `127.0.0.1:${port}`
  const { proxy, time } = await testProxy([upstreamAt({ origin: `http://${host}` })], { meter })
  const repository = proxy.repository(app)
  for (let asked = 0; asked < 5; asked++) {
    await repository.manifest("v1", signal).catch(() => undefined)
  }
  time.now += 5_000
  await repository.manifest("v1", signal).catch(() => undefined)
  await using _hub = await testRegistry({ images: { "team/app:v1": one }, port })
  await repository.manifest("v1", signal).catch(() => undefined)
  time.now += 10_000
  await repository.manifest("v1", signal)
  await repository.manifest("none", signal)
  const upstream = JSON.stringify({ id: 1, name: "hub", registry, host })
  const failed = "hub failed: network"
  expect(told).toEqual([
    ...[failed, failed, failed],
    `${upstream} is unhealthy: network: connection refused by ${host}`,
    failed,
    ...["hub answered", "hub has recovered", "hub answered"],
  ])
})
