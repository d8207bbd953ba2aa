import { request } from "node:http"
import { digestOf, image, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { buildServerProgram, type ServerProgram } from "../server-process.fixture.ts"
import { faultScene, readWhole } from "./fault-scene.fixture.ts"

const MiB = 1024 * 1024
const forever = Number.POSITIVE_INFINITY

let program: ServerProgram
beforeAll(async () => {
  program = await buildServerProgram()
}, 60_000)
afterAll(() => program[Symbol.asyncDispose]())

test("fault 50: SIGTERM amid a fill and a push ends the process in order; the next one goes on at the bytes that had come", {
  timeout: 120_000,
}, async () => {
  const base = image({ seed: "stopped", layers: [{ sizeBytes: 6 * MiB }] })
  const [layer = ""] = [...base.blobs].find(([, { sizeBytes }]) => sizeBytes === 6 * MiB) ?? []
  const hub = await testRegistry({ images: { "team/app:1": base } })
  onTestFinished(() => hub.close())
  hub.fail("GET blob", { as: "stall", after: 500_000, times: forever })
  const scene = await faultScene({ program, upstreams: { "hub.test": hub.origin }, tagLifetimeMs: 3_600_000 })
  await scene.reader.manifest("hub.test/team/app", "1")

  const pulled = expect(scene.reader.request("GET", `/v2/hub.test/team/app/blobs/${layer}`)).rejects.toMatchObject({
    code: "ECONNRESET",
  })
  const own = Buffer.alloc(MiB, "own")
  const { location = "" } = (await scene.pusher.request("POST", "/v2/team/own/blobs/uploads/")).headers
  const headers = { authorization: scene.login, "content-type": "application/octet-stream", "content-length": MiB }
  const patch = request(new URL(location, scene.server.url), { method: "PATCH", headers })
  const cut = new Promise((resolve) => patch.on("error", resolve).on("response", resolve))
  patch.write(own.subarray(0, 300_000))
  const grown = async () => (await scene.partials()).map((name) => name.replace(/-.*/, "")).sort()
  await expect.poll(grown, { timeout: 10_000 }).toEqual(["fill", "upload"])
  await expect.poll(() => hub.bytesOut("GET blob"), { timeout: 10_000 }).toBeGreaterThanOrEqual(500_000)

  const stoppedAt = performance.now()
  expect(await scene.server.stop("SIGTERM")).toEqual({ code: 0, signal: null })
  expect(performance.now() - stoppedAt).toBeLessThan(10_000)
  await pulled
  await cut

  hub.heal()
  hub.clearRequests()
  expect(await scene.restart()).toBeLessThan(5000)
  expect(await readWhole(scene.reader, "hub.test/team/app", "1", base)).toEqual(["right"])
  // What had come by then is not asked for again.
  expect(hub.matching("GET blob").every(({ headers, reference }) => reference !== layer || headers.range !== undefined)).toBe(
    true,
  )
  const { pathname } = new URL(location, scene.server.url)
  const status = await scene.pusher.request("GET", pathname)
  expect([status.status, status.headers.range]).toEqual([204, "0-299999"])
  const rest = { "content-type": "application/octet-stream", "content-range": `300000-${MiB - 1}` }
  const finished = await scene.pusher.request("PUT", `${pathname}?digest=${digestOf(own)}`, rest, own.subarray(300_000))
  expect(finished.status).toBe(201)
  expect((await scene.pusher.blob("team/own", digestOf(own)))?.equals(own)).toBe(true)
})
