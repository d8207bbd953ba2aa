import { image } from "@entrepot/testing"
import { expect, test } from "vitest"
import { registry } from "../../jobs/jobs.fixture.ts"
import { soon, testActor, testRuntime } from "../../runtime/runtime.fixture.ts"

const app = image({ seed: "administration", layers: [{ sizeBytes: 50_000 }] })
const { digest } = app.descriptor

/** An image in the private project `team`, another one in `proxy`, and a repository that was read through with somebody's own login. */
async function filled() {
  const source = await registry({ images: { "team/app:1": app } })
  const runtime = await testRuntime()
  const { jobs, projects } = runtime.services
  const admin = await testActor(runtime, "admin")
  const team = await projects.create(admin, { name: "team" })
  for (const targetImage of ["127.0.0.1:8080/team/app:1", "127.0.0.1:8080/proxy/app:1"]) {
    const job = await jobs.start(admin, { image: `${source.host}/team/app:1`, targetImage })
    expect(await jobs.ended(admin, job.id, soon())).toMatchObject({ state: "succeeded" })
  }
  const { warehouse } = runtime.database
  const own = await warehouse.ensureRepository({ name: "docker.io/own/app", projectId: null, registry: "docker.io" }, 1)
  await warehouse.setShared(own.id, false)
  const ann = await testActor(runtime, "operator", "ann")
  return { runtime, admin, ann, team, service: runtime.services.registry }
}

test("S6: private projects and what somebody's own login has read are seen by those alone who may", async () => {
  const { runtime, admin, ann, team, service } = await filled()
  const names = async (actor: typeof ann) => {
    const { repositories } = await service.repositories(actor, { limit: 10 })
    return repositories.map(({ name }) => name)
  }
  const notFound = { code: "not_found", message: "there is no such repository" }
  expect(await names(admin)).toEqual(["docker.io/own/app", "proxy/app", "team/app"])
  expect(await names(ann)).toEqual(["proxy/app"])
  for (const repository of ["team/app", "docker.io/own/app", "nowhere/app"]) {
    await expect(service.tags(ann, { repository, limit: 10 })).rejects.toMatchObject(notFound)
    await expect(service.manifests(ann, { repository, limit: 10 })).rejects.toMatchObject(notFound)
    await expect(service.removeManifest(ann, repository, "1")).rejects.toMatchObject(notFound)
    await expect(service.removeRepository(ann, repository)).rejects.toMatchObject(notFound)
  }
  await expect(service.repositories(ann, { limit: 10, project: "team" })).rejects.toMatchObject({ code: "not_found" })
  await runtime.services.pullAccess.putMember(admin, {
    ...{ projectId: team.id, kind: "web-user", memberId: ann.userId, role: "pull" },
  })
  expect(await names(ann)).toEqual(["proxy/app", "team/app"])
  expect((await service.tags(ann, { repository: "team/app", limit: 10 })).tags).toMatchObject([{ name: "1", digest }])
  await expect(service.removeManifest(ann, "team/app", "1")).rejects.toMatchObject({
    code: "forbidden",
    message: "only an administrator, or one of the project, removes what is in it",
  })
})

test("repositories come in pages, and within one project", async () => {
  const { admin, service } = await filled()
  const first = await service.repositories(admin, { limit: 2 })
  expect(first.next).toBe("proxy/app")
  const second = await service.repositories(admin, { limit: 2, after: first.next ?? "" })
  expect([second.repositories.map(({ name }) => name), second.next]).toEqual([["team/app"], null])
  const { repositories } = await service.repositories(admin, { limit: 9, project: "team" })
  const bytes = [...app.blobs.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, app.manifest.length)
  expect(repositories).toMatchObject([{ name: "team/app", tags: 1, manifests: 1, bytes }])
})

test("repositories and tags are found by a part of their names, whatever its case", async () => {
  const { ann, admin, service } = await filled()
  const found = async (actor: typeof ann, search: string) => {
    const page = await service.repositories(actor, { limit: 1, search })
    return [page.repositories.map(({ name }) => name), page.next]
  }
  expect(await found(admin, "Y/AP")).toEqual([["proxy/app"], null])
  expect(await found(admin, "app")).toEqual([["docker.io/own/app"], "docker.io/own/app"])
  expect(await found(ann, "app")).toEqual([["proxy/app"], null])
  expect(await found(admin, "%")).toEqual([[], null])
  const tags = async (search: string) => (await service.tags(admin, { repository: "team/app", limit: 9, search })).tags.length
  expect([await tags("1"), await tags("2")]).toEqual([1, 0])
})

test("a tag goes alone, a manifest with its tags, and what nothing needs any more is collected", async () => {
  const { admin, service } = await filled()
  await service.removeManifest(admin, "team/app", "1")
  expect((await service.tags(admin, { repository: "team/app", limit: 9 })).tags).toEqual([])
  expect((await service.manifests(admin, { repository: "team/app", limit: 9 })).manifests).toMatchObject([{ digest }])
  await service.removeManifest(admin, "proxy/app", digest)
  expect((await service.tags(admin, { repository: "proxy/app", limit: 9 })).tags).toEqual([])
  await expect(service.removeManifest(admin, "proxy/app", digest)).rejects.toMatchObject({
    code: "not_found",
    message: "there is no such tag or manifest",
  })
  await service.removeRepository(admin, "team/app")
  await expect(service.removeRepository(admin, "team/app")).rejects.toMatchObject({ code: "not_found" })
  expect(await service.usage(admin)).toMatchObject({ repositories: 2, manifests: 0, quotaBytes: null })
})
