import { once } from "node:events"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { extract } from "tar-stream"
import { afterAll, beforeAll, expect, it } from "vitest"
import { decodeTarHeader, encodeTarHeader } from "./tar-header.ts"
import { bufferInput, packTar, writeTarFile } from "./tar-writer.ts"

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tar-"))
})
afterAll(() => rm(directory, { recursive: true }))

it("packs what another program unpacks", async () => {
  const inputs = [0, 1, 511, 512, 513, 70_000].map((size) => bufferInput(`blobs/sha256/${size}`, Buffer.alloc(size, `${size} `)))
  const found = new Map<string, Buffer>()
  const unpack = extract()
  unpack.on("entry", (header, stream, next) => {
    const chunks: Buffer[] = []
    stream.on("data", (chunk: unknown) => {
      if (Buffer.isBuffer(chunk)) chunks.push(chunk)
    })
    stream.on("end", () => {
      expect(header).toMatchObject({ type: "file", mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) })
      found.set(header.name, Buffer.concat(chunks))
      next()
    })
  })
  const packed: Buffer[] = []
  for await (const chunk of packTar(inputs)) packed.push(chunk)
  const finished = once(unpack, "finish")
  unpack.end(Buffer.concat(packed))
  await finished
  expect([...found.keys()]).toEqual(inputs.map(({ name }) => name))
  for (const input of inputs) expect(found.get(input.name)?.length).toBe(input.size)
})

it.each([0, 8_589_934_591, 8_589_934_592, 2 ** 50])("writes and reads a size of %i bytes", (size) => {
  const header = decodeTarHeader(encodeTarHeader("blobs/sha256/big", size))
  expect(header).toEqual({ name: "blobs/sha256/big", size, type: "0", linkName: "" })
})

it("keeps the former file when it is stopped or fails, and leaves nothing else", async () => {
  const path = join(directory, "image.tar")
  await writeFile(path, "before")
  const lying = { name: "a", size: 3, read: () => bufferInput("a", Buffer.from("four")).read() }
  await expect(writeTarFile(path, [lying])).rejects.toMatchObject({
    code: "local_io",
    message: "a has 4 bytes instead of 3",
  })
  const stop = new AbortController()
  stop.abort()
  await expect(writeTarFile(path, [bufferInput("a", Buffer.from("a"))], stop.signal)).rejects.toMatchObject({ code: "cancelled" })
  expect(await readdir(directory)).toEqual(["image.tar"])
  expect(await readFile(path, "utf8")).toBe("before")
})
