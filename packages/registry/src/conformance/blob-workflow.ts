import { randomBytes } from "node:crypto"
import { describe, expect, test } from "vitest"
import { type ConformanceClient, closing, locationOf, type PushWay, pushWays } from "./conformance-client.ts"
import { digestOf } from "./conformance-data.ts"

/** Every way in which the specification has blobs pushed, pulled in parts, mounted and deleted, with digests of either algorithm. */
export function blobWorkflow(client: ConformanceClient): void {
  for (const algorithm of ["sha256", "sha512"] as const) {
    describe(`blobs, ${algorithm}`, () => {
      const fresh = (size = 3067) => {
        const bytes = randomBytes(size)
        return { bytes, digest: digestOf(bytes, algorithm) }
      }
      for (const way of pushWays) {
        test(`push: ${way}`, () => pushed(client, way, fresh()))
        test(`push: ${way}, with bytes of another digest`, async () => {
          const { bytes, digest } = fresh()
          const answer = await client.push(way, digest, Buffer.concat([bytes, Buffer.from("oh no")]))
          expect(answer.status).toBe(400)
          expect(codesOf(answer.body)).toEqual(["DIGEST_INVALID"])
          expect((await client.request("HEAD", client.blob(digest))).status).toBe(404)
        })
      }
      for (const [name, bytes] of [
        ["the empty blob", Buffer.alloc(0)],
        ["an empty object", Buffer.from("{}")],
      ] as const) {
        test(`push: ${name}`, () => pushed(client, "POST then PUT", { bytes, digest: digestOf(bytes, algorithm) }))
      }
      test("push: a chunk out of order is refused, and the session says where it stands", () =>
        outOfOrder(client, fresh(), false))
      test("push: a closing chunk out of order is refused too", () => outOfOrder(client, fresh(), true))
      test("push: a cancelled upload is gone", async () => {
        const location = locationOf(await client.begin())
        expect((await client.request("DELETE", location)).status).toBe(204)
        expect((await client.request("GET", location)).status).toBe(404)
      })
      test("push: a blob of another repository is mounted", () => mounted(client, fresh(), "from"))
      test("push: a blob is mounted without saying from where", () => mounted(client, fresh(), "anywhere"))
      test("push: what cannot be mounted is uploaded", async () => {
        const { bytes, digest } = fresh()
        const answer = await client.begin(`?mount=${digest}&from=${client.otherRepository}`)
        expect(answer.status).toBe(202)
        expect((await client.request("PUT", closing(locationOf(answer), digest), { body: bytes })).status).toBe(201)
        await removed(client, digest)
      })
      test("pull: parts of a blob", () => ranges(client, fresh(2048)))
      test("pull: a blob that is not there", async () => {
        const answer = await client.request("GET", client.blob(fresh().digest))
        expect([answer.status, codesOf(answer.body)]).toEqual([404, ["BLOB_UNKNOWN"]])
      })
    })
  }
}

interface Blob {
  readonly bytes: Buffer
  readonly digest: string
}

async function pushed(client: ConformanceClient, way: PushWay, { bytes, digest }: Blob): Promise<void> {
  const answer = await client.push(way, digest, bytes)
  expect([answer.status, answer.headers["docker-content-digest"]]).toEqual([201, digest])
  const stored = await client.request("GET", locationOf(answer))
  expect([stored.status, stored.headers["content-length"]]).toEqual([200, String(bytes.length)])
  expect(stored.body.equals(bytes)).toBe(true)
  await removed(client, digest)
}

async function removed(client: ConformanceClient, digest: string, repository?: string): Promise<void> {
  expect((await client.request("DELETE", client.blob(digest, repository))).status).toBe(202)
  expect((await client.request("HEAD", client.blob(digest, repository))).status).toBe(404)
}

async function outOfOrder(client: ConformanceClient, { bytes, digest }: Blob, closes: boolean): Promise<void> {
  let location = locationOf(await client.begin())
  const first = bytes.subarray(0, 1024)
  const refused = closes
    ? await client.chunk("PUT", closing(location, digest), 1024, bytes.subarray(1024))
    : await client.chunk("PATCH", location, 1024, bytes.subarray(1024))
  expect([refused.status, codesOf(refused.body)]).toEqual([416, ["RANGE_INVALID"]])
  const status = await client.request("GET", location)
  expect([status.status, status.headers.range]).toEqual([204, "0-0"])
  location = locationOf(status)
  const taken = await client.chunk("PATCH", location, 0, first)
  expect([taken.status, taken.headers.range]).toEqual([202, "0-1023"])
  const again = await client.chunk("PATCH", locationOf(taken), 0, first)
  expect([again.status, again.headers.range]).toEqual([416, "0-1023"])
  const done = await client.chunk("PUT", closing(locationOf(again), digest), 1024, bytes.subarray(1024))
  expect(done.status).toBe(201)
  await removed(client, digest)
}

async function mounted(client: ConformanceClient, { bytes, digest }: Blob, how: "from" | "anywhere"): Promise<void> {
  expect((await client.push("POST then PUT", digest, bytes, client.otherRepository)).status).toBe(201)
  const from = how === "from" ? `&from=${encodeURIComponent(client.otherRepository)}` : ""
  const answer = await client.begin(`?mount=${encodeURIComponent(digest)}${from}`)
  expect([answer.status, answer.headers["docker-content-digest"]]).toEqual([201, digest])
  expect((await client.request("GET", locationOf(answer))).body.equals(bytes)).toBe(true)
  await removed(client, digest)
  await removed(client, digest, client.otherRepository)
}

async function ranges(client: ConformanceClient, { bytes, digest }: Blob): Promise<void> {
  expect((await client.push("POST then PUT", digest, bytes)).status).toBe(201)
  const cases: readonly (readonly [range: string, from: number, to: number])[] = [
    ["bytes=500-1499", 500, 1500],
    ["bytes=500-", 500, 2048],
    ["bytes=-500", 1548, 2048],
    ["bytes=2000-5000", 2000, 2048],
  ]
  for (const [range, from, to] of cases) {
    const answer = await client.request("GET", client.blob(digest), { headers: { range } })
    expect([range, answer.status, answer.headers["content-range"], answer.headers["content-length"]]).toEqual([
      range,
      206,
      `bytes ${from}-${to - 1}/2048`,
      String(to - from),
    ])
    expect(answer.body.equals(bytes.subarray(from, to))).toBe(true)
  }
  for (const range of ["bytes=500-0", "bytes=5000-10000"]) {
    const answer = await client.request("GET", client.blob(digest), { headers: { range } })
    expect([range, answer.status, answer.headers["content-range"]]).toEqual([range, 416, "bytes */2048"])
  }
  await removed(client, digest)
}

function codesOf(body: Buffer): string[] {
  return (JSON.parse(body.toString("utf8")) as { errors: { code: string }[] }).errors.map(({ code }) => code)
}
