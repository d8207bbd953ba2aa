import { type DockerRegistry, dockerRegistry, type FaultGateway, faultGateway, faultProxy, image, needs } from "@entrepot/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import {
  blobEvents,
  type Copied,
  copy,
  expectNothing,
  expectWhole,
  failureOf,
  type Manner,
  MiB,
  realTarget,
  type Target,
  toldBytes,
} from "./fault-run.fixture.ts"

describe.skipIf(needs("docker-registry"))("a pull", () => {
  const app = image({ seed: "faulty pull", layers: [{ sizeBytes: 6 * MiB }] })
  const [, layer = ""] = [...app.blobs.keys()]
  let source: DockerRegistry
  let target: Target
  let gateway: FaultGateway
  let run = 0
  /** Another repository for each test. */
  let name: string

  beforeAll(async () => {
    ;[source, target] = await Promise.all([dockerRegistry(), realTarget()])
    gateway = await faultGateway(source.host)
    await source.client.push("team/app:1", app)
  })

  beforeEach(() => {
    gateway.heal()
    gateway.clearRequests()
    name = `mirror/app-${++run}`
  })

  afterAll(async () => {
    for (const each of [gateway, source, target]) await each[Symbol.asyncDispose]()
  })

  const pull = (manner: Manner = {}, from = gateway.host, alternatives: readonly string[] = []): Promise<Copied> =>
    copy(
      {
        source: `${from}/team/app:1`,
        target: `${target.host}/${name}:1`,
        alternatives: alternatives.map((host) => `${host}/team/app:1`),
      },
      manner,
    )
  const extraBytes = () => gateway.bytesOut("GET blob") - [...app.blobs.values()].reduce((sum, each) => sum + each.sizeBytes, 0)
  const succeeds = async (pulled: Copied) => {
    expect(pulled.outcome.error).toBeUndefined()
    expect(pulled.outcome).toMatchObject({ outcome: "succeeded", digest: app.descriptor.digest })
    await expectWhole(target, `${name}:1`, app)
  }

  test("fault 4: a reset in the middle costs less than a mebibyte, and is told", async () => {
    await using link = await faultProxy(source.host, [{ as: "reset", after: 3 * MiB, times: 1 }])
    const told = toldBytes()
    const pulled = await pull(
      { onEvent: (event) => expect(told.take(event)).toBeLessThanOrEqual(link.bytes.toClient) },
      link.host,
    )
    await succeeds(pulled)
    expect(link.strikes).toBe(1)
    expect(link.bytes.toClient - 6 * MiB).toBeLessThan(MiB)
    const resumed = blobEvents(pulled.events).filter((event) => event.digest === layer && event.state === "retrying")
    expect(resumed).toHaveLength(1)
    expect(resumed[0]?.resumedAt).toBeGreaterThan(2 * MiB)
    expect(resumed[0]?.resumedAt).toBeLessThan(6 * MiB)
  })

  test("fault 4: a source that never gets further is given up after six tries, its side is named, nothing is published", async () => {
    const rule = gateway.fail("GET blob", { as: "reset", after: 1000, times: 1000, reference: layer })
    const pulled = await pull()
    expect(failureOf(pulled)).toMatchObject({
      code: "network",
      side: "source",
      host: gateway.host,
      zh: "网络连接失败，请检查网络环境",
      en: "The network connection failed; check the network",
    })
    expect(rule.strikes).toBe(6)
    await expectNothing(target, name, app)
  })

  test("fault 6: a source that falls silent is asked again at the byte", async () => {
    await using link = await faultProxy(source.host, [{ as: "stall", after: 3 * MiB, times: 1 }])
    const pulled = await pull({ session: { stallMs: 200 } }, link.host)
    await succeeds(pulled)
    expect(link.strikes).toBe(1)
    expect(link.bytes.toClient - 6 * MiB).toBeLessThan(MiB)
    expect(pulled.durationMs).toBeLessThan(5_000)
  })

  test("fault 7: a drip of 1 KiB/s is slow, and no failure", async () => {
    const slow = image({ seed: "drip", layers: [{ sizeBytes: 2500 }] })
    await source.client.push("team/slow:1", slow)
    const rule = gateway.fail("GET blob", { as: "drip", bytesPerSecond: 1024, reference: [...slow.blobs.keys()][1] ?? "" })
    const told = toldBytes()
    const pulled = await copy(
      { source: `${gateway.host}/team/slow:1`, target: `${target.host}/${name}:1` },
      {
        session: { stallMs: 300 },
        http: { retry: { attempts: 1 } },
        onEvent: (event) => expect(told.take(event)).toBeLessThanOrEqual(gateway.bytesOut("GET blob")),
      },
    )
    expect(pulled.outcome.outcome).toBe("succeeded")
    await expectWhole(target, `${name}:1`, slow)
    expect(rule.strikes).toBe(1)
    expect(pulled.durationMs).toBeGreaterThan(2_000)
    expect(blobEvents(pulled.events).some(({ state }) => state === "retrying")).toBe(false)
  })

  test("fault 8: a body that ends before its Content-Length is gone on with", async () => {
    const rule = gateway.fail("GET blob", { as: "truncate", after: 500_000, reference: layer })
    await succeeds(await pull())
    expect(rule.strikes).toBe(1)
    expect(extraBytes()).toBeLessThan(MiB)
  })

  test("fault 9: a chunked body that seems whole and is not is gone on with", async () => {
    const rule = gateway.fail("GET blob", { as: "truncate", after: 500_000, chunked: true, reference: layer })
    await succeeds(await pull())
    expect(rule.strikes).toBe(1)
    expect(extraBytes()).toBeLessThan(MiB)
  })

  test.each(["announced", "chunked"])(
    "fault 10: a body longer than its descriptor is broken off and not asked for again (%s)",
    async (how) => {
      const small = image({ seed: `longer ${how}`, layers: [{ sizeBytes: 700_000 }] })
      await source.client.push(`team/longer-${how}:1`, small)
      const digest = [...small.blobs.keys()][1] ?? ""
      if (how === "announced") gateway.fail("GET blob", { as: "longer", extraBytes: 5, times: 9, reference: digest })
      else {
        // a redirect to a blob that is longer, which the real registry sends chunked when it is cut
        await source.client.push("team/other:1", app)
        const to = `${source.origin}/v2/team/other/blobs/${layer}`
        gateway.fail("GET blob", { as: "redirect", to, times: 9, reference: digest })
      }
      const pulled = await copy(
        { source: `${gateway.host}/team/longer-${how}:1`, target: `${target.host}/${name}:1` },
        { http: { hosts: { [source.host]: {} } } },
      )
      expect(failureOf(pulled)).toMatchObject({
        code: "too_large",
        side: "source",
        host: gateway.host,
        zh: "数据超过允许的大小",
        en: "The data is larger than allowed",
      })
      expect(gateway.matching("GET blob").filter(({ reference }) => reference === digest)).toHaveLength(1)
      await expectNothing(target, name, small)
    },
  )

  test("fault 11: wrong bytes of the right length are fetched once more", async () => {
    const rule = gateway.fail("GET blob", { as: "corrupt", at: 1000, reference: layer })
    const pulled = await pull()
    await succeeds(pulled)
    expect(rule.strikes).toBe(1)
    expect(pulled.logs).toContain(`${layer} arrived with wrong bytes and is fetched once more`)
    expect(extraBytes()).toBeLessThanOrEqual(7 * MiB)
  })

  test("fault 11: wrong bytes are replaced from another mirror first", async () => {
    const rule = gateway.fail("GET blob", { as: "corrupt", at: 1000, times: 1000, reference: layer })
    await succeeds(await pull({}, gateway.host, [source.host]))
    expect(rule.strikes).toBeLessThanOrEqual(3)
  })

  test("fault 11: bytes that stay wrong end it, and nothing is stored", async () => {
    gateway.fail("GET blob", { as: "corrupt", at: 1000, times: 1000, reference: layer })
    const pulled = await pull()
    expect(failureOf(pulled)).toMatchObject({
      code: "digest_mismatch",
      side: "source",
      host: gateway.host,
      zh: "镜像数据校验失败",
      en: "The image data does not match its digest",
    })
    expect(gateway.bytesOut("GET blob")).toBeLessThanOrEqual(13 * MiB)
    await expectNothing(target, name, app)
    expect(await target.registry.client.hasBlob(name, layer)).toBe(false)
  })

  test("fault 12: a wrong digest header of a manifest is recomputed and refused", async () => {
    gateway.fail("GET manifest", { as: "wrongDigestHeader", times: 9 })
    const pulled = await pull()
    expect(failureOf(pulled)).toMatchObject({
      code: "digest_mismatch",
      side: "source",
      host: gateway.host,
      zh: "镜像数据校验失败",
      en: "The image data does not match its digest",
    })
    expect(gateway.count("GET manifest")).toBe(1)
    await expectNothing(target, name, app)
  })

  test("fault 12: a digest that only HEAD tells is nowhere, and what the bytes hash to holds", async () => {
    const rule = gateway.fail("HEAD manifest", { as: "wrongDigestHeader", times: 9 })
    await succeeds(await pull())
    expect(rule.strikes).toBe(1)
  })

  test("fault 15: what was resolved and is gone is resolved once more", async () => {
    const rule = gateway.fail("GET manifest", { as: "status", status: 404 })
    await succeeds(await pull())
    expect(rule.strikes).toBe(1)
    expect(gateway.count("GET manifest")).toBe(2)
  })

  test.each([
    ["manifest", "GET manifest"],
    ["blob", "GET blob"],
  ])("fault 15: a %s that stays away leaves no tag behind", async (_, matcher) => {
    gateway.fail(matcher, { as: "status", status: 404, times: 9 })
    const pulled = await pull()
    expect(failureOf(pulled)).toMatchObject({
      code: "not_found",
      side: "source",
      host: gateway.host,
      status: 404,
      zh: "源镜像不存在或无法访问",
      en: "The source image does not exist or cannot be accessed",
    })
    expect(gateway.count(matcher)).toBeLessThanOrEqual(3)
    await expectNothing(target, name, app)
  })

  test("fault 16: 416 where it would go on makes it start again", async () => {
    gateway.fail("GET blob", { as: "truncate", after: 500_000, reference: layer })
    const rule = gateway.fail("GET blob", { as: "status", status: 416, ranged: true, reference: layer })
    await succeeds(await pull())
    expect(rule.strikes).toBe(1)
    expect(extraBytes()).toBeLessThan(2 * MiB)
  })

  test("fault 17: 200 instead of 206 is read from its beginning, and the target gets each byte once", async () => {
    gateway.fail("GET blob", { as: "truncate", after: 500_000, reference: layer })
    const rule = gateway.fail("GET blob", { as: "ignoreRange", ranged: true, reference: layer })
    const pulled = await pull()
    await succeeds(pulled)
    expect(rule.strikes).toBe(1)
    expect(extraBytes()).toBeLessThan(2 * MiB)
    expect(pulled.outcome.totals.bytesSent).toBe([...app.blobs.values()].reduce((sum, each) => sum + each.sizeBytes, 0))
  })

  test("faults 16 and 17: a Content-Range of other bytes is thrown away", async () => {
    const rule = gateway.fail("GET blob", { as: "wrongRange", ranged: true, reference: layer })
    await succeeds(await pull({}, gateway.host, [source.host]))
    expect(rule.strikes).toBe(1)
  })
})
