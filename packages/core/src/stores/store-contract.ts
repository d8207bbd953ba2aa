import { randomBytes } from "node:crypto"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Descriptor } from "../content/descriptor.ts"
import { digestOf } from "../content/digest.ts"
import { mediaTypes } from "../content/media-types.ts"
import { type BlobBody, canDelete, hasReferrers, hasTags, type SourceStore, type TargetStore } from "../content/store.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { bodyOf, makeContractImage, makeContractIndex, putContractImage } from "./contract-image.fixture.ts"

/** One empty place to try a kind of store on. */
export interface ContractPlace {
  openTarget(): Promise<TargetStore>
  /** Called after the target was finished and closed. */
  openSource(): Promise<SourceStore>
  dispose(): Promise<void>
}

/** What a kind of store cannot do. */
export interface ContractOptions {
  /** False for places that hold one platform only. Default true. */
  readonly takesIndexes?: boolean
}

/** A body that gives `bytes` and then fails, each time it is read. */
function brokenBody(descriptor: Descriptor, bytes: Buffer, error: Error): BlobBody {
  return {
    descriptor,
    async *read(offset) {
      yield bytes.subarray(offset)
      throw error
    },
  }
}

async function readAll(source: SourceStore, blob: Descriptor, range: { from?: number; to?: number } = {}): Promise<Buffer> {
  const { offset, bytes } = await source.openBlob(blob, range)
  const chunks: Buffer[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).subarray((range.from ?? 0) - offset)
}

