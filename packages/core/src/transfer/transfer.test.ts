import { createCipheriv } from "node:crypto"
import { expect, test } from "vitest"
import { digestOf } from "../content/digest.ts"
import { mediaTypes } from "../content/media-types.ts"
import { parsePlatform } from "../content/platform.ts"
import { TransferError } from "../errors/transfer-error.ts"
import type { BlobEvent, OutcomeEvent, TransferEvent } from "./events.ts"
import { MemoryPlace } from "./memory-place.fixture.ts"
import { type PlanOptions, planTransfer } from "./plan-transfer.ts"
import { type SessionOptions, TransferSession } from "./session.ts"
import { type TransferEnds, transfer } from "./transfer.ts"

const MiB = 1024 * 1024

function bytes(seed: number, size: number): Buffer {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(size))
}

interface CopyOptions extends Partial<Omit<PlanOptions, "from" | "to">> {
  readonly ends?: Partial<TransferEnds>
  readonly session?: SessionOptions
}

const quick: SessionOptions = { retryMinMs: 1, retryMaxMs: 5, random: () => 0.5 }

async function copy(from: MemoryPlace, to: MemoryPlace, options: CopyOptions = {}) {
  const { ends, session, ...plan } = options
  const planned = await planTransfer({
    from,
    to,
    sourceName: "source/image:1",
    targetName: "target/image:1",
    sourceReference: "1",
    targetReference: "1",
    ...plan,
  })
  const events: TransferEvent[] = []
  const running = transfer(planned, { from, to, session: new TransferSession({ ...quick, ...session }), ...ends })
  for await (const event of running) events.push(event)
  const outcome = events.at(-1) as OutcomeEvent
  return { plan: planned, events, outcome, blobs: events.filter((event): event is BlobEvent => event.type === "blob") }
}

test("an image arrives with the same bytes, blobs before the tag", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  const image = from.image([bytes(1, 3 * MiB), bytes(2, 1000)], "1")
  const { outcome, events } = await copy(from, to)
  expect(outcome).toMatchObject({
    outcome: "succeeded",
    digest: image.digest,
    totals: { bytesSent: 3 * MiB + 1002, blobsSent: 3 },
  })
  expect(to.manifests.get("1")?.bytes).toEqual(from.manifests.get("1")?.bytes)
  const lastBlob = events.findLastIndex((event) => event.type === "blob")
  expect(events.findIndex((event) => event.type === "manifest")).toBeGreaterThan(lastBlob)
})

test("an unchanged image costs one question at each end", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 10)], "1")
  await copy(from, to)
  from.asked.length = 0
  to.asked.length = 0
  const { outcome } = await copy(from, to)
  expect([outcome.outcome, from.asked, to.asked]).toEqual(["unchanged", ["HEAD 1"], ["HEAD 1"]])
})

function multiArch(place: MemoryPlace) {
  const platforms = ["amd64", "arm64", "s390x"].map((architecture, n) => {
    const image = place.image([bytes(n, 100)], undefined, JSON.stringify({ architecture }))
    return { ...image, platform: { os: "linux", architecture } }
  })
  const attestation = {
    ...place.image([bytes(9, 50)]),
    platform: { os: "unknown", architecture: "unknown" },
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": platforms[1]?.digest ?? "",
    },
  }
  return { index: place.manifest({ manifests: [...platforms, attestation] }, mediaTypes.ociIndex, "1"), platforms, attestation }
}

test("an index is published after its children", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  const { index, platforms, attestation } = multiArch(from)
  const { outcome, plan } = await copy(from, to)
  expect(outcome).toMatchObject({ outcome: "succeeded", digest: index.digest })
  expect(new Set(to.published.slice(0, -1))).toEqual(new Set([...platforms, attestation].map(({ digest }) => digest)))
  expect(to.published.at(-1)).toBe("1")
  expect(plan).toMatchObject({ digestChanges: false, platforms: ["linux/amd64", "linux/arm64", "linux/s390x"] })
})

