import { TransferError } from "@entrepot/core"
import { expect, test } from "vitest"
import type { PartialBlob } from "../blobs/blob-store.ts"
import { appendBody } from "./append-body.ts"
import { bodyOf, brokenBody, calm, refusal } from "./warehouse.fixture.ts"

const full = () => new TransferError("local_io", "no room", { cause: Object.assign(new Error("ENOSPC"), { code: "ENOSPC" }) })

/** A partial blob on a disk of so many bytes. */
class SmallDisk implements Pick<PartialBlob, "sizeBytes" | "append"> {
  room: number
  written = Buffer.alloc(0)
  readonly appends: number[] = []

  constructor(room: number) {
    this.room = room
  }

  get sizeBytes() {
    return this.written.length
  }

  async append(chunks: readonly Buffer[]): Promise<void> {
    const bytes = Buffer.concat(chunks)
    this.appends.push(bytes.length)
    this.written = Buffer.concat([this.written, bytes.subarray(0, this.room - this.written.length)])
    if (this.written.length === this.room) throw full()
  }
}

const partial = (disk: SmallDisk) => disk as unknown as PartialBlob
const chunk = (byte: number, length = 100_000) => Buffer.alloc(length, byte)

test("fault 31: when the disk is full, room is made once, and the upload goes on at the byte it had reached", async () => {
  const disk = new SmallDisk(250_000)
  const asked: number[] = []
  const makeRoom = async (bytes: number) => {
    asked.push(bytes)
    disk.room = 10_000_000
    return true
  }
  const chunks = [1, 2, 3, 4, 5].map((byte) => chunk(byte))
  await appendBody(partial(disk), bodyOf(...chunks), { signal: calm, makeRoom })
  expect(asked).toEqual([50_000])
  expect(disk.written.equals(Buffer.concat(chunks))).toBe(true)
})

test.each([
  ["nothing can be evicted", async () => false],
  ["what was evicted is not enough", async () => true],
])("fault 31: an upload is refused for now when the disk is full and %s", async (_why, makeRoom) => {
  const disk = new SmallDisk(250_000)
  const body = bodyOf(chunk(1), chunk(2), chunk(3))
  expect(await refusal(appendBody(partial(disk), body, { signal: calm, makeRoom }))).toBe(
    "507 UNAVAILABLE: the registry's disk is full",
  )
  expect(disk.sizeBytes).toBe(250_000)
})

test("a body is written in large pieces, and what came before it broke off is kept", async () => {
  const disk = new SmallDisk(10_000_000)
  const body = brokenBody(...Array.from({ length: 7 }, (_, at) => chunk(at)))
  await expect(appendBody(partial(disk), body, { signal: calm, makeRoom: async () => false })).rejects.toThrow(
    "the client went away",
  )
  expect(disk.appends).toEqual([300_000, 300_000, 100_000])
  expect(disk.sizeBytes).toBe(700_000)
})

test("an upload ends when it is told to, with what has come by then", async () => {
  const disk = new SmallDisk(10_000_000)
  const end = new AbortController()
  async function* body() {
    yield chunk(1)
    end.abort()
    yield chunk(2)
    yield chunk(3)
  }
  await expect(appendBody(partial(disk), body(), { signal: end.signal, makeRoom: async () => false })).rejects.toThrow(
    "This operation was aborted",
  )
  expect(disk.sizeBytes).toBe(200_000)
})
