import { createHash, randomBytes } from "node:crypto"
import { closeSync, mkdtempSync, openSync, readlinkSync, rmSync, writeFileSync } from "node:fs"
import { readdir } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PassThrough, Writable } from "node:stream"
import { giveBack } from "@entrepot/core"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { DiskStream } from "./disk-stream.ts"
import { OpenFiles } from "./open-files.ts"
import { ReadBuffers } from "./read-buffers.ts"

const bytes = randomBytes(3_000_000)
let directory: string
let path: string
let files: OpenFiles
let buffers: ReadBuffers
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "entrepot-stream-"))
  path = join(directory, "blob")
  writeFileSync(path, bytes)
  files = new OpenFiles()
  buffers = new ReadBuffers(8 * 1024 * 1024)
})
afterEach(() => {
  files.close()
  rmSync(directory, { recursive: true })
})

async function openStream(signal?: AbortSignal): Promise<DiskStream> {
  const file = await files.open(path)
  if (file === undefined) throw new Error("there is no file")
  return new DiskStream(file, {}, buffers, signal)
}

/** How many descriptors of this process lead to the file. */
async function descriptors(): Promise<number> {
  const links = (await readdir("/proc/self/fd")).map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ""
    }
  })
  return links.filter((link) => link === path).length
}

/** Nothing is out, and the file is closed once nobody keeps it open for the next. */
async function expectNothingHeld(): Promise<void> {
  expect(buffers.outBytes).toBe(0)
  files.forget(path)
  await vi.waitFor(async () => expect(await descriptors()).toBe(0))
}

it("gives memory and file back when a loop ends, however it ends", async () => {
  const whole: Buffer[] = []
  for await (const chunk of await openStream()) {
    whole.push(Buffer.from(chunk))
    giveBack(chunk)
  }
  expect(Buffer.concat(whole).equals(bytes)).toBe(true)
  for await (const chunk of await openStream()) {
    expect(chunk.length).toBeGreaterThan(0)
    break
  }
  const loop = async () => {
    for await (const _ of await openStream()) throw new Error("no more")
  }
  await expect(loop()).rejects.toThrow("no more")
  await expectNothingHeld()
})

it("never changes chunks that were not given back", async () => {
  const kept: Buffer[] = []
  for await (const chunk of await openStream()) kept.push(chunk)
  for await (const chunk of await openStream()) giveBack(chunk)
  expect(Buffer.concat(kept).equals(bytes)).toBe(true)
  await expectNothingHeld()
})

it("S22: many slow readers share one descriptor, stay within the budget, and get what they asked for", async () => {
  let goOn = () => {}
  const hold = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const received = Array.from({ length: 40 }, () => createHash("sha256"))
  const sending = received.map(async (hash) => {
    const sink = new Writable({
      async write(chunk: Buffer, _encoding, done) {
        await hold
        hash.update(chunk)
        done()
      },
    })
    await (await openStream()).sendTo(sink)
  })
  await vi.waitFor(() => expect(buffers.outBytes).toBeGreaterThanOrEqual(8 * 1024 * 1024))
  // Small pieces for those who have waited.
  expect(buffers.outBytes).toBeLessThanOrEqual(8 * 1024 * 1024 + 24 * 64 * 1024)
  expect(await descriptors()).toBe(1)
  goOn()
  await Promise.all(sending)
  const digests = new Set(received.map((hash) => hash.digest("hex")))
  expect([...digests]).toEqual([createHash("sha256").update(bytes).digest("hex")])
  await expectNothingHeld()
})

it("fault 43: gives memory and file back when the client leaves, its connection fails or the request is stopped", async () => {
  const left = new PassThrough({ highWaterMark: 1 })
  const leaving = (await openStream()).sendTo(left)
  setImmediate(() => left.destroy())
  await expect(leaving).rejects.toMatchObject({ code: "cancelled", message: "the reader left" })

  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error("broken pipe")) })
  await expect((await openStream()).sendTo(broken)).rejects.toThrow("broken pipe")

  const stop = new AbortController()
  const stopped = (await openStream(stop.signal)).sendTo(new PassThrough({ highWaterMark: 1 }))
  setImmediate(() => stop.abort())
  await expect(stopped).rejects.toMatchObject({ code: "cancelled", message: "stopped on request" })

  const gone = new PassThrough()
  gone.destroy()
  await expect((await openStream()).sendTo(gone)).rejects.toMatchObject({ code: "cancelled" })
  await expectNothingHeld()
})

it("says where a file ends that was cut behind its back", async () => {
  const stream = await openStream()
  closeSync(openSync(path, "w"))
  await expect(stream.sendTo(new PassThrough())).rejects.toMatchObject({
    code: "local_io",
    message: `cannot use ${path}: it ends at byte 0, before byte 3000000`,
  })
  await expectNothingHeld()
})

it("is read once", async () => {
  const stream = await openStream()
  await stream.sendTo(new Writable({ write: (_chunk, _encoding, done) => done() }))
  await expect(stream.sendTo(new PassThrough())).rejects.toThrow("this stream was read already")
})