test("one platform of an index becomes the image itself, and the plan says that the digest changes", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  const { platforms } = multiArch(from)
  const { plan } = await copy(from, to, { platforms: [parsePlatform("linux/amd64")] })
  expect(plan).toMatchObject({ digestChanges: true, root: { digest: platforms[0]?.digest }, platforms: ["linux/amd64"] })
  expect(to.published).toEqual(["1"])
})

test("several platforms become a smaller index that keeps their attestations", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  const { platforms, attestation } = multiArch(from)
  const { plan } = await copy(from, to, { platforms: [parsePlatform("amd64"), parsePlatform("arm64/v8")] })
  const kept = JSON.parse(to.manifests.get("1")?.bytes.toString() ?? "").manifests.map(({ digest }: { digest: string }) => digest)
  expect(kept).toEqual([platforms[0]?.digest, platforms[1]?.digest, attestation.digest])
  expect(plan.digestChanges).toBe(true)
})

test("a platform that the image does not have is refused with those it has", async () => {
  const from = new MemoryPlace("source.test")
  multiArch(from)
  const refusal = copy(from, new MemoryPlace("target.test"), { platforms: [parsePlatform("windows/amd64")] })
  await expect(refusal).rejects.toMatchObject({
    code: "usage",
    message: "the image has no platform windows/amd64",
    hint: "it has linux/amd64, linux/arm64, linux/s390x",
  })
})

test("an index that names its children a thousand times over is read once", async () => {
  const from = new MemoryPlace("source.test")
  const image = from.image([bytes(1, 10)])
  const inner = from.manifest({ manifests: Array(1000).fill(image) }, mediaTypes.ociIndex)
  const middle = from.manifest({ manifests: Array(1000).fill(inner) }, mediaTypes.ociIndex)
  from.manifest({ manifests: Array(1000).fill(middle) }, mediaTypes.ociIndex, "1")
  const { plan } = await copy(from, new MemoryPlace("target.test"))
  expect([plan.manifests.length, from.asked.filter((line) => line.startsWith("GET sha256")).length]).toEqual([4, 4])
})

test("an index that is nested too deep is refused", async () => {
  const from = new MemoryPlace("source.test")
  let below = from.image([bytes(1, 10)])
  for (let depth = 0; depth < 4; depth++) below = from.manifest({ manifests: [below] }, mediaTypes.ociIndex, "1")
  await expect(copy(from, new MemoryPlace("target.test"))).rejects.toThrow(/^index sha256:[0-9a-f]{64} is nested deeper than 3$/)
})

test("layers that may not be distributed stay where they are", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  const foreign = from.blob(bytes(3, 500), "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
  from.manifest({ config: from.blob(Buffer.from("{}")), layers: [foreign] }, mediaTypes.ociManifest, "1")
  const { blobs } = await copy(from, to)
  expect([to.blobs.has(foreign.digest), blobs.find(({ digest }) => digest === foreign.digest)?.state]).toEqual([false, "skipped"])
})

test("a blob that is there is not sent again", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 1000), bytes(2, 2000)], "1")
  to.blob(bytes(2, 2000))
  const { outcome } = await copy(from, to)
  expect(outcome.totals).toMatchObject({ bytesSent: 1002, bytesSkipped: 2000, blobsSent: 2, blobsSkipped: 1 })
})

test("a download that breaks every mebibyte and a half goes on at the byte", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 20 * MiB)], "1")
  from.weather = () => ({ resetAfter: 1.5 * MiB })
  const { outcome, blobs } = await copy(from, to)
  expect(outcome.outcome).toBe("succeeded")
  expect(from.bytesOut).toBe(20 * MiB + 2)
  expect(blobs.some(({ resumedAt }) => resumedAt !== undefined && resumedAt > 0)).toBe(true)
})

