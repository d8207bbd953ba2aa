import { expect, test } from "vitest"
import { blobOf, failureOf, readAll, type Scripted, scriptedRegistry, someBytes, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

const bytes = someBytes(5000)
const blob = blobOf(bytes)

async function asking<T>(
  answer: (range: string | undefined) => Scripted | undefined,
  ask: (remote: ReturnType<typeof openRemote>) => Promise<T>,
) {
  await using registry = await scriptedRegistry(({ headers }) => answer(headers.range))
  await using http = testHttp()
  const result = await ask(openRemote({ host: registry.host, repository: "team/app", http }))
  return {
    result,
    host: registry.host,
    ranges: registry.received.map(({ headers }) => headers.range),
    scopes: http.requests[0]?.scopes,
  }
}

test("a whole blob is asked for without a range", async () => {
  const { result, ranges, scopes } = await asking(
    () => ({ status: 200, body: bytes }),
    async (remote) => readAll(await remote.openBlob(blob)),
  )
  expect(result.equals(bytes)).toBe(true)
  expect(ranges).toEqual([undefined])
  expect(scopes).toEqual(["repository:team/app:pull"])
})

test("a part is asked for by a closed range, to the end as well", async () => {
  const { result, ranges } = await asking(
    () => ({ status: 206, headers: { "content-range": "bytes 4000-4999/5000" }, body: bytes.subarray(4000) }),
    (remote) => remote.openBlob(blob, { from: 4000 }).then(async (read) => ({ offset: read.offset, bytes: await readAll(read) })),
  )
  expect(ranges).toEqual(["bytes=4000-4999"])
  expect(result.offset).toBe(4000)
  expect(result.bytes.equals(bytes.subarray(4000))).toBe(true)
})

test("a server that ignores the range says so by offset 0", async () => {
  const { result } = await asking(
    () => ({ status: 200, body: bytes }),
    async (remote) => {
      const read = await remote.openBlob(blob, { from: 10, to: 20 })
      return { offset: read.offset, size: (await readAll(read)).length }
    },
  )
  expect(result).toEqual({ offset: 0, size: 5000 })
})

test("after 416 the blob is asked for from the start", async () => {
  const { result, ranges } = await asking(
    (range) => (range ? { status: 416 } : { status: 200, body: bytes }),
    async (remote) => (await remote.openBlob(blob, { from: 4000 })).offset,
  )
  expect(result).toBe(0)
  expect(ranges).toEqual(["bytes=4000-4999", undefined])
})

test.each([["bytes 0-999/5000"], ["bytes 4000-4999/6000"], ["bytes 4000-4500/5000"], ["bytes 4000-4999"], ["nonsense"]])(
  "206 with the range %s is refused",
  async (range) => {
    const { result, host } = await asking(
      () => ({ status: 206, headers: { "content-range": range }, body: bytes.subarray(4000) }),
      (remote) => failureOf(remote.openBlob(blob, { from: 4000 })),
    )
    expect(result.code).toBe("protocol")
    expect(result.message).toBe(`${host} answered bytes 4000-4999 with the range "${range}" for the blob team/app@${blob.digest}`)
  },
)

test("nothing is asked for nothing", async () => {
  const { ranges } = await asking(
    () => undefined,
    async (remote) => {
      expect(await readAll(await remote.openBlob({ ...blob, size: 0 }))).toHaveLength(0)
      expect((await remote.openBlob(blob, { from: 5000 })).offset).toBe(5000)
    },
  )
  expect(ranges).toEqual([])
})

test("a body longer than the descriptor is stopped at the first byte too many, announced or not", async () => {
  const long = Buffer.concat([bytes, Buffer.from("!")])
  const announced = await asking(
    () => ({ status: 200, headers: { "content-length": "5001" }, body: long }),
    (remote) => failureOf(remote.openBlob(blob)),
  )
  expect(announced.result.code).toBe("too_large")
  const silent = await asking(
    () => ({ status: 200, headers: { "transfer-encoding": "chunked" }, body: long }),
    async (remote) => failureOf(readAll(await remote.openBlob(blob))),
  )
  expect(silent.result.code).toBe("too_large")
  expect(silent.result.message).toBe(`${silent.host} sends more than the promised 5000 bytes of the blob team/app@${blob.digest}`)
})

test("a body that ends early is worth another try", async () => {
  const { result, host } = await asking(
    () => ({ status: 200, headers: { "transfer-encoding": "chunked" }, body: bytes.subarray(0, 4000) }),
    async (remote) => failureOf(readAll(await remote.openBlob(blob))),
  )
  expect(result.code).toBe("network")
  expect(result.message).toBe(`${host} ended the blob team/app@${blob.digest} after 4000 of 5000 bytes`)
})

test.each([
  [{ status: 200, headers: { "content-length": "5000" } }, true],
  [{ status: 200, headers: { "content-length": "4999" } }, false],
  [{ status: 404 }, false],
  [{ status: 405 }, false],
])("HEAD answered %j means there: %s", async (answer, there) => {
  expect(
    (
      await asking(
        () => answer,
        (remote) => remote.hasBlob(blob),
      )
    ).result,
  ).toBe(there)
})

test("foreign addresses of a layer are not followed", async () => {
  const { result, host } = await asking(
    () => ({ status: 404, body: '{"errors":[{"code":"BLOB_UNKNOWN","message":"no \\u001b[31mblob https://u:p@h/x?sig=1"}]}' }),
    (remote) => failureOf(remote.openBlob({ ...blob, urls: ["http://127.0.0.1:1/layer"] })),
  )
  expect(result.code).toBe("not_found")
  expect(result.registryCode).toBe("BLOB_UNKNOWN")
  expect(result.message).toMatch(`${host} answered 404 to the blob team/app@${blob.digest}: BLOB_UNKNOWN, no  [31mblob https://`)
  expect(result.message).not.toMatch(/u:p|sig=1/)
})