/** What every kind of store promises (content/store.ts), tried on a fresh place each time. */
export function describeStoreContract(name: string, make: () => Promise<ContractPlace>, options: ContractOptions = {}): void {
  describe(`${name} as a store`, () => {
    let place: ContractPlace
    const opened: { close(): Promise<void> }[] = []
    beforeEach(async () => {
      place = await make()
    })
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
      await place.dispose()
    })

    const openTarget = async () => {
      const target = await place.openTarget()
      opened.push(target)
      return target
    }
    /** What was put into the target, seen from the other side. */
    const reopen = async (target: TargetStore) => {
      await target.finish?.()
      await target.close()
      opened.splice(opened.indexOf(target), 1)
      const source = await place.openSource()
      opened.push(source)
      return source
    }

    it("gives an image back byte for byte, by tag and by digest", async () => {
      const image = makeContractImage()
      const target = await openTarget()
      await putContractImage(target, image, "v1")
      expect(await target.resolve("v1")).toEqual(image.manifest.descriptor)
      const source = await reopen(target)
      expect(await source.resolve("v1")).toEqual(image.manifest.descriptor)
      expect(await source.resolve(image.manifest.descriptor.digest)).toEqual(image.manifest.descriptor)
      expect(await source.getManifest("v1")).toEqual(image.manifest)
      expect(await source.getManifest(image.manifest.descriptor.digest)).toEqual(image.manifest)
      for (const { descriptor, bytes } of image.blobs) expect((await readAll(source, descriptor)).equals(bytes)).toBe(true)
    })

    it("knows which blobs it has", async () => {
      const [blob] = makeContractImage().blobs
      const target = await openTarget()
      if (blob === undefined) return expect.unreachable()
      expect(await target.hasBlob(blob.descriptor)).toBe(false)
      const offsets: number[] = []
      await target.putBlob(blob.descriptor, bodyOf(blob), { onProgress: (offset) => offsets.push(offset) })
      expect(await target.hasBlob(blob.descriptor)).toBe(true)
      expect(offsets.at(-1)).toBe(blob.descriptor.size)
    })

    it("reads any part of a blob", async () => {
      const image = makeContractImage({ layerBytes: [700_000] })
      const target = await openTarget()
      await putContractImage(target, image, "v1")
      const source = await reopen(target)
      const layer = image.blobs[1]
      if (layer === undefined) return expect.unreachable()
      const { descriptor, bytes } = layer
      expect((await readAll(source, descriptor, { from: 1 })).equals(bytes.subarray(1))).toBe(true)
      expect((await readAll(source, descriptor, { from: 300_000, to: 300_001 })).equals(bytes.subarray(300_000, 300_001))).toBe(
        true,
      )
      expect((await readAll(source, descriptor, { from: 699_999 })).equals(bytes.subarray(699_999))).toBe(true)
      const parts = await Promise.all(
        [0, 1, 2, 3].map((i) => readAll(source, descriptor, { from: i * 175_000, to: (i + 1) * 175_000 })),
      )
      expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    })

    it("lets a reader leave early", async () => {
      const image = makeContractImage({ layerBytes: [2_000_000] })
      const target = await openTarget()
      await putContractImage(target, image, "v1")
      const source = await reopen(target)
      const layer = image.blobs[1]
      if (layer === undefined) return expect.unreachable()
      for await (const chunk of (await source.openBlob(layer.descriptor)).bytes) {
        expect(chunk.length).toBeGreaterThan(0)
        break
      }
      expect((await readAll(source, layer.descriptor)).equals(layer.bytes)).toBe(true)
    })

    it("says not_found for what it does not have", async () => {
      const image = makeContractImage()
      const other = makeContractImage()
      const target = await openTarget()
      await putContractImage(target, image, "v1")
      const source = await reopen(target)
      const [blob] = other.blobs
      if (blob === undefined) return expect.unreachable()
      expect(await source.resolve("v2")).toBeUndefined()
      expect(await source.resolve(other.manifest.descriptor.digest)).toBeUndefined()
      await expect(source.getManifest("v2")).rejects.toMatchObject({ code: "not_found" })
      await expect(source.getManifest(other.manifest.descriptor.digest)).rejects.toMatchObject({ code: "not_found" })
      await expect(readAll(source, blob.descriptor)).rejects.toMatchObject({ code: "not_found" })
    })

    it("takes a blob twice, and twice at once", async () => {
      const [blob] = makeContractImage().blobs
      const target = await openTarget()
      if (blob === undefined) return expect.unreachable()
      await Promise.all([1, 2, 3].map(() => target.putBlob(blob.descriptor, bodyOf(blob))))
      await target.putBlob(blob.descriptor, bodyOf(blob))
      expect(await target.hasBlob(blob.descriptor)).toBe(true)
    })

    it("keeps no blob whose bytes turn out wrong", async () => {
      const bytes = randomBytes(50_000)
      const descriptor = { mediaType: mediaTypes.ociLayerTar, digest: digestOf(bytes), size: bytes.length }
      const wrong = brokenBody(descriptor, randomBytes(50_000), new TransferError("digest_mismatch", "wrong bytes"))
      const target = await openTarget()
      await expect(target.putBlob(descriptor, wrong)).rejects.toMatchObject({ code: "digest_mismatch" })
      expect(await target.hasBlob(descriptor)).toBe(false)
      await target.putBlob(descriptor, bodyOf({ descriptor, bytes }))
      expect(await target.hasBlob(descriptor)).toBe(true)
    })

    it("publishes nothing of a cancelled put", async () => {
      const bytes = randomBytes(200_000)
      const descriptor = { mediaType: mediaTypes.ociLayerTar, digest: digestOf(bytes), size: bytes.length }
      const stop = new AbortController()
      const body: BlobBody = {
        descriptor,
        async *read(offset) {
          yield bytes.subarray(offset, offset + 1000)
          stop.abort()
          yield bytes.subarray(offset + 1000)
        },
      }
      const target = await openTarget()
      await expect(target.putBlob(descriptor, body, { signal: stop.signal })).rejects.toThrow()
      expect(await target.hasBlob(descriptor)).toBe(false)
      await target.putBlob(descriptor, bodyOf({ descriptor, bytes }))
      expect(await target.hasBlob(descriptor)).toBe(true)
    })

    it("refuses a manifest under a digest that is not its own", async () => {
      const image = makeContractImage()
      const other = makeContractImage().manifest.descriptor.digest
      const target = await openTarget()
      await putContractImage(target, image, "v1")
      await expect(target.putManifest(other, image.manifest)).rejects.toBeInstanceOf(TransferError)
      expect(await target.resolve(other)).toBeUndefined()
    })

    it("moves a tag to what was put last", async () => {
      const [first, second] = [makeContractImage(), makeContractImage()]
      const target = await openTarget()
      await putContractImage(target, first, "v1")
      await putContractImage(target, second, "v1")
      await putContractImage(target, second, "v2")
      const source = await reopen(target)
      expect(await source.resolve("v1")).toEqual(second.manifest.descriptor)
      if (hasTags(source)) expect([...((await source.listTags()) ?? [])].sort()).toEqual(["v1", "v2"])
    })

    if (options.takesIndexes !== false)
      it("keeps an index and reads its children by digest", async () => {
        const images = [makeContractImage(), makeContractImage()]
        const index = makeContractIndex(images)
        const target = await openTarget()
        for (const image of images) await putContractImage(target, image, image.manifest.descriptor.digest)
        await target.putManifest("multi", index)
        const source = await reopen(target)
        expect(await source.getManifest("multi")).toEqual(index)
        for (const { manifest } of images) expect(await source.getManifest(manifest.descriptor.digest)).toEqual(manifest)
      })

    it("lists referrers, if it can", async () => {
      const image = makeContractImage()
      const referrer = makeContractImage({ layerBytes: [10], subject: image.manifest.descriptor })
      const target = await openTarget()
      await putContractImage(target, image, "v1")
      await putContractImage(target, referrer, referrer.manifest.descriptor.digest)
      const source = await reopen(target)
      if (!hasReferrers(source)) return
      const { digest } = image.manifest.descriptor
      expect(await source.listReferrers(digest)).toMatchObject([
        { ...referrer.manifest.descriptor, artifactType: "application/x.test" },
      ])
      expect(await source.listReferrers(digest, "application/x.other")).toEqual([])
      expect(await source.listReferrers(referrer.manifest.descriptor.digest)).toEqual([])
    })

    it("deletes a manifest, if it can", async () => {
      const image = makeContractImage()
      const target = await openTarget()
      await putContractImage(target, image, "v1")
      if (!canDelete(target)) return
      await target.deleteManifest(image.manifest.descriptor.digest)
      expect(await target.resolve("v1")).toBeUndefined()
      expect(await target.resolve(image.manifest.descriptor.digest)).toBeUndefined()
      const again = target.deleteManifest(image.manifest.descriptor.digest)
      await expect(again).rejects.toMatchObject({ code: "not_found" })
    })
  })
}
