import { readdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Digest } from "@entrepot/core"
import type { CareReports, CareWork } from "@entrepot/registry"
import { image } from "@entrepot/testing"
import { expect, test } from "vitest"
import { processId } from "../../jobs/run/process-id.ts"
import type { CareView } from "../administration/registry-service.ts"
import { type RegistryStock, registryStock } from "../administration/registry-stock.fixture.ts"

const app = image({ seed: "care", layers: [{ sizeBytes: 20_000 }, { sizeBytes: 5000 }] })
const [config = "", first = "", second = ""] = app.blobs.keys()
const bytes = [...app.blobs.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
const nothing = { blobs: 0, bytes: 0, uploads: 0, strays: 0 }

/** Work that goes on until it is asked to end, or let go. */
function heldGarbage() {
  let letGo = () => {}
  const released = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const report = { blobs: 3, bytes: 30, strays: 0, uploads: 1, partialBytes: 5 }
  const work: CareWork<"garbage"> = async (tell, signal) => {
    tell(report)
    await Promise.race([released, new Promise((resolve) => signal.addEventListener("abort", resolve))])
    return report
  }
  return { work, letGo, found: { blobs: 3, bytes: 35, uploads: 1, strays: 0 } }
}

async function ended(stock: RegistryStock, id: number): Promise<CareView | undefined> {
  const admin = stock.person("root", "admin")
  const run = async () => (await stock.service.care(admin)).find((each) => each.id === id)
  await expect.poll(run, { interval: 20, timeout: 15_000 }).toMatchObject({ isRunning: false, endedAt: expect.any(Number) })
  return await run()
}

test("garbage, an eviction and a scrub go on in the background, and tell what they found", async () => {
  await using stock = await registryStock({ graceMs: 0 })
  const { service } = stock
  const [root, ann] = [stock.person("root", "admin"), stock.person("ann", "operator")]
  await stock.push("team/app", "1", app)
  await stock.readThrough("docker.io/library/app", "1", app)
  await stock.readThrough("docker.io/library/other", "1", image({ seed: "other", layers: [{ sizeBytes: 1000 }] }))

  const scrub = await service.startCare(root, { kind: "scrub" })
  expect(scrub).toMatchObject({ kind: "scrub", by: "root", endedAt: null, isRunning: true, wrong: [], error: null })
  const all = (await service.usage(root)).blobs
  expect((await ended(stock, scrub.id))?.findings).toMatchObject({ blobs: all, checked: all, wrong: 0, missing: 0 })

  const evict = await service.startCare(root, { kind: "evict", toBytes: 0 })
  // What the hosted image needs stays.
  expect((await ended(stock, evict.id))?.findings).toMatchObject({ images: 2, blobs: 2 })
  expect(await service.usage(root)).toMatchObject({ bytes, hostedBytes: bytes, quotaBytes: null, freeBytes: expect.any(Number) })

  await service.removeRepository(root, "team/app")
  const garbage = await service.startCare(root, { kind: "garbage" })
  expect((await ended(stock, garbage.id))?.findings).toEqual({ ...nothing, blobs: 3, bytes })
  expect((await service.care(root)).map(({ kind, by }) => `${kind} ${by}`)).toEqual(["garbage root", "evict root", "scrub root"])
  const did = (await stock.stores.audit.list({ limit: 9 })).map(({ action, subject }) => `${action} ${subject}`.trim())
  expect(did).toEqual(["registry.collect-garbage", "registry.remove team/app", "registry.evict to 0 bytes", "registry.scrub"])

  await expect(service.startCare(root, { kind: "evict" })).rejects.toMatchObject({
    code: "invalid",
    message: "there is no quota (REGISTRY_QUOTA): say how much may stay",
  })
  for (const refused of [service.care(ann), service.startCare(ann, { kind: "scrub" }), service.stopCare(ann, scrub.id)]) {
    await expect(refused).rejects.toMatchObject({ code: "forbidden" })
  }
})

test("fault 45: a scrub lists what is wrong or missing and the repositories that have it, and goes through everything", async () => {
  await using stock = await registryStock()
  const root = stock.person("root", "admin")
  await stock.push("team/app", "1", app)
  await stock.push("team/copy", "1", app)
  await stock.readThrough("docker.io/library/app", "1", app)
  const place = (digest: string) => join(stock.directory, stock.blobs.locationOf(digest as Digest) ?? "")
  await rm(place(first))
  await writeFile(place(second), "x".repeat(5000))
  const { id } = await stock.service.startCare(root, { kind: "scrub" })
  const run = await ended(stock, id)
  expect(run?.findings).toMatchObject({ blobs: 3, checked: 3, wrong: 1, missing: 1 })
  const repositories = ["docker.io/library/app", "team/app", "team/copy"]
  expect(new Map(run?.wrong.map((each) => [each.digest, each.repositories]))).toEqual(
    new Map([first, second].map((digest) => [digest, repositories])),
  )
  expect((await stock.service.usage(root)).blobs).toBe(1)
  expect(await readdir(join(place(config), ".."))).toHaveLength(1)
})

test("one of a kind at a time; one that is stopped keeps what it has found, and says who stopped it", async () => {
  await using stock = await registryStock()
  const root = stock.person("root", "admin")
  const held = heldGarbage()
  const { id } = await stock.care.begin("garbage", "ann", held.work)
  expect(stock.care.isUnderWay("garbage")).toBe(true)
  const conflict = { code: "conflict", message: "this is under way already; wait for its end, or stop it" }
  await expect(stock.service.startCare(root, { kind: "garbage" })).rejects.toMatchObject(conflict)
  await expect(stock.another("elsewhere").startCare(root, { kind: "garbage" })).rejects.toMatchObject(conflict)
  const row = async () => (await stock.stores.careRuns.list(1))[0]?.findings
  await expect.poll(row, { timeout: 5000 }).toContain('"blobs":3')
  const foreign = { code: "not_found", message: "nothing of that number is under way in this process" }
  await expect(stock.another("elsewhere").stopCare(root, id)).rejects.toMatchObject(foreign)
  expect(await stock.service.stopCare(root, id)).toMatchObject({
    ...{ by: "ann", isRunning: false, endedAt: expect.any(Number), error: "stopped by root", findings: held.found },
  })
  await expect(stock.service.stopCare(root, id)).rejects.toMatchObject(foreign)
  expect(stock.care.isUnderWay("garbage")).toBe(false)
})

test("a run that fails says so in our own words", async () => {
  await using stock = await registryStock()
  const fails: CareWork<"garbage"> = async () => {
    throw new Error("canary /srv/secret")
  }
  const { id } = await stock.care.begin("garbage", "root", fails)
  expect(await ended(stock, id)).toMatchObject({ error: "it failed; the server's log says why", findings: {} })
  await expect.poll(() => stock.logged()).toContain("a care run has failed")
})

test("a shutdown ends runs and keeps what they found; one whose process was killed does not go on, and one of a living process does", async () => {
  await using stock = await registryStock()
  const root = stock.person("root", "admin")
  const held = heldGarbage()
  await stock.care.begin("garbage", "root", held.work)
  await stock.care.close()
  const { careRuns } = stock.stores
  const restarted = stock.another(await processId())
  expect(await restarted.care(root)).toMatchObject([
    { isRunning: false, endedAt: expect.any(Number), error: "the server was stopped", findings: held.found },
  ])
  await expect(stock.service.startCare(root, { kind: "garbage" })).rejects.toMatchObject({ code: "unavailable" })

  const living = await processId()
  const [host, boot, namespace, pid] = living.split("/")
  const killed = [host, boot, namespace, pid, "1", "x"].join("/")
  for (const [holder, at] of [
    [killed, Date.now()],
    [living, Date.now()],
    [living, Date.now() - 60_000],
  ] as const) {
    const id = await careRuns.begin({ kind: "scrub", by: "root" }, Date.now())
    await careRuns.note(id, { findings: JSON.stringify({ findings: { checked: 7 }, wrong: [], holder, at }) })
  }
  await careRuns.note(await careRuns.begin({ kind: "evict", by: "" }, Date.now()), { findings: "{" })
  const [torn, silent, going, dead] = await restarted.care(root)
  expect([torn?.isRunning, torn?.findings, torn?.wrong]).toEqual([false, {}, []])
  expect([silent?.isRunning, going?.isRunning, dead?.isRunning]).toEqual([false, true, false])
  expect(dead).toMatchObject({ endedAt: null, findings: { checked: 7 } })
  await expect(restarted.startCare(root, { kind: "scrub" })).rejects.toMatchObject({ code: "conflict" })
})

test("what the warehouse does by itself is there too: the last of those that found nothing, and evictions that follow closely as one", async () => {
  await using stock = await registryStock({ quotaBytes: 3000 })
  const root = stock.person("root", "admin")
  const report = (blobs: number): CareReports["garbage"] => ({ blobs, bytes: blobs, strays: 0, uploads: 0, partialBytes: 0 })
  for (const blobs of [0, 2, 0, 0, 0]) await stock.care.observe("garbage", async () => report(blobs))
  for (let time = 0; time < 2; time++) {
    await expect(stock.care.observe("garbage", () => Promise.reject(new Error("the disk is on fire")))).rejects.toThrow("on fire")
  }
  const garbage = async () =>
    (await stock.service.care(root))
      .filter(({ kind }) => kind === "garbage")
      .map(({ by, findings, error }) => [by, findings.blobs, error])
  expect(await garbage()).toEqual([
    ["", undefined, "it failed; the server's log says why"],
    ["", 0, null],
    ["", 2, null],
  ])

  for (const seed of ["one", "two", "three", "four"]) {
    await stock.readThrough(`docker.io/library/${seed}`, "1", image({ seed, layers: [{ sizeBytes: 2000 }] }))
  }
  const evictions = async () => (await stock.service.care(root)).filter(({ kind }) => kind === "evict")
  await expect.poll(async () => (await stock.service.usage(root)).bytes, { timeout: 5000 }).toBeLessThanOrEqual(3000)
  await stock.warehouse.makeRoom(1)
  const found = await evictions()
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ by: "", isRunning: false })
  expect(found[0]?.findings.images).toBeGreaterThanOrEqual(3)
  await stock.care.close()
  expect((await stock.another("later").care(root))[0]).toMatchObject({ kind: "evict", findings: found[0]?.findings })
})