test("a source that goes silent is asked again", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 4 * MiB)], "1")
  from.weather = ({ times }) => (times === 1 ? { stallAfter: 256 * 1024 } : {})
  const { outcome, events } = await copy(from, to, { session: { stallMs: 50 } })
  expect(outcome.outcome).toBe("succeeded")
  const message = events.find((event) => event.type === "log")
  expect(message?.type === "log" && message.message).toMatch(/^[0-9a-f]{12}: no data for 0.05 s; goes on at byte 262144$/)
})

test("it gives up after the tries without progress, with the error of the last", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, MiB)], "1")
  from.weather = () => ({ resetAfter: 1000 })
  const { outcome } = await copy(from, to, { session: { retryAttempts: 3 } })
  expect(outcome).toMatchObject({
    outcome: "failed",
    error: { code: "network", message: "connection reset", side: "source", host: "source.test" },
  })
  expect(to.published).toEqual([])
})

test("wrong bytes are fetched once more, then refused, and never published", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  const layer = bytes(1, 200_000)
  from.image([layer], "1", "{ }")
  from.weather = ({ blob }) => ({ corrupt: blob.size === layer.length })
  const { outcome } = await copy(from, to)
  expect(outcome).toMatchObject({ outcome: "failed", error: { code: "digest_mismatch", side: "source" } })
  expect([to.published, to.blobs.has(digestOf(layer))]).toEqual([[], false])
  expect(from.asked.filter((line) => line === "GET blob 0-").length).toBe(3)
})

test("wrong bytes once cost one more fetch", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 200_000)], "1")
  let lies = 1
  from.weather = ({ blob }) => ({ corrupt: blob.size === 200_000 && lies-- > 0 })
  expect((await copy(from, to)).outcome.outcome).toBe("succeeded")
})

test("another mirror of the same content carries on when the first fails", async () => {
  const from = new MemoryPlace("source.test")
  const mirror = new MemoryPlace("mirror.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 5 * MiB)], "1")
  mirror.image([bytes(1, 5 * MiB)], "1")
  from.weather = ({ from: offset }) =>
    offset > 0 ? { error: new TransferError("forbidden", "no more") } : { resetAfter: 128 * 1024 }
  const { outcome } = await copy(from, to, { ends: { alternatives: [mirror] } })
  expect(outcome.outcome).toBe("succeeded")
  expect(mirror.bytesOut).toBeGreaterThan(4 * MiB)
})

test("a source without ranges is read once, over one connection", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 12 * MiB)], "1")
  from.weather = () => ({ ignoreRange: true })
  const { outcome } = await copy(from, to)
  expect([outcome.outcome, from.bytesOut]).toEqual(["succeeded", 12 * MiB + 2])
})

test("a source without ranges that breaks is read from the start, and the target still gets each byte once", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 6 * MiB)], "1")
  from.weather = ({ times }) => ({ ignoreRange: true, ...(times === 2 ? { resetAfter: 5 * MiB } : {}) })
  const { outcome } = await copy(from, to, { ends: { maxConcurrent: 1 } })
  expect([outcome.outcome, outcome.totals.bytesSent]).toEqual(["succeeded", 6 * MiB + 2])
})

test("a throttled source is read over many connections, and its bytes arrive in order", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 12 * MiB)], "1")
  from.weather = () => ({ bytesPerSecond: 2_000_000 })
  const { outcome, blobs } = await copy(from, to)
  expect(outcome.outcome).toBe("succeeded")
  expect(from.mostOpen).toBeGreaterThanOrEqual(4)
  expect(Math.max(...blobs.map(({ connections }) => connections ?? 0))).toBeGreaterThan(1)
  expect(outcome.totals.durationMs).toBeLessThan(4000)
})

