import { createHttp, openRemote } from "@entrepot/core"
import { type Fault, type TestRegistryOptions, testRegistry } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { collect, imageOf, isWhole, patience, pull, remotesOf, repository, testFills } from "./fills.fixture.ts"

const MiB = 1024 * 1024

/** Nobody listens there. */
const dead = "127.0.0.1:9"

/** Redirects to this machine are followed only to hosts that are configured. */
const plainHttp = (...hosts: readonly string[]) => Object.fromEntries(hosts.map((host) => [host, { plainHttp: true }]))

/** A registry with one blob, and fills that read it. */
async function upstream(seed: string, options: TestRegistryOptions = {}) {
  const { image, blob } = imageOf(seed, MiB)
  const registry = await testRegistry({ images: { [`${repository}:1`]: image }, ...options })
  onTestFinished(() => registry.close())
  const filling = await testFills()
  const elsewhere = registry.cdnOrigin === undefined ? [] : [new URL(registry.cdnOrigin).host]
  const http = createHttp({ retry: { attempts: 3, minMs: 1, maxMs: 5 }, hosts: plainHttp(registry.host, ...elsewhere, dead) })
  onTestFinished(() => http.close())
  const sources = [openRemote({ host: registry.host, repository, http })]
  return { ...filling, registry, request: { repositoryId: 1, blob, sources }, blob }
}

/** What is left behind is the blob and nothing else, and the upstream is not asked for it again. */
async function expectStored({ fills, blobs, registry, blob }: Awaited<ReturnType<typeof upstream>>): Promise<void> {
  await expect.poll(() => fills.running, patience).toBe(0)
  const asked = registry.requests.length
  expect(isWhole(await collect(await blobs.read(blob.digest)), blob)).toBe(true)
  expect(registry.requests.length).toBe(asked)
}

interface Oddity {
  readonly name: string
  readonly options?: TestRegistryOptions
  readonly faults: readonly (readonly [matcher: string, fault: Fault])[]
  /** Bytes of the blob that may be sent at most. */
  readonly atMost: number
}

const brokenAt600k = ["GET blob", { as: "reset", after: 600_000 }] as const

const oddities: readonly Oddity[] = [
  {
    name: "fault 8: a body that ends early is gone on with",
    faults: [["GET blob", { as: "truncate", after: 600_000 }]],
    atMost: MiB,
  },
  {
    name: "fault 9: a body in chunks that ends early, and seems whole, is gone on with",
    faults: [["GET blob", { as: "truncate", after: 600_000, chunked: true }]],
    atMost: MiB,
  },
  {
    name: "fault 16: 416 to a resumption means to begin again",
    faults: [brokenAt600k, ["GET blob", { as: "status", status: 416, ranged: true }]],
    atMost: 600_000 + MiB,
  },
  {
    name: "fault 17: 200 in answer to a resumption is read up to where the blob broke off",
    options: { quirks: { ignoreRange: true } },
    faults: [brokenAt600k],
    atMost: 600_000 + MiB,
  },
]

describe("what upstreams answer that they should not", () => {
  for (const { name, options, faults, atMost } of oddities) {
    test(name, async () => {
      const before = await upstream(name, options)
      const rules = faults.map(([matcher, fault]) => before.registry.fail(matcher, fault))
      const bodies = await Promise.all([pull(before.fills, before.request), pull(before.fills, before.request)])
      expect(bodies.map((bytes) => isWhole(bytes, before.blob))).toEqual([true, true])
      expect(rules.map(({ strikes }) => strikes)).toEqual(faults.map(() => 1))
      expect(before.registry.bytesOut("GET blob")).toBeLessThanOrEqual(atMost)
      await expectStored(before)
    })
  }

  test("fault 16: an answer of another range than asked for is thrown away, and the other upstream asked", async () => {
    const before = await upstream("other range")
    const { registry, fills, blob } = before
    const { registry: mirror } = await upstream("other range")
    registry.fail(...brokenAt600k)
    const wrong = mirror.fail("GET blob", { as: "wrongRange", ranged: true, times: Number.POSITIVE_INFINITY })
    const request = { repositoryId: 1, blob, sources: remotesOf(registry, mirror) }
    expect(isWhole(await pull(fills, request), blob)).toBe(true)
    expect(wrong.strikes).toBe(1)
    expect(registry.bytesOut("GET blob")).toBeLessThanOrEqual(blob.size)
    await expectStored(before)
  })

  test("fault 12: a digest header that is wrong is not believed", async () => {
    const before = await upstream("wrong header")
    before.registry.fail("* blob", { as: "wrongDigestHeader", times: Number.POSITIVE_INFINITY })
    expect(isWhole(await pull(before.fills, before.request), before.blob)).toBe(true)
    await expectStored(before)
  })

  test("fault 27: a redirect to a host that is gone is asked for afresh", async () => {
    const before = await upstream("redirected", { redirectBlobs: true })
    before.registry.fail("GET blob", { as: "redirect", to: `http://${dead}/gone` })
    expect(isWhole(await pull(before.fills, before.request), before.blob)).toBe(true)
    expect(before.registry.count("GET blob")).toBeGreaterThan(1)
    await expectStored(before)
  })

  test("fault 29: a signed address that has run out in the middle of a blob is asked for afresh", async () => {
    const before = await upstream("signed", { redirectBlobs: true })
    before.registry.fail("GET cdn", { as: "reset", after: 600_000 })
    const expired = before.registry.fail("GET cdn", { as: "status", status: 403, ranged: true })
    expect(isWhole(await pull(before.fills, before.request), before.blob)).toBe(true)
    expect(expired.strikes).toBe(1)
    await expectStored(before)
  })
})
