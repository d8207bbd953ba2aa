import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ServedTally } from "@entrepot/db/stores"
import { dockerRegistry, faultProxy, image, needs, skopeo } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { impatient, silentLog, testActor, testConfiguration, testDirectory } from "../runtime/runtime.fixture.ts"
import { startServer } from "../start-server.ts"

const app = image({ seed: "served", layers: [{ sizeBytes: 200_000 }, { sizeBytes: 100_000 }] })
const manifestBytes = app.manifest.length
const blobBytes = [...app.blobs.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/** A server whose only upstream is a registry of Debian with `team/app:1`, which can be switched off. Tags are asked for each time. */
async function scene() {
  const hub = await dockerRegistry()
  onTestFinished(() => hub[Symbol.asyncDispose]())
  await hub.client.push("team/app:1", app)
  const door = await faultProxy(hub.host)
  onTestFinished(() => door.close())
  const directory = await testDirectory()
  const settings = testConfiguration(directory)
  // It stands still: how slow this machine is must not decide when an upstream is tried again.
  const clock = { now: Date.now() }
  const told: string[] = []
  const server = await startServer(
    {
      ...settings,
      listen: { host: "127.0.0.1", port: 0 },
      registry: { ...settings.registry, anonymous: "yes", upstream: door.origin, tagLifetimeMs: 0 },
      hosts: { [door.host]: { plainHttp: true } },
    },
    {
      log: silentLog,
      graceMs: 100,
      runtime: {
        ...impatient,
        now: () => clock.now,
        meters: [
          {
            upstreamUnhealthy: ({ host }, error) => void told.push(`${host} is unhealthy: ${error}`),
            upstreamRecovered: ({ host }) => void told.push(`${host} has recovered`),
          },
        ],
      },
    },
  )
  onTestFinished(() => server.close())
  const { services, database } = server.runtime
  const admin = await testActor(server.runtime, "admin")
  for (const { id, configured } of await services.upstreams.list(admin))
    if (!configured) await services.upstreams.remove(admin, id)
  const images = await mkdtemp(join(tmpdir(), "entrepot-served-"))
  onTestFinished(() => rm(images, { recursive: true, force: true }))
  const since = clock.now
  let pulls = 0
  return {
    door,
    clock,
    told,
    database,
    served: () => services.statistics.served(admin, { since, until: since + 2 * 3_600_000, step: "hour" }),
    async pull() {
      const source = `docker://${new URL(server.url).host}/team/app:1`
      await skopeo("copy", "--quiet", "--src-tls-verify=false", source, `dir:${join(images, String(pulls++))}`)
    },
  }
}

describe.skipIf(needs("skopeo", "docker-registry"))("what skopeo pulls", () => {
  test("fault 41: is counted as it was served; an upstream that is switched off is told unhealthy once, and comes back once", {
    timeout: 120_000,
  }, async () => {
    const { door, clock, told, database, served, pull } = await scene()
    const none = (await served()).totals
    // A client has its last bytes a moment before they are counted.
    const becomes = (totals: ServedTally) => expect.poll(async () => (await served()).totals, { timeout: 20_000 }).toEqual(totals)
    const blobs = app.blobs.size

    await pull()
    const cold: ServedTally = {
      ...{ ...none, requests: 1 + blobs, pulls: 1, misses: 1 + blobs },
      ...{ bytesSent: manifestBytes + blobBytes, bytesFetched: manifestBytes + blobBytes },
    }
    const repository = "docker.io/team/app"
    await becomes(cold)
    const first = await served()
    expect(first.repositories).toEqual([{ repository, pulls: 1, bytesSent: manifestBytes + blobBytes }])
    expect(first.upstreams).toMatchObject([{ host: door.host, failures: 0, bytesFetched: manifestBytes + blobBytes }])
    const asked = first.upstreams[0]?.requests ?? 0
    expect(asked).toBeGreaterThanOrEqual(1 + blobs)

    // A blob has been sent whole a moment before it is in the books.
    await expect.poll(async () => (await database.warehouse.usage()).blobs, { timeout: 20_000 }).toBe(blobs)
    await pull()
    const warm: ServedTally = { ...cold, requests: 2 * (1 + blobs), pulls: 2, hits: 1 + blobs, bytesSent: 2 * cold.bytesSent }
    await becomes(warm)
    const second = await served()
    expect(second.upstreams).toMatchObject([{ requests: asked + 1, failures: 0 }])

    await door.close()
    for (let pulled = 0; pulled < 4; pulled++) await pull()
    await becomes({
      ...{ ...warm, requests: 6 * (1 + blobs), pulls: 6, hits: 5 * (1 + blobs), stale: 4, bytesSent: 6 * cold.bytesSent },
    })
    // The fourth time it is left alone.
    const off = await served()
    expect(off.upstreams).toMatchObject([{ requests: asked + 4, failures: 3 }])
    const unhealthy = `${door.host} is unhealthy: network: connection refused by ${door.host}`
    expect(told).toEqual([unhealthy])

    clock.now += 5_000
    await pull()
    await door.listen()
    clock.now += 10_000
    await pull()
    await pull()
    expect(told).toEqual([unhealthy, `${door.host} has recovered`])
    await expect.poll(async () => (await served()).totals.requests, { timeout: 20_000 }).toBe(9 * (1 + blobs))
    const back = await served()
    expect([back.totals.stale, back.upstreams[0]?.requests, back.upstreams[0]?.failures]).toEqual([5, asked + 7, 4])
    expect(back.repositories).toEqual([{ repository, pulls: 9, bytesSent: 9 * cold.bytesSent }])
  })
})