test("a network that fails for good under many connections is told as that, whichever of them gave up first", async () => {
  const from = new MemoryPlace("source.test")
  from.image([bytes(1, 12 * MiB)], "1")
  // Like a link that dies while several segments are under way: every connection breaks, and no new one comes about.
  let isDead = false
  from.weather = () => {
    isDead ||= from.openNow >= 4
    if (isDead) return { error: new TransferError("network", "connection refused", { host: "source.test" }) }
    return { bytesPerSecond: 2_000_000, resetAfter: 700_000 }
  }
  const { outcome } = await copy(from, new MemoryPlace("target.test"), { session: { retryAttempts: 2 } })
  expect(from.mostOpen).toBeGreaterThanOrEqual(3)
  expect(outcome.error).toMatchObject({ code: "network", host: "source.test" })
})

test("a rate limit holds, and does not widen the source", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 3 * MiB)], "1")
  const { outcome } = await copy(from, to, { session: { limitRate: 4 * MiB } })
  expect(outcome.totals.durationMs).toBeGreaterThan(400)
  expect(from.mostOpen).toBeLessThanOrEqual(2)
})

test("cancelling leaves nothing published and is an outcome", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 8 * MiB)], "1")
  from.weather = () => ({ bytesPerSecond: 1_000_000 })
  const stop = new AbortController()
  const plan = await planTransfer({ from, to, sourceName: "s", targetName: "t", sourceReference: "1", targetReference: "1" })
  const outcomes: string[] = []
  for await (const event of transfer(plan, { from, to, signal: stop.signal })) {
    if (event.type === "blob" && event.state === "copying") stop.abort()
    if (event.type === "outcome") outcomes.push(event.outcome)
  }
  expect([outcomes, to.published, from.openNow]).toEqual([["cancelled"], [], 0])
})

test("what the target lost before the manifest came is sent again", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  const layer = bytes(1, 5000)
  from.image([layer], "1")
  let losses = 1
  to.refuseManifest = () => {
    if (losses-- <= 0) return undefined
    to.blobs.delete(digestOf(layer))
    return new TransferError("rejected", "blob unknown", { registryCode: "MANIFEST_BLOB_UNKNOWN" })
  }
  const { outcome } = await copy(from, to)
  expect([outcome.outcome, to.blobs.has(digestOf(layer))]).toEqual(["succeeded", true])
})

test("two copies of the same blob to the same place send it once", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  const layer = bytes(1, 2 * MiB)
  from.image([layer], "1", '{"n":1}')
  from.image([layer], "2", '{"n":2}')
  const session = new TransferSession(quick)
  const both = await Promise.all(
    ["1", "2"].map((tag) => copy(from, to, { sourceReference: tag, targetReference: tag, ends: { session } })),
  )
  expect(both.map(({ outcome }) => outcome.outcome)).toEqual(["succeeded", "succeeded"])
  expect(from.bytesOut).toBe(2 * MiB + 14)
})

test("when one of two that share a blob fails, the other brings it", async () => {
  const bad = new MemoryPlace("bad.test")
  const good = new MemoryPlace("good.test")
  const to = new MemoryPlace("target.test")
  const layer = bytes(1, 3 * MiB)
  for (const place of [bad, good]) place.image([layer], "1")
  bad.weather = () => ({ error: new TransferError("forbidden", "not you") })
  const session = new TransferSession(quick)
  const both = await Promise.all([bad, good].map((from, n) => copy(from, to, { targetReference: `${n}`, ends: { session } })))
  expect(both.map(({ outcome }) => outcome.outcome)).toEqual(["failed", "succeeded"])
})

test("counters come at most four times a second and blob", async () => {
  const from = new MemoryPlace("source.test")
  const to = new MemoryPlace("target.test")
  from.image([bytes(1, 20 * MiB)], "1")
  const { blobs, outcome } = await copy(from, to, { session: { limitRate: 40 * MiB } })
  const copying = blobs.filter(({ state, size }) => state === "copying" && size > 100)
  expect(copying.length).toBeLessThanOrEqual(Math.ceil(outcome.totals.durationMs / 250) + 1)
})
