import {
  contentDigest,
  type DockerRegistry,
  dockerRegistry,
  type FaultProxy,
  faultProxy,
  image,
  type Layer,
  memoryContent,
  needs,
  type TestImage,
  testRegistry,
} from "@entrepot/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { defaultUploadSettings } from "../../stores/remote/upload-settings.ts"
import { type Copied, copy, expectWhole, type Manner, MiB, realTarget, type Target } from "./fault-run.fixture.ts"

/** As in real use, but for the waits. */
const asInUse: Manner = { session: { maxRanges: 32 } }

/** So many mebibytes that cost little to make, none of them equal to another. */
function numberedLayer(mebibytes: number): Layer {
  const filling = Buffer.alloc(MiB - 4, "goods in transit ")
  const content = memoryContent(
    ...Array.from({ length: mebibytes }, (_, n) => {
      const number = Buffer.alloc(4)
      number.writeUInt32BE(n)
      return [number, filling]
    }).flat(),
  )
  const digest = contentDigest(content)
  return { content, digest, diffId: digest }
}

describe.skipIf(needs("docker-registry"))("a link that cuts or stops", () => {
  let large: TestImage
  let small: TestImage
  let source: DockerRegistry
  let target: Target
  let run = 0
  /** Another repository for each test. */
  let name: string

  beforeAll(async () => {
    large = image({ seed: "cut", layers: [numberedLayer(300)] })
    small = image({ seed: "stopped", layers: [{ sizeBytes: 40 * MiB }] })
    ;[source, target] = await Promise.all([dockerRegistry(), realTarget()])
    await source.client.push("team/large:1", large)
    await source.client.push("team/small:1", small)
  })

  beforeEach(() => {
    target.gateway.clearRequests()
    name = `mirror/app-${++run}`
  })

  afterAll(async () => {
    for (const each of [source, target]) await each[Symbol.asyncDispose]()
  })

  const mirror = (what: string, to: string, manner: Manner): Promise<Copied> =>
    copy({ source: `${source.host}/team/${what}:1`, target: `${to}/${name}:1` }, manner)
  const cutting = { as: "reset", after: 10 * MiB } as const
  const extraShare = (bytes: number) => bytes / (300 * MiB) - 1
  const succeeds = (copied: Copied) => {
    expect(copied.outcome.error).toBeUndefined()
    expect(copied.outcome.outcome).toBe("succeeded")
  }

  test("fault 4: a reset every 10 MiB on a 300 MiB blob costs a pull from docker-registry at most 2 % extra bytes", async () => {
    await using link = await faultProxy(source.host, [cutting])
    const pulled = await copy({ source: `${link.host}/team/large:1`, target: `${target.host}/${name}:1` }, asInUse)
    succeeds(pulled)
    await expectWhole(target, `${name}:1`, large)
    // after two cuts connections are asked for less than they survive
    expect(link.strikes).toBeGreaterThanOrEqual(2)
    expect(link.strikes).toBeLessThan(15)
    expect(extraShare(link.bytes.toClient)).toBeLessThan(0.02)
  })

  test("fault 5: a reset every 10 MiB on a 300 MiB blob costs a push by the specification at most 2 % extra bytes", async () => {
    await using hub = await testRegistry()
    await using link = await faultProxy(hub.host, [{ ...cutting, direction: "toServer" }])
    const pushed = await mirror("large", link.host, { ...asInUse, upload: { carefulRoundTripMs: -1 } })
    succeeds(pushed)
    expect(hub.holds(`${name}:1`, large)).toBe(true)
    expect(link.strikes).toBe(2)
    expect(extraShare(hub.bytesIn("* upload"))).toBeLessThan(0.02)
    expect(extraShare(link.bytes.toServer)).toBeLessThan(0.02)
  })

  test("fault 5: to docker-registry 2.8.2, which continues nothing, the same push costs at most 2 % on a short way", async () => {
    await using link = await faultProxy(target.host, [{ ...cutting, direction: "toServer" }])
    const pushed = await mirror("large", link.host, asInUse)
    succeeds(pushed)
    await expectWhole(target, `${name}:1`, large)
    expect(link.strikes).toBe(0)
    expect(extraShare(link.bytes.toServer)).toBeLessThan(0.02)
  })

  test("fault 5: to docker-registry 2.8.2 on a long way the same push loses what the first cut takes, at most 4 %", async () => {
    await using link = await faultProxy(target.host, [{ ...cutting, direction: "toServer" }])
    const pushed = await mirror("large", link.host, { ...asInUse, upload: { carefulRoundTripMs: -1 } })
    succeeds(pushed)
    await expectWhole(target, `${name}:1`, large)
    expect(link.strikes).toBe(1)
    expect(extraShare(link.bytes.toServer)).toBeLessThan(0.04)
  })

  const impatient: Manner = { upload: { stallTimeoutMs: 300, answerTimeoutMs: 1_000 } }
  const stopped = async (what: string, forMs: number | undefined, to: "hub" | "docker-registry") => {
    await using hub = await testRegistry()
    const stall = {
      as: "stall",
      after: 6 * MiB,
      direction: "toServer",
      times: 1,
      ...(forMs === undefined ? {} : { forMs }),
    } as const
    await using link: FaultProxy = await faultProxy(to === "hub" ? hub.host : target.host, [stall])
    const pushed = await mirror("small", link.host, impatient)
    succeeds(pushed)
    expect([what, link.strikes]).toEqual([what, 1])
    if (to === "hub") {
      expect(hub.holds(`${name}:1`, small)).toBe(true)
      expect(hub.bytesIn("* upload")).toBeLessThan(41 * MiB)
      expect(hub.openUploads()).toBe(0)
    } else await expectWhole(target, `${name}:1`, small)
    expect(pushed.durationMs).toBeLessThan(10_000)
  }

  test.each(["hub", "docker-registry"] as const)(
    "fault 6: an upload connection to %s that stops moving for good is noticed and done over another",
    (to) => stopped("for good", undefined, to),
  )

  test.each(["hub", "docker-registry"] as const)(
    "fault 6: an upload to %s that stalls 20 s once goes on over another connection",
    (to) => stopped("20 s", 20_000, to),
  )

  test("fault 6: unless told otherwise a stall is noticed within 30 s", () => {
    expect(defaultUploadSettings.stallTimeoutMs).toBeLessThanOrEqual(30_000)
    expect(defaultUploadSettings.answerTimeoutMs).toBeLessThanOrEqual(30_000)
  })
})
