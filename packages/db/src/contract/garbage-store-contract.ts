import { describe, expect, test } from "vitest"
import type { MakeStorage } from "../database.fixture.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"
import { digestFor, imageOf, indexOf, pushed } from "./warehouse-contents.fixture.ts"

/** What every dialect keeps of blobs: who may read them, what needs them, and what may go. */
export function garbageStoreContract(makeStorage: MakeStorage): void {
  describe("blobs of the warehouse", () => {
    const fresh = freshStorage(makeStorage)

    const repository = async (name: string, registry: string | null = "docker.io") =>
      (await fresh.database.warehouse.ensureRepository({ name, projectId: null, registry }, 1)).id

    test("S6: a right to a blob is a repository's own, and outlives the bytes", async () => {
      const { warehouse } = fresh.database
      const [mine, other] = [await repository("docker.io/mine"), await repository("docker.io/other")]
      const digest = digestFor("blob")
      await warehouse.addBlob({ digest, sizeBytes: 4, repositoryId: mine }, 5)
      const blob = { digest, sizeBytes: 4, createdAt: 5, usedAt: 5, verifiedAt: 5 }
      expect(await warehouse.linkedBlob(mine, digest)).toEqual({ blob })
      expect(await warehouse.linkedBlob(other, digest)).toBeUndefined()
      expect(await warehouse.blob(digest)).toEqual(blob)
      expect(await warehouse.forgetBlob(digest)).toBe(true)
      expect(await warehouse.forgetBlob(digest)).toBe(false)
      expect(await warehouse.forgetBlobs([digest])).toBe(0)
      expect(await warehouse.linkedBlob(mine, digest)).toEqual({ blob: undefined })
      await warehouse.addBlob({ digest, sizeBytes: 4 }, 7)
      await warehouse.link(other, digest, 8)
      expect(await warehouse.linkedBlob(other, digest)).toEqual({ blob: { ...blob, createdAt: 7, usedAt: 8, verifiedAt: 7 } })
      expect(await warehouse.unlink(other, digest)).toBe(true)
      expect(await warehouse.unlink(other, digest)).toBe(false)
      await warehouse.setVerified(digest, 9)
      await warehouse.addBlob({ digest, sizeBytes: 4 }, 6)
      expect(await warehouse.blob(digest)).toMatchObject({ usedAt: 8 })
      expect(await warehouse.usage()).toEqual({ blobs: 1, bytes: 4, repositories: 2, manifests: 0 })
    })

    test("S6: a blob may be read through where a manifest of that very repository names it", async () => {
      const { warehouse } = fresh.database
      const [mine, other] = [await repository("docker.io/mine"), await repository("docker.io/other")]
      const image = imageOf("app", { layers: ["layer"], foreign: ["layer", "windows"] })
      await warehouse.putManifest({ repositoryId: mine, ...image, complete: false }, 1)
      const [, layer, , windows] = image.references
      expect(await warehouse.referenceIn(mine, digestFor("layer"))).toEqual(layer)
      expect(await warehouse.referenceIn(mine, digestFor("windows"))).toEqual(windows)
      expect(await warehouse.referenceIn(other, digestFor("layer"))).toBeUndefined()
      expect(await warehouse.linkedBlob(mine, digestFor("layer"))).toBeUndefined()
      const index = indexOf("index", [image])
      await warehouse.putManifest({ repositoryId: mine, ...index, complete: false }, 1)
      expect(await warehouse.referenceIn(mine, image.manifest.digest)).toBeUndefined()
    })

    test("blobs are listed by digest", async () => {
      const { warehouse } = fresh.database
      const digests = ["a", "b", "c", "d"].map(digestFor).sort()
      for (const digest of digests) await warehouse.addBlob({ digest, sizeBytes: 1 }, 1)
      const page = async (query: object) => (await warehouse.listBlobs({ limit: 10, ...query })).map(({ digest }) => digest)
      expect(await page({})).toEqual(digests)
      expect(await page({ after: digests[1], limit: 1 })).toEqual(digests.slice(2, 3))
    })

    test("what was used is noted, and no time goes back", async () => {
      const { warehouse } = fresh.database
      const repositoryId = await repository("docker.io/app")
      const images = Array.from({ length: 12 }, (_, i) => imageOf(`app ${i}`))
      for (const image of images) await pushed(fresh.database, repositoryId, image)
      const used = {
        blobs: images.flatMap(({ references }) => references.map(({ digest }) => digest)),
        manifests: images.map(({ manifest: { digest } }) => ({ repositoryId, digest })),
        repositories: [repositoryId],
      }
      await warehouse.touch(used, 50)
      await warehouse.touch(used, 40)
      await warehouse.touch({}, 60)
      expect(new Set((await warehouse.listBlobs({ limit: 100 })).map(({ usedAt }) => usedAt))).toEqual(new Set([50]))
      const manifests = await warehouse.listManifests(repositoryId, { limit: 100, longestAnnotations: 100 })
      expect(manifests.map(({ usedAt }) => usedAt)).toEqual(images.map(() => 50))
      expect((await warehouse.repository("docker.io/app"))?.usedAt).toBe(50)
    })

    test("fault 44: only what no manifest names, and nothing has used for a while, is not needed", async () => {
      const { warehouse } = fresh.database
      const [one, other] = [await repository("team/one"), await repository("team/other")]
      const image = imageOf("app", { layers: ["shared"], foreign: ["windows"] })
      await pushed(fresh.database, one, image, "v1", 1)
      await pushed(fresh.database, other, imageOf("other", { layers: ["shared"] }), "v1", 1)
      await warehouse.addBlob({ digest: digestFor("windows"), sizeBytes: 7, repositoryId: one }, 1)
      for (const [at, name] of ["old", "new"].entries()) {
        await warehouse.addBlob({ digest: digestFor(name), sizeBytes: 3, repositoryId: one }, at * 100 + 2)
      }
      const unneeded = async (before: number, limit = 10) =>
        (await warehouse.unneededBlobs(before, limit)).map(({ digest }) => digest)
      expect(await unneeded(100)).toEqual([digestFor("old")])
      expect(await unneeded(1_000)).toEqual(["old", "new"].map(digestFor))
      expect(await unneeded(1_000, 1)).toEqual([digestFor("old")])

      expect(await warehouse.dropUnneededBlob(digestFor("new"), 100)).toBe(false)
      expect(await warehouse.dropUnneededBlob(digestFor("shared"), 1_000)).toBe(false)
      expect(await warehouse.dropUnneededBlob(digestFor("old"), 100)).toBe(true)
      expect(await warehouse.dropUnneededBlob(digestFor("old"), 100)).toBe(false)
      expect(await warehouse.linkedBlob(one, digestFor("old"))).toBeUndefined()

      await warehouse.deleteManifest(one, image.manifest.digest)
      expect(new Set(await unneeded(100))).toEqual(new Set(["config of app", "windows"].map(digestFor)))
      await warehouse.removeRepository(other)
      expect(await unneeded(100)).toHaveLength(4)
      await warehouse.link(one, digestFor("shared"), 200)
      expect(await unneeded(100)).not.toContain(digestFor("shared"))
    })

    test("fault 44: a push, and a manifest that is there before its blobs, keep blobs from being dropped", async () => {
      const { warehouse } = fresh.database
      const repositoryId = await repository("team/app")
      const image = imageOf("app")
      await warehouse.putManifest({ repositoryId, ...image, complete: false }, 1)
      for (const { digest, sizeBytes } of image.references) await warehouse.addBlob({ digest, sizeBytes, repositoryId }, 1)
      expect(await warehouse.unneededBlobs(1_000, 10)).toEqual([])
      await warehouse.deleteManifest(repositoryId, image.manifest.digest)
      expect(await warehouse.unneededBlobs(1_000, 10)).toHaveLength(2)
      await warehouse.putManifest({ repositoryId, ...image, complete: true }, 500)
      expect(await warehouse.unneededBlobs(1_000, 10)).toEqual([])
      for (const { digest } of image.references) {
        expect(await warehouse.blob(digest)).toMatchObject({ usedAt: 500 })
        expect(await warehouse.dropUnneededBlob(digest, 1_000)).toBe(false)
      }
    })

    test("fault 44: of a push and a collection at once, the push is refused or the blobs stay", async () => {
      const { warehouse } = fresh.database
      const collector = (await fresh.storage.open()).warehouse
      const repositoryId = await repository("team/app")
      for (let round = 0; round < 8; round++) {
        const image = imageOf(`app ${round}`)
        for (const { digest, sizeBytes } of image.references) await warehouse.addBlob({ digest, sizeBytes, repositoryId }, 1)
        const [{ missing }, ...dropped] = await Promise.all([
          warehouse.putManifest({ repositoryId, ...image, tag: "latest", complete: true }, 50),
          ...image.references.map(({ digest }) => collector.dropUnneededBlob(digest, 10)),
        ])
        const gone = image.references.filter((_, i) => dropped[i])
        const stored = await warehouse.manifestRecord(repositoryId, image.manifest.digest)
        expect({ stored: stored !== undefined, missing: missing.length > 0 }).toEqual({
          stored: gone.length === 0,
          missing: gone.length > 0,
        })
      }
    })

    test("what eviction takes are whole images of proxied repositories, the least recently used first", async () => {
      const { warehouse } = fresh.database
      const proxied = await repository("docker.io/app")
      const elsewhere = await repository("docker.io/elsewhere")
      const hosted = await repository("team/app", null)
      const [one, two] = [imageOf("one"), imageOf("two")]
      const index = indexOf("index", [one, two])
      for (const image of [one, two]) await pushed(fresh.database, proxied, image, undefined, 1)
      await pushed(fresh.database, proxied, index, "latest", 30)
      await pushed(fresh.database, elsewhere, two, "two", 20)
      await pushed(fresh.database, hosted, one, "one", 1)
      const [first, second] = [
        { repositoryId: elsewhere, digest: two.manifest.digest, usedAt: 20 },
        { repositoryId: proxied, digest: index.manifest.digest, usedAt: 30 },
      ]
      expect(await warehouse.evictable(10)).toEqual([first, second])
      expect(await warehouse.evictable(1)).toEqual([first])
      await warehouse.deleteManifest(proxied, index.manifest.digest)
      expect(await warehouse.evictable(10)).toHaveLength(3)
    })
  })
}
