import { describe, expect, test } from "vitest"
import type { MakeStorage } from "../database.fixture.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"
import { digestFor, imageOf, indexOf, pushed } from "./warehouse-contents.fixture.ts"

/** What every dialect tells those who run the registry: what is in it, and who looked after it. */
export function administrationStoreContract(makeStorage: MakeStorage): void {
  describe("administering the registry", () => {
    const fresh = freshStorage(makeStorage)

    const repository = async (name: string, registry: string | null = "docker.io") =>
      (await fresh.database.warehouse.ensureRepository({ name, projectId: null, registry }, 1)).id

    test("a repository has its manifests, and every blob that they name and that is here, once", async () => {
      const { warehouse } = fresh.database
      const [app, other, empty] = [await repository("app"), await repository("other"), await repository("empty")]
      const [one, two] = [
        imageOf("one", { layers: ["base", "layer"] }),
        imageOf("two", { layers: ["base"], foreign: ["windows"] }),
      ]
      await pushed(fresh.database, app, one, "a")
      await pushed(fresh.database, app, two, "b")
      const index = indexOf("index", [one, two])
      await pushed(fresh.database, app, index, "c")
      await warehouse.setTag(app, "d", index.manifest.digest, 1)
      await pushed(fresh.database, other, two, "b")
      const ofManifests = [one, two, index].reduce((sum, { manifest }) => sum + manifest.sizeBytes, 0)
      const ofBlobs = "base".length + "layer".length + "config of one".length + "config of two".length
      const size = { repositoryId: app, tags: 4, manifests: 3, bytes: ofManifests + ofBlobs }
      expect(await warehouse.sizes([app])).toEqual([size])
      const all = await warehouse.sizes([app, other, empty, 99])
      expect(new Set(all)).toEqual(
        new Set([
          size,
          { repositoryId: other, tags: 1, manifests: 1, bytes: two.manifest.sizeBytes + 4 + "config of two".length },
          { repositoryId: empty, tags: 0, manifests: 0, bytes: 0 },
        ]),
      )
      await warehouse.forgetBlob(digestFor("base"))
      await warehouse.addBlob({ digest: digestFor("windows"), sizeBytes: 1_000, repositoryId: app }, 2)
      expect(await warehouse.sizes([app])).toEqual([{ ...size, bytes: size.bytes - 4 + 1_000 }])
      await warehouse.deleteManifest(app, two.manifest.digest)
      expect(await warehouse.sizes([app])).toMatchObject([{ tags: 3, manifests: 2 }])
      expect(await warehouse.sizes([])).toEqual([])
    })

    test("S6: a size tells nothing of a blob that a manifest names and the repository has no right to", async () => {
      const { warehouse } = fresh.database
      const [mine, theirs] = [await repository("mine"), await repository("theirs")]
      const secret = { digest: digestFor("windows"), sizeBytes: 1_000, repositoryId: theirs }
      await pushed(fresh.database, mine, imageOf("one", { foreign: ["windows"] }), "a")
      const before = await warehouse.sizes([mine])
      await warehouse.addBlob(secret, 1)
      expect(await warehouse.sizes([mine])).toEqual(before)
    })

    test("as many repositories as a page has are told of at once", async () => {
      const ids: number[] = []
      for (let index = 0; index < 70; index++) ids.push(await repository(`app-${index}`))
      const sizes = await fresh.database.warehouse.sizes(ids)
      expect(sizes.map(({ repositoryId }) => repositoryId).sort((one, other) => one - other)).toEqual(ids)
    })

    test("tags of a manifest are those of its repository, by name", async () => {
      const { warehouse } = fresh.database
      const [app, other] = [await repository("app"), await repository("other")]
      const image = imageOf("one")
      const { digest } = image.manifest
      await pushed(fresh.database, app, image, "b")
      await pushed(fresh.database, other, image, "elsewhere")
      await pushed(fresh.database, app, imageOf("two"), "two")
      await warehouse.setTag(app, "a", digest, 5)
      const [a, b] = [
        { name: "a", digest, checkedAt: 5, updatedAt: 5 },
        { name: "b", digest, checkedAt: 1, updatedAt: 1 },
      ]
      expect(await warehouse.tagsOf(app, digest, 5)).toEqual([a, b])
      expect(await warehouse.tagsOf(app, digest, 1)).toEqual([a])
      expect(await warehouse.tagsOf(app, digestFor("none"), 5)).toEqual([])
    })

    test("S9: lists leave long annotations out, and end", async () => {
      const { warehouse } = fresh.database
      const app = await repository("app")
      const subject = digestFor("subject")
      const annotations = [null, { a: "é".repeat(4) }, { a: "é".repeat(5) }]
      const [none, short, long] = annotations.map((each, at) =>
        imageOf(`referrer ${at}`, { subject, ...(each === null ? {} : { annotations: each }) }),
      )
      for (const each of [none, short, long]) if (each !== undefined) await pushed(fresh.database, app, each)
      const query = { limit: 5, longestAnnotations: 12 }
      const shown = [none, short, long].map((each, at) => ({
        digest: each?.manifest.digest,
        annotations: at === 2 ? null : annotations[at],
      }))
      shown.sort((one, other) => ((one.digest ?? "") < (other.digest ?? "") ? -1 : 1))
      expect(await warehouse.referrers(app, subject, query)).toMatchObject(shown)
      expect(await warehouse.listManifests(app, query)).toMatchObject(shown)
      expect(await warehouse.referrers(app, subject, { ...query, limit: 2 })).toMatchObject(shown.slice(0, 2))
      expect(await warehouse.referrers(app, digestFor("none"), query)).toEqual([])
      const [first, second] = shown
      expect(await warehouse.referrers(app, subject, { ...query, after: first?.digest, limit: 1 })).toMatchObject([second])
      expect(await warehouse.referrers(app, subject, { ...query, artifactType: "application/other" })).toEqual([])
    })

    test("repositories that have a blob are named, and what is hosted is weighed, each blob once", async () => {
      const { warehouse } = fresh.database
      const digest = digestFor("shared")
      for (const [name, registry] of [
        ["b", null],
        ["c", "docker.io"],
        ["a", null],
      ] as const) {
        await warehouse.addBlob({ digest, sizeBytes: 7, repositoryId: await repository(name, registry) }, 1)
      }
      await warehouse.addBlob({ digest: digestFor("hosted"), sizeBytes: 20, repositoryId: await repository("a", null) }, 1)
      await warehouse.addBlob({ digest: digestFor("proxied"), sizeBytes: 300, repositoryId: await repository("c") }, 1)
      expect(await warehouse.repositoriesOf(digest, 10)).toEqual(["a", "b", "c"])
      expect(await warehouse.repositoriesOf(digest, 2)).toEqual(["a", "b"])
      expect(await warehouse.repositoriesOf(digestFor("none"), 2)).toEqual([])
      expect(await warehouse.hostedBytes()).toBe(27)
      await warehouse.forgetBlob(digest)
      expect(await warehouse.hostedBytes()).toBe(20)
    })

    test("nothing is hosted where nothing is", async () => {
      expect(await fresh.database.warehouse.hostedBytes()).toBe(0)
    })

    test("looks after the warehouse are noted as they go, the newest first, and the oldest forgotten", async () => {
      const { careRuns } = fresh.database
      expect(await careRuns.list(10)).toEqual([])
      const first = await careRuns.begin({ kind: "scrub", by: "ann" }, 5)
      const begun = { id: first, kind: "scrub", by: "ann", startedAt: 5, endedAt: null, findings: "{}", error: null }
      expect(await careRuns.list(10)).toEqual([begun])
      await careRuns.note(first, {})
      await careRuns.note(first, { findings: '{"blobs":3}' })
      const second = await careRuns.begin({ kind: "garbage", by: "" }, 6)
      await careRuns.note(first, { endedAt: 9, error: "the disk is full" })
      const ended = { ...begun, findings: '{"blobs":3}', endedAt: 9, error: "the disk is full" }
      const other = { ...begun, id: second, kind: "garbage", by: "", startedAt: 6 }
      expect(await careRuns.list(10)).toEqual([other, ended])
      expect(await careRuns.list(1)).toEqual([other])
      await careRuns.prune(2)
      expect(await careRuns.list(10)).toHaveLength(2)
      await careRuns.prune(1)
      expect(await careRuns.list(10)).toEqual([other])
      expect(await careRuns.remove(first)).toBe(false)
      expect(await careRuns.remove(second)).toBe(true)
      expect(await careRuns.list(10)).toEqual([])
    })
  })
}
