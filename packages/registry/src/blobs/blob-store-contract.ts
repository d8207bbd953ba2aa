import { randomBytes } from "node:crypto"
import { createServer, get, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { type ByteStream, type Digest, digestOf } from "@entrepot/core"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type BlobStore, canSend, type StoredBlob } from "./blob-store.ts"

/** One empty place for a blob store. */
export interface BlobPlace {
  /** Opens a store on it; several at once are like several processes. */
  open(): Promise<BlobStore>
  /** Changes the first byte of a stored blob behind the store's back. */
  damage(digest: Digest): Promise<void>
  dispose(): Promise<void>
}

const mebibyte = 1024 * 1024

/** What every blob store promises (blob-store.ts), tried on a fresh place each time. */
export function blobStoreContract(name: string, makePlace: () => Promise<BlobPlace>): void {
  describe(`${name} as a blob store`, () => {
    let place: BlobPlace
    let store: BlobStore
    const opened: BlobStore[] = []
    const open = async () => {
      const another = await place.open()
      opened.push(another)
      return another
    }
    beforeEach(async () => {
      place = await makePlace()
      store = await open()
    })
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close()
      await place.dispose()
    })

    const put = async (bytes: Buffer, algorithm: "sha256" | "sha512" = "sha256"): Promise<Digest> => {
      const digest = digestOf(bytes, algorithm)
      const partial = await store.openPartial(`fill-${digest.replace(":", "-")}`, { algorithm })
      await partial.append([bytes])
      await partial.commit(digest)
      await partial.close()
      return digest
    }

    it.each([0, 1, 65_536, 65_537, mebibyte, 3 * mebibyte + 17])("gives %i bytes back as they came", async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes)
      const digest = await put(bytes)
      expect(await store.stat(digest)).toEqual({ digest, sizeBytes })
      expect((await readAll(await store.read(digest))).equals(bytes)).toBe(true)
      expect((await sentBy(await store.read(digest), sizeBytes)).equals(bytes)).toBe(true)
      expect(await store.verify(digest)).toBe(true)
    })

    it("gives any range, and nothing beyond the end", async () => {
      const bytes = randomBytes(2 * mebibyte + 5)
      const digest = await put(bytes)
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [700_000, 1_900_000],
        [2 * mebibyte, 2 * mebibyte + 5],
        [5, 5],
        [100, 9_999_999],
        [9_999_999, undefined],
      ] as const) {
        const range = { from, ...(to === undefined ? {} : { to }) }
        const expected = bytes.subarray(from, to)
        expect((await readAll(await store.read(digest, range))).equals(expected)).toBe(true)
        expect((await sentBy(await store.read(digest, range), expected.length)).equals(expected)).toBe(true)
      }
    })

    it("knows nothing of what is not there", async () => {
      const digest = digestOf(Buffer.from("nothing"))
      expect(await store.stat(digest)).toBeUndefined()
      expect(await store.verify(digest)).toBeUndefined()
      expect(await store.statPartial("fill-1")).toBeUndefined()
      await expect(store.read(digest)).rejects.toMatchObject({ code: "not_found" })
      await store.delete(digest)
      await store.quarantine(digest)
      expect(await listAll(store)).toEqual([])
    })

    it("S8: takes names as data: neither digests nor partials lead out of the store", async () => {
      for (const digest of [
        "sha256:../../../etc/passwd",
        `sha256:${"A".repeat(64)}`,
        `md5:${"a".repeat(32)}`,
        "",
        "sha256:",
        `sha256:${"a".repeat(63)}/`,
      ]) {
        await expect(store.stat(digest)).rejects.toMatchObject({ code: "protocol" })
        await expect(store.read(digest)).rejects.toMatchObject({ code: "protocol" })
        await expect(store.delete(digest)).rejects.toMatchObject({ code: "protocol" })
      }
      for (const name of ["", "..", "a/b", "../x", "Upload", "a.b", "a\0b", "a".repeat(161)]) {
        await expect(store.openPartial(name)).rejects.toMatchObject({ code: "local_io" })
        await expect(store.statPartial(name)).rejects.toMatchObject({ code: "local_io" })
      }
    })

    it("lets a blob grow, and shows every byte that has arrived", async () => {
      const bytes = randomBytes(3 * mebibyte)
      const partial = await store.openPartial("upload-1")
      const cuts = [0, 1, 1000, 1000, 400_000, mebibyte, mebibyte + 1, 2_500_000, bytes.length]
      for (const [index, from] of cuts.slice(0, -1).entries()) {
        const to = cuts[index + 1] ?? from
        const middle = Math.floor((from + to) / 2)
        await partial.append([bytes.subarray(from, middle), Buffer.alloc(0), bytes.subarray(middle, to)])
        expect(partial.sizeBytes).toBe(to)
        expect((await partial.read(0, to)).equals(bytes.subarray(0, to))).toBe(true)
        expect(await partial.digest()).toBe(digestOf(bytes.subarray(0, to)))
      }
      expect(await store.statPartial("upload-1")).toMatchObject({ sizeBytes: bytes.length })
      expect(await partial.digest("sha512")).toBe(digestOf(bytes, "sha512"))
      await expect(partial.read(bytes.length, bytes.length + 1)).rejects.toMatchObject({ code: "local_io" })
    })

    it("keeps appends in their order, however many are asked for at once", async () => {
      const pieces = Array.from({ length: 3000 }, (_, index) => Buffer.from(`${index} `))
      const partial = await store.openPartial("upload-1")
      await Promise.all([partial.append(pieces), ...pieces.slice(0, 50).map((piece) => partial.append([piece]))])
      const expected = Buffer.concat([...pieces, ...pieces.slice(0, 50)])
      expect((await partial.read(0, partial.sizeBytes)).equals(expected)).toBe(true)
      expect(await partial.digest()).toBe(digestOf(expected))
    })

    it.each([1000, 2 * mebibyte])("goes on with %i bytes that an earlier holder left", async (leftBytes) => {
      const bytes = randomBytes(leftBytes + 2 * mebibyte)
      const digest = digestOf(bytes)
      const before = await store.openPartial("fill-1")
      await before.append([bytes.subarray(0, leftBytes)])
      await before.close()
      const partial = await (await open()).openPartial("fill-1")
      expect(partial.sizeBytes).toBe(leftBytes)
      await partial.append([bytes.subarray(leftBytes)])
      expect(await partial.commit(digest)).toEqual({ digest, sizeBytes: bytes.length })
      expect((await readAll(await store.read(digest))).equals(bytes)).toBe(true)
      expect(await store.statPartial("fill-1")).toBeUndefined()
    })

    it("never makes a blob of other bytes, and keeps them for another try", async () => {
      const bytes = randomBytes(2000)
      const digest = digestOf(bytes)
      const partial = await store.openPartial("fill-1")
      await partial.append([bytes.subarray(0, 1999)])
      await expect(partial.commit(digest)).rejects.toMatchObject({
        code: "digest_mismatch",
        message: `the bytes hash to ${digestOf(bytes.subarray(0, 1999))}, not to ${digest}`,
      })
      expect(await store.stat(digest)).toBeUndefined()
      await partial.append([bytes.subarray(1999)])
      await partial.commit(digest)
      expect(await store.verify(digest)).toBe(true)
    })

    it.each([1000, 2 * mebibyte])("verifies %i bytes under a digest of the other algorithm", async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes)
      const partial = await store.openPartial("upload-1")
      await partial.append([bytes])
      const digest = digestOf(bytes, "sha512")
      await partial.commit(digest)
      expect(await store.verify(digest)).toBe(true)
      const other = await put(bytes, "sha512")
      expect(other).toBe(digest)
      expect((await listAll(store)).map((blob) => blob.digest)).toEqual([digest])
    })

    it("starts from nothing after a reset", async () => {
      const partial = await store.openPartial("upload-1")
      await partial.append([randomBytes(2 * mebibyte)])
      await partial.reset()
      expect(partial.sizeBytes).toBe(0)
      await partial.append([Buffer.from("new")])
      expect(await partial.digest()).toBe(digestOf(Buffer.from("new")))
    })

    it("leaves nothing after a discard, and all after a close", async () => {
      const partial = await store.openPartial("upload-1")
      await partial.append([Buffer.from("some")])
      await partial.close()
      await partial.close()
      await expect(partial.append([Buffer.from("more")])).rejects.toMatchObject({ code: "local_io" })
      const again = await store.openPartial("upload-1")
      expect(again.sizeBytes).toBe(4)
      await again.discard()
      await again.discard()
      expect(await store.statPartial("upload-1")).toBeUndefined()
    })

    it("can be read after the commit until it is closed, and the name is free at once", async () => {
      const bytes = randomBytes(5000)
      const partial = await store.openPartial("fill-1")
      await partial.append([bytes])
      await partial.commit(digestOf(bytes))
      const next = await store.openPartial("fill-1")
      expect(next.sizeBytes).toBe(0)
      await next.append([bytes])
      expect((await partial.read(10, 4000)).equals(bytes.subarray(10, 4000))).toBe(true)
      await next.commit(digestOf(bytes))
      expect((await next.read(10, 4000)).equals(bytes.subarray(10, 4000))).toBe(true)
      expect(await listAll(store)).toMatchObject([{ digest: digestOf(bytes), sizeBytes: 5000 }])
    })

    it("has one holder of a name at a time: here others wait, elsewhere they are told", async () => {
      const first = await store.openPartial("fill-1")
      await first.append([Buffer.from("1")])
      const order: string[] = []
      const second = store.openPartial("fill-1").then(async (partial) => {
        order.push(`second finds ${partial.sizeBytes}`)
        await partial.append([Buffer.from("2")])
        await partial.close()
      })
      const impatient = new AbortController()
      const third = store.openPartial("fill-1", { signal: impatient.signal })
      impatient.abort()
      await expect(third).rejects.toMatchObject({ code: "cancelled" })
      const elsewhere = await open()
      await expect(elsewhere.openPartial("fill-1")).rejects.toMatchObject({ code: "local_io" })
      order.push("first closes")
      await first.close()
      await second
      expect(order).toEqual(["first closes", "second finds 1"])
      expect((await elsewhere.openPartial("fill-1")).sizeBytes).toBe(2)
    })

    it("lets go of everything when it is closed", async () => {
      const another = await open()
      await (await another.openPartial("fill-1")).append([Buffer.from("1")])
      await another.close()
      expect((await store.openPartial("fill-1")).sizeBytes).toBe(1)
      await expect(another.openPartial("fill-2")).rejects.toMatchObject({ code: "local_io" })
    })

    it("reads a blob to its end that is deleted or quarantined meanwhile", async () => {
      const bytes = randomBytes(4 * mebibyte)
      for (const remove of ["delete", "quarantine"] as const) {
        const digest = await put(bytes)
        const iterator = (await store.read(digest))[Symbol.asyncIterator]()
        const chunks = [(await iterator.next()).value as Buffer]
        await store[remove](digest)
        expect(await store.stat(digest)).toBeUndefined()
        await expect(store.read(digest)).rejects.toMatchObject({ code: "not_found" })
        for (let next = await iterator.next(); !next.done; next = await iterator.next()) chunks.push(next.value)
        expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
      }
      expect(await listAll(store)).toEqual([])
    })

    it("fault 45: finds wrong bytes, and serves the right ones after a new commit", async () => {
      const bytes = randomBytes(mebibyte + 1)
      const digest = await put(bytes)
      await readAll(await store.read(digest))
      await place.damage(digest)
      expect(await store.verify(digest)).toBe(false)
      await store.quarantine(digest)
      expect(await store.verify(digest)).toBeUndefined()
      await put(bytes)
      expect(await store.verify(digest)).toBe(true)
      expect((await readAll(await store.read(digest))).equals(bytes)).toBe(true)
    })

    it("fault 45: puts right bytes in the place of wrong ones, and leaves those to whoever is reading them", async () => {
      const bytes = randomBytes(4 * mebibyte)
      const digest = await put(bytes)
      await place.damage(digest)
      const iterator = (await store.read(digest))[Symbol.asyncIterator]()
      const chunks = [(await iterator.next()).value as Buffer]
      await put(bytes)
      expect((await readAll(await store.read(digest))).equals(bytes)).toBe(true)
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) chunks.push(next.value)
      const old = Buffer.concat(chunks)
      expect([old.length, old[0] === bytes[0], old.subarray(1).equals(bytes.subarray(1))]).toEqual([bytes.length, false, true])
    })

    it("stops on request", async () => {
      const digest = await put(randomBytes(2 * mebibyte))
      const stopped = AbortSignal.abort()
      await expect(store.read(digest, {}, stopped)).rejects.toMatchObject({ code: "cancelled" })
      await expect(store.verify(digest, stopped)).rejects.toMatchObject({ code: "cancelled" })
      const stop = new AbortController()
      const iterator = (await store.read(digest, {}, stop.signal))[Symbol.asyncIterator]()
      await iterator.next()
      stop.abort()
      await expect(iterator.next()).rejects.toMatchObject({ code: "cancelled" })
    })

    it("lists what it has, with the time", async () => {
      const digests = [await put(Buffer.from("one")), await put(Buffer.from("two!"), "sha512")]
      await (await store.openPartial("upload-1")).append([Buffer.from("three")])
      const listed = await listAll(store)
      expect(listed.map((blob) => blob.digest).sort()).toEqual(digests.sort())
      for (const blob of listed) {
        expect(blob.sizeBytes).toBe(blob.digest.startsWith("sha512") ? 4 : 3)
        expect(Math.abs(blob.modifiedAt - Date.now())).toBeLessThan(60_000)
      }
    })

    it("sweeps what nobody holds and nobody has touched for so long", async () => {
      for (const upload of ["upload-1", "upload-2"]) {
        const partial = await store.openPartial(upload)
        await partial.append([Buffer.alloc(1000)])
        await partial.close()
      }
      const held = await (await open()).openPartial("upload-2")
      expect(await store.sweep(60_000)).toBe(0)
      expect(await store.sweep(0)).toBe(1000)
      expect(await store.statPartial("upload-1")).toBeUndefined()
      expect(await store.statPartial("upload-2")).toMatchObject({ sizeBytes: 1000 })
      await held.append([Buffer.alloc(1)])
      await held.close()
      expect(await store.sweep(0)).toBe(1001)
    })
  })
}

async function readAll(stream: ByteStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function listAll(store: BlobStore) {
  const blobs: (StoredBlob & { readonly modifiedAt: number })[] = []
  for await (const blob of store.list()) blobs.push(blob)
  return blobs
}

/** What a client gets of a stream that writes itself, where it can; else what a loop gives. */
async function sentBy(stream: ByteStream, length: number): Promise<Buffer> {
  if (!canSend(stream)) return readAll(stream)
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": length })
    stream.sendTo(response).then(
      () => response.end(),
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    const { port } = server.address() as AddressInfo
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      get({ port, host: "127.0.0.1", agent: false }, resolve).on("error", reject),
    )
    return await readAll(response)
  } finally {
    server.close()
  }
}
