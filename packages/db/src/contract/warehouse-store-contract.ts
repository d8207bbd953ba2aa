import { describe, expect, test } from "vitest"
import type { MakeStorage } from "../database.fixture.ts"
import { ProjectNotEmpty } from "../stores.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"
import { digestFor, imageOf, indexOf, pushed } from "./warehouse-contents.fixture.ts"

/** What every dialect keeps of repositories, manifests, tags and uploads. */
export function warehouseStoreContract(makeStorage: MakeStorage): void {
  describe("the warehouse", () => {
    const fresh = freshStorage(makeStorage)

    const proxied = async (name = "docker.io/library/nginx") =>
      (await fresh.database.warehouse.ensureRepository({ name, projectId: null, registry: "docker.io" }, 1)).id

    test("a repository is made once, by whoever asks first", async () => {
      const { warehouse } = fresh.database
      const other = await fresh.storage.open()
      const wanted = { name: "docker.io/library/nginx", projectId: null, registry: "docker.io" }
      expect(await warehouse.repository(wanted.name)).toBeUndefined()
      const made = await Promise.all([fresh.database, other].map((each) => each.warehouse.ensureRepository(wanted, 5)))
      const repository = { ...wanted, id: made[0]?.id, shared: false, createdAt: 5, usedAt: 5 }
      expect(made).toEqual([repository, repository])
      expect(await warehouse.ensureRepository({ ...wanted, registry: "ghcr.io" }, 6)).toEqual(repository)
      await warehouse.setShared(repository.id ?? 0, true)
      expect(await warehouse.repository(wanted.name)).toEqual({ ...repository, shared: true })
    })

    test("repositories are listed in the order of their bytes, of all, of a project, or of a registry", async () => {
      const { warehouse, projects } = fresh.database
      const { id: projectId } = await projects.create({ name: "team", ownerId: 1, targetId: null, path: "team" }, 1)
      for (const name of ["team/b", "team/B", "team/a-1", "team/a/1"]) {
        await warehouse.ensureRepository({ name, projectId, registry: null }, 1)
      }
      await proxied("docker.io/library/nginx")
      const names = async (query: object) => (await warehouse.listRepositories({ limit: 10, ...query })).map((each) => each.name)
      expect(await names({})).toEqual(["docker.io/library/nginx", "team/B", "team/a-1", "team/a/1", "team/b"])
      expect(await names({ limit: 2, after: "docker.io/library/nginx" })).toEqual(["team/B", "team/a-1"])
      expect(await names({ projectId, after: "team/a-1" })).toEqual(["team/a/1", "team/b"])
      expect(await names({ registry: "docker.io" })).toEqual(["docker.io/library/nginx"])
      const removal = projects.remove(projectId)
      await expect(removal).rejects.toBeInstanceOf(ProjectNotEmpty)
      await expect(removal).rejects.toThrow('the project still has repositories, like "team/B"')
      for (const { id } of await warehouse.listRepositories({ projectId, limit: 10 })) await warehouse.removeRepository(id)
      expect(await projects.remove(projectId)).toBe(true)
    })

    test("a manifest that is read through is kept with its bytes, what it names, and its tag", async () => {
      const { warehouse } = fresh.database
      const repositoryId = await proxied()
      const image = imageOf("nginx", { layers: ["one", "two"], annotations: { title: "nginx" } })
      const put = { repositoryId, ...image, tag: "latest", complete: false }
      expect(await warehouse.putManifest(put, 10)).toEqual({ missing: [] })
      const { digest } = image.manifest
      const stored = { ...image.manifest, createdAt: 10, usedAt: 10 }
      expect(await warehouse.manifest(repositoryId, digest)).toEqual({ ...stored, bytes: image.bytes })
      expect(await warehouse.manifestRecord(repositoryId, digest)).toEqual(stored)
      expect(await warehouse.tag(repositoryId, "latest")).toEqual({ name: "latest", digest, checkedAt: 10, updatedAt: 10 })
      expect(new Set(await warehouse.referencesOf(digest))).toEqual(new Set(image.references))
      expect(await warehouse.putManifest(put, 20)).toEqual({ missing: [] })
      expect(await warehouse.manifestRecord(repositoryId, digest)).toEqual({ ...stored, usedAt: 20 })
      expect(await warehouse.tag(repositoryId, "latest")).toEqual({ name: "latest", digest, checkedAt: 20, updatedAt: 10 })
    })

    test("S10: a pushed manifest whose blobs or manifests are not all here is refused, and leaves nothing", async () => {
      const { warehouse } = fresh.database
      const [repositoryId, elsewhere] = [await proxied("team/app"), await proxied("team/other")]
      const image = imageOf("app", { layers: ["one", "two"], foreign: ["windows"] })
      const [config, one, two] = image.references.filter(({ kind }) => kind === "blob")
      if (!config || !one || !two) throw new Error("an image names three blobs")
      // Linked without bytes, bytes without a link here, and neither.
      await warehouse.link(repositoryId, config.digest, 1)
      await warehouse.addBlob({ ...one, repositoryId: elsewhere }, 1)
      const put = { repositoryId, ...image, tag: "latest", complete: true }
      expect(await warehouse.putManifest(put, 2)).toEqual({ missing: [config, one, two] })
      expect(await warehouse.usage()).toEqual({ blobs: 1, bytes: one.sizeBytes, repositories: 2, manifests: 0 })
      expect(await warehouse.tag(repositoryId, "latest")).toBeUndefined()
      expect(await warehouse.referencesOf(image.manifest.digest)).toEqual([])
      for (const { digest, sizeBytes } of [config, one, two]) await warehouse.addBlob({ digest, sizeBytes, repositoryId }, 3)
      expect(await warehouse.putManifest(put, 4)).toEqual({ missing: [] })

      const stranger = imageOf("stranger")
      const index = indexOf("index", [image, stranger])
      const whole = { repositoryId, ...index, complete: true }
      expect(await warehouse.putManifest(whole, 5)).toEqual({ missing: [index.references[1]] })
      await pushed(fresh.database, elsewhere, stranger)
      expect(await warehouse.putManifest(whole, 6)).toEqual({ missing: [index.references[1]] })
      await pushed(fresh.database, repositoryId, stranger)
      expect(await warehouse.putManifest(whole, 7)).toEqual({ missing: [] })
    })

    test("S10: a tag points at a manifest of its repository, or is not there", async () => {
      const { warehouse } = fresh.database
      const [repositoryId, elsewhere] = [await proxied("team/app"), await proxied("team/other")]
      const [first, second] = [imageOf("first"), imageOf("second")]
      await pushed(fresh.database, repositoryId, first, "v1")
      await pushed(fresh.database, elsewhere, second, "v1")
      expect(await warehouse.setTag(repositoryId, "v2", second.manifest.digest, 5)).toBe(false)
      expect(await warehouse.tag(repositoryId, "v2")).toBeUndefined()
      expect(await warehouse.setTag(repositoryId, "v2", first.manifest.digest, 5)).toBe(true)
      await pushed(fresh.database, repositoryId, second)
      expect(await warehouse.setTag(repositoryId, "v2", second.manifest.digest, 6)).toBe(true)
      await warehouse.touchTag(repositoryId, "v2", 9)
      await warehouse.touchTag(repositoryId, "v2", 8)
      const v2 = { name: "v2", digest: second.manifest.digest, checkedAt: 9, updatedAt: 6 }
      expect(await warehouse.tag(repositoryId, "v2")).toEqual(v2)
      expect(await warehouse.deleteManifest(repositoryId, first.manifest.digest)).toBe(true)
      expect(await warehouse.listTags(repositoryId, { limit: 10 })).toEqual([v2])
      expect(await warehouse.deleteManifest(repositoryId, first.manifest.digest)).toBe(false)
      expect(await warehouse.tag(elsewhere, "v1")).toMatchObject({ digest: second.manifest.digest })
    })

    test("tags are listed in the order of their bytes, and go without their manifest", async () => {
      const { warehouse } = fresh.database
      const repositoryId = await proxied()
      const image = imageOf("nginx")
      for (const tag of ["latest", "1.9", "1.10", "Stable", "1_0"]) await pushed(fresh.database, repositoryId, image, tag)
      const names = async (query: object) =>
        (await warehouse.listTags(repositoryId, { limit: 10, ...query })).map(({ name }) => name)
      expect(await names({})).toEqual(["1.10", "1.9", "1_0", "Stable", "latest"])
      expect(await names({ after: "1.9", limit: 2 })).toEqual(["1_0", "Stable"])
      expect(await warehouse.deleteTag(repositoryId, "1.9")).toBe(true)
      expect(await warehouse.deleteTag(repositoryId, "1.9")).toBe(false)
      expect(await warehouse.manifestRecord(repositoryId, image.manifest.digest)).toBeDefined()
    })

    test("bytes and references of a manifest are kept as long as one repository has it", async () => {
      const { warehouse } = fresh.database
      const [one, other] = [await proxied("docker.io/one"), await proxied("docker.io/other")]
      const image = imageOf("both")
      for (const repositoryId of [one, other]) await pushed(fresh.database, repositoryId, image, "latest")
      const { digest } = image.manifest
      await warehouse.deleteManifest(one, digest)
      expect(await warehouse.manifest(one, digest)).toBeUndefined()
      expect((await warehouse.manifest(other, digest))?.bytes).toEqual(image.bytes)
      expect(await warehouse.referencesOf(digest)).toHaveLength(image.references.length)
      expect(await warehouse.removeRepository(other)).toBe(true)
      expect(await warehouse.removeRepository(other)).toBe(false)
      expect(await warehouse.referencesOf(digest)).toEqual([])
      expect(await warehouse.tag(other, "latest")).toBeUndefined()
      expect(await warehouse.usage()).toMatchObject({ manifests: 0, repositories: 1, blobs: image.references.length })
    })

    test("manifests are listed by digest, and referrers are those of one subject in one repository", async () => {
      const { warehouse } = fresh.database
      const [repositoryId, elsewhere] = [await proxied("team/app"), await proxied("team/other")]
      const subject = digestFor("subject")
      const signed = ["a", "b", "c"].map((name) => imageOf(name, { subject, artifactType: "application/x" }))
      for (const image of [...signed, imageOf("plain")]) await pushed(fresh.database, repositoryId, image)
      await pushed(fresh.database, elsewhere, imageOf("d", { subject }))
      const digests = (images: readonly { readonly manifest: { readonly digest: string } }[]) =>
        images.map(({ manifest }) => manifest.digest).sort()
      const found = await warehouse.referrers(repositoryId, subject, { limit: 10, longestAnnotations: 100 })
      expect(found.map(({ digest }) => digest)).toEqual(digests(signed))
      expect(found[0]).toMatchObject({ artifactType: "application/x", subject })
      const all = digests([...signed, imageOf("plain")])
      const page = async (query: object) =>
        (await warehouse.listManifests(repositoryId, { limit: 10, longestAnnotations: 100, ...query })).map(
          ({ digest }) => digest,
        )
      expect(await page({})).toEqual(all)
      expect(await page({ after: all[0], limit: 2 })).toEqual(all.slice(1, 3))
    })

    test("an upload belongs to its repository, and goes with it", async () => {
      const { warehouse } = fresh.database
      const [one, other] = [await proxied("team/one"), await proxied("team/other")]
      const upload = { id: "u1", repositoryId: one, algorithm: "sha512", startedAt: 5 } as const
      await warehouse.createUpload(upload)
      await warehouse.createUpload({ ...upload, id: "u2", repositoryId: other, startedAt: 6 })
      expect(await warehouse.upload(one, "u1")).toEqual(upload)
      expect(await warehouse.upload(other, "u1")).toBeUndefined()
      expect(await warehouse.listUploads(6, 10)).toEqual([upload])
      expect((await warehouse.listUploads(7, 1)).map(({ id }) => id)).toEqual(["u1"])
      expect(await warehouse.removeUpload("u1")).toBe(true)
      expect(await warehouse.removeUpload("u1")).toBe(false)
      await warehouse.removeRepository(other)
      expect(await warehouse.listUploads(9, 10)).toEqual([])
    })
  })
}
