import { type DockerRegistry, dockerRegistry, faultProxy, image, index, needs, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { CopyRequest } from "../engine.ts"
import {
  type Copied,
  copy,
  expectNothing,
  expectWhole,
  failureOf,
  type Manner,
  MiB,
  realTarget,
  type Target,
  testEngine,
} from "./fault-run.fixture.ts"

const pushFailed = { zh: "推送到目标仓库失败", en: "Pushing to the target registry failed" }

describe.skipIf(needs("docker-registry"))("a push", () => {
  const app = image({ seed: "faulty push", layers: [{ sizeBytes: 6 * MiB }] })
  const large = image({ seed: "faulty large push", layers: [{ sizeBytes: 20 * MiB }] })
  const [, layer = ""] = [...app.blobs.keys()]
  let source: DockerRegistry
  let target: Target
  let run = 0
  /** Another repository for each test. */
  let name: string

  beforeAll(async () => {
    ;[source, target] = await Promise.all([dockerRegistry(), realTarget()])
    await source.client.push("team/app:1", app)
    await source.client.push("team/large:1", large)
  })

  beforeEach(() => {
    target.gateway.heal()
    target.gateway.clearRequests()
    name = `mirror/app-${++run}`
  })

  afterAll(async () => {
    for (const each of [source, target]) await each[Symbol.asyncDispose]()
  })

  const push = (manner: Manner = {}, more: Partial<CopyRequest> = {}): Promise<Copied> =>
    copy({ source: `${source.host}/team/app:1`, target: `${target.host}/${name}:1`, ...more }, manner)
  const pushLarge = (manner: Manner = {}) => push(manner, { source: `${source.host}/team/large:1` })
  const succeeds = async (pushed: Copied, what = app) => {
    expect(pushed.outcome.error).toBeUndefined()
    expect(pushed.outcome).toMatchObject({ outcome: "succeeded", digest: what.descriptor.digest })
    await expectWhole(target, `${name}:1`, what)
  }

  test("fault 5: after a reset a registry that keeps the specification is sent no byte twice", async () => {
    await using hub = await testRegistry()
    await using link = await faultProxy(hub.host, [{ as: "reset", after: 8 * MiB, direction: "toServer", times: 1 }])
    const pushed = await push({}, { source: `${source.host}/team/large:1`, target: `${link.host}/a/b:1` })
    expect(pushed.outcome.error).toBeUndefined()
    expect(hub.holds("a/b:1", large)).toBe(true)
    expect([link.strikes, hub.openUploads()]).toEqual([1, 0])
    expect(hub.bytesIn("* upload")).toBeLessThanOrEqual(20 * MiB + 1024)
    expect(link.bytes.toServer - 20 * MiB).toBeLessThan(MiB)
    expect(pushed.logs.join("\n")).toMatch(/the upload broke off and goes on at byte [1-9]\d{6}/)
  })

  test("fault 5: docker-registry 2.8.2 does not go on with a broken upload and gets the chunk in another session", async () => {
    const rule = target.gateway.fail("PATCH upload", { as: "reset", after: 5 * MiB })
    const pushed = await pushLarge()
    await succeeds(pushed, large)
    expect(rule.strikes).toBe(1)
    expect(target.gateway.bytesIn("* upload") - 20 * MiB).toBeLessThan(6 * MiB)
    expect(pushed.logs).toContain(`${target.host}: the upload was lost and begins again`)
    expect(pushed.outcome.totals.bytesSent).toBeGreaterThan(24 * MiB)
  })

  test("fault 5: uploads that never get further end after six tries, and are given up", async () => {
    target.gateway.fail("PUT upload", { as: "reset", after: 1000, times: 1000 })
    // One blob at a time: a session whose opening is under way when another blob fails is known to the registry alone.
    const pushed = await push({}, { maxConcurrent: 1 })
    expect(failureOf(pushed)).toMatchObject({
      code: "network",
      side: "target",
      host: target.host,
      zh: "网络连接失败，请检查网络环境",
      en: "The network connection failed; check the network",
    })
    expect(target.gateway.count("PUT upload")).toBeLessThanOrEqual(10)
    expect(target.gateway.requests.length).toBeLessThan(70)
    await expectNothing(target, name, app)
  })

  test("fault 6: a target that takes no byte any more is left for another connection", async () => {
    const rule = target.gateway.fail("PUT upload", { as: "stall", after: 2 * MiB })
    const pushed = await push({ upload: { stallTimeoutMs: 200, answerTimeoutMs: 400 } })
    await succeeds(pushed)
    expect(rule.strikes).toBe(1)
    expect(pushed.durationMs).toBeLessThan(5_000)
  })

  test("fault 18: on 416 the registry's own count holds", async () => {
    const rule = target.gateway.fail("PATCH upload", { as: "refuseOffset", skip: 1 })
    await succeeds(await pushLarge(), large)
    expect(rule.strikes).toBe(1)
    expect(target.gateway.count("POST upload")).toBe(2)
  })

  test("fault 19: an upload that the registry forgot begins again", async () => {
    const rule = target.gateway.fail("PUT upload", { as: "forgetUpload" })
    await succeeds(await push())
    expect(rule.strikes).toBe(1)
  })

  test("fault 19: an upload that is always forgotten ends after three more sessions", async () => {
    target.gateway.fail("PUT upload", { as: "forgetUpload", times: 1000 })
    const pushed = await push({}, { maxConcurrent: 1 })
    expect(failureOf(pushed)).toMatchObject({ code: "not_found", side: "target", host: target.host, status: 404, ...pushFailed })
    expect(target.gateway.count("POST upload")).toBeLessThanOrEqual(4)
    await expectNothing(target, name, app)
  })

  test("fault 20: a 201 that got lost is found by HEAD, and the blob is not sent again", async () => {
    const rule = target.gateway.fail("PUT upload", { as: "lostReply", times: 2 })
    await succeeds(await push())
    expect(rule.strikes).toBe(2)
    expect(target.gateway.count("PUT upload")).toBe(2)
  })

  test("fault 20: the lost answer to a manifest is asked for again", async () => {
    const rule = target.gateway.fail("PUT manifest", { as: "lostReply" })
    await succeeds(await push())
    expect(rule.strikes).toBe(1)
  })

  test("fault 21: two jobs that push the same image at once both succeed", async () => {
    const [one, other] = await Promise.all([push(), push()])
    await succeeds(one)
    await succeeds(other)
  })

  test("fault 21: two copies of one engine send a blob once", async () => {
    await using engine = testEngine()
    const request = { source: `${source.host}/team/app:1`, target: `${target.host}/${name}:1` }
    for (const copied of await Promise.all([engine.run(request), engine.run(request)])) await succeeds(copied)
    expect(target.gateway.bytesIn("PUT upload")).toBeLessThan(7 * MiB)
  })

  test("fault 22: what the target lost before its manifest came is sent again", async () => {
    const rule = target.gateway.fail("PUT manifest", { as: "collect", digests: [layer] })
    const pushed = await push()
    await succeeds(pushed)
    expect(rule.strikes).toBe(1)
    expect(target.gateway.count("PUT manifest")).toBe(2)
    expect(target.gateway.bytesIn("PUT upload")).toBeLessThan(13 * MiB)
    expect(pushed.logs).toContain(`${target.host} has lost content of ${app.descriptor.digest}; what is missing is sent again`)
  })

  test("fault 22: a child's blob that is lost under an index is sent again", async () => {
    const multi = index([app, image({ seed: "sibling", layers: [{ sizeBytes: 5000 }] })])
    await source.client.push("team/multi:1", multi)
    target.gateway.fail("PUT manifest", { as: "collect", digests: [layer], reference: app.descriptor.digest })
    await succeeds(await push({}, { source: `${source.host}/team/multi:1` }), multi)
  })

  test("fault 22: a target that keeps losing it is given up after three times, without a tag", async () => {
    target.gateway.fail("PUT manifest", { as: "collect", digests: [layer], times: 1000 })
    const pushed = await push()
    expect(failureOf(pushed)).toMatchObject({ code: "rejected", side: "target", host: target.host, ...pushFailed })
    expect(target.gateway.count("PUT manifest")).toBe(3)
    await expectNothing(target, name, app)
  })

  test("fault 23: a mount that is answered 202 becomes the upload", async () => {
    await target.registry.client.push("other/app:1", app)
    target.gateway.clearRequests()
    const rule = target.gateway.fail("POST upload", { as: "mountRefused", times: 2 })
    const pushed = await push({}, { source: `${target.host}/other/app:1` })
    await succeeds(pushed)
    expect(rule.strikes).toBe(2)
    expect(target.gateway.count("POST upload")).toBe(2)
    expect(pushed.outcome.totals).toMatchObject({ blobsSent: 2, blobsMounted: 0 })
  })

  test("fault 30: a PATCH whose connection closes under it goes on by the status of the upload", async () => {
    const rule = target.gateway.fail("PATCH upload", { as: "reset" })
    await succeeds(await pushLarge(), large)
    expect(rule.strikes).toBe(1)
    expect(target.gateway.count("GET upload")).toBe(1)
    expect(target.gateway.bytesIn("* upload")).toBeLessThan(21 * MiB)
  })

  test("a push that is cancelled publishes nothing and gives its uploads up", async () => {
    await using hub = await testRegistry()
    for (const [to, tell] of [
      [hub.host, () => hub.bytesIn("* upload")],
      [target.host, () => target.gateway.bytesIn("* upload")],
    ] as const) {
      const stop = new AbortController()
      const onEvent = () => tell() > 4 * MiB && stop.abort()
      const cancelled = await push(
        { onEvent },
        { source: `${source.host}/team/large:1`, target: `${to}/${name}:1`, signal: stop.signal },
      )
      expect(cancelled.outcome).toMatchObject({ outcome: "cancelled" })
      expect(cancelled.outcome.error).toBeUndefined()
    }
    expect([hub.tags(name), hub.openUploads()]).toEqual([[], 0])
    await expectNothing(target, name, large)
  })
})
