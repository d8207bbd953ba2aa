import { image } from "@entrepot/testing"
import { describe, expect, test } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import { registry, smallImage } from "../jobs/jobs.fixture.ts"
import { soon, testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import type { Runtime } from "../runtime/runtime.ts"
import { person } from "../targets/targets.fixture.ts"

/** Administrator, two operators and a viewer who have accounts. */
async function people({ database }: Runtime) {
  const made = async (role: "operator" | "viewer", name: string): Promise<Actor> => {
    const { id } = await database.users.create({ name, role, passwordHash: null }, 0)
    return person(id, role)
  }
  return {
    admin: person(1, "admin"),
    ann: await made("operator", "ann"),
    bob: await made("operator", "bob"),
    viewer: await made("viewer", "vic"),
  }
}

/** Refuses connections. */
const nowhere = "127.0.0.1:1"
const notFound = { code: "not_found", message: "there is no such project" }

describe("an import (seed 1)", () => {
  test("copies the image below the project's place at its target, with the source's name and tag", async () => {
    const app = smallImage("import")
    const source = await registry({ images: { "owner/repo:v1.0.0": app } })
    const target = await registry()
    const runtime = await testRuntime()
    const { admin, ann, bob } = await people(runtime)
    const { projects, targets, jobs } = runtime.services
    const { id } = await targets.create(admin, { name: "t", address: target.host, shared: true })
    const project = await projects.create(admin, { name: "team", targetId: id })
    expect(project).toMatchObject({ name: "team", path: "team", targetId: id, ownerId: 1 })
    const job = await projects.importImage(ann, "team", { sourceUrl: `${source.host}/owner/repo:v1.0.0` })
    expect(job).toMatchObject({ ownerId: ann.userId, target: `${target.host}/team/repo:v1.0.0`, targetId: id })
    expect(await jobs.ended(ann, job.id, soon())).toMatchObject({ state: "succeeded" })
    expect(target.holds("team/repo:v1.0.0", app)).toBe(true)

    const other = await projects.importImage(ann, String(project.id), {
      sourceUrl: `${source.host}/owner/repo:v1.0.0`,
      targetImage: "sub/app",
      targetTag: "stable",
    })
    expect(other.target).toBe(`${target.host}/team/sub/app:stable`)
    await jobs.start(ann, {
      image: `${source.host}/owner/repo:v1.0.0`,
      target: { targetId: id },
      targetImage: "teamwork/x:1",
    })
    const page = await projects.imports(ann, "team", { limit: 1 })
    expect([page.jobs.map((each) => each.id), page.next]).toEqual([[other.id], other.id])
    const rest = await projects.imports(ann, "team", { limit: 1, before: other.id })
    expect([rest.jobs.map((each) => each.id), rest.next]).toEqual([[job.id], null])
    expect((await projects.imports(admin, "team", { limit: 9 })).jobs).toHaveLength(2)
    expect((await projects.imports(bob, "team", { limit: 9 })).jobs).toEqual([])
    expect((await projects.getImport(ann, "team", job.id)).id).toBe(job.id)
  })

  test("goes on with the login that was given for the source", async () => {
    const source = await registry({ images: { "private/app:1": image({ seed: "private" }) }, auth: { basic: { user: "token" } } })
    const target = await registry()
    const runtime = await testRuntime()
    const { admin } = await people(runtime)
    const { projects, targets, jobs } = runtime.services
    const { id } = await targets.create(admin, { name: "t", address: target.host })
    await projects.create(admin, { name: "team", targetId: id, path: "" })
    const auth = { username: "user", password: "token" }
    const job = await projects.importImage(admin, "team", { sourceUrl: `${source.host}/private/app:1`, auth })
    expect(job.target).toBe(`${target.host}/app:1`)
    expect(await jobs.ended(admin, job.id, soon())).toMatchObject({ state: "succeeded" })
  })

  test("without a target of the project goes below the default one", async () => {
    const configuration = testConfiguration(await testDirectory(), { defaultTarget: { address: `${nowhere}/mirror` } })
    const runtime = await testRuntime(configuration)
    const { admin } = await people(runtime)
    const { projects, jobs } = runtime.services
    await projects.create(admin, { name: "team", path: "a/b" })
    const job = await projects.importImage(admin, "team", { sourceUrl: `${nowhere}/nginx` })
    await jobs.cancel(admin, job.id)
    expect(job.target).toBe(`${nowhere}/mirror/a/b/nginx:latest`)
    expect((await projects.imports(admin, "team", { limit: 9 })).jobs.map(({ id }) => id)).toEqual([job.id])
  })

  test("without any target goes into the embedded registry, for those who have a place in the project", async () => {
    const source = await registry({ images: { "library/app:1": image({ seed: "embedded" }) } })
    const runtime = await testRuntime()
    const { admin, ann } = await people(runtime)
    const { projects, jobs } = runtime.services
    const { id } = await projects.create(admin, { name: "team" })
    const request = { sourceUrl: `${source.host}/library/app:1` }
    await expect(projects.importImage(ann, "team", request)).rejects.toMatchObject(notFound)
    await runtime.database.projectMembers.put({ projectId: id, kind: "web-user", memberId: ann.userId, role: "pull" })
    await expect(projects.importImage(ann, "team", request)).rejects.toMatchObject({
      code: "forbidden",
      message: "you have no place in project team from which to push",
    })
    await runtime.database.projectMembers.put({ projectId: id, kind: "web-user", memberId: ann.userId, role: "push" })
    const job = await projects.importImage(ann, "team", request)
    expect(await jobs.ended(ann, job.id, soon())).toMatchObject({ state: "succeeded", target: "127.0.0.1:8080/team/app:1" })
    expect((await projects.imports(ann, "team", { limit: 9 })).jobs.map((each) => each.id)).toEqual([job.id])
    expect(await runtime.database.warehouse.repository("team/app")).toMatchObject({ projectId: id, registry: null })
  })

  test("through a target that is not shared is its owner's alone, and says so", async () => {
    const runtime = await testRuntime()
    const { admin, ann } = await people(runtime)
    const { projects, targets } = runtime.services
    const { id } = await targets.create(admin, { name: "t", address: "harbor.example.com" })
    await projects.create(admin, { name: "team", targetId: id })
    await expect(projects.importImage(ann, "team", { sourceUrl: "nginx" })).rejects.toMatchObject({
      code: "unavailable",
      message: "the target of project team is not shared with you: its owner or an administrator can share it",
    })
  })

  test.each([
    [{ sourceUrl: "Nginx" }, '"Nginx" is not an image name: repository names are lowercase'],
    [{ sourceUrl: "nginx", targetImage: "../other/x" }, "is not an image name"],
    [{ sourceUrl: "nginx", targetImage: "x:1" }, "is not an image name"],
    [{ sourceUrl: "nginx", targetImage: "" }, "is not an image name"],
    [{ sourceUrl: "nginx", targetTag: "a b" }, "is not an image name"],
  ])("of %j is refused", async (request, message) => {
    const runtime = await testRuntime()
    const { admin } = await people(runtime)
    const { projects, targets } = runtime.services
    const { id } = await targets.create(admin, { name: "t", address: "harbor.example.com" })
    await projects.create(admin, { name: "team", targetId: id })
    const refused = projects.importImage(admin, "team", request)
    await expect(refused).rejects.toMatchObject({ code: "reference_invalid", message: expect.stringContaining(message) })
    expect((await runtime.services.jobs.list(admin, { limit: 9 })).jobs).toEqual([])
  })
})

describe("who may what", () => {
  test("S13: imports of another project and jobs of others are not found", async () => {
    const runtime = await testRuntime()
    const { admin, ann, bob } = await people(runtime)
    const { projects, targets, jobs } = runtime.services
    const { id } = await targets.create(admin, { name: "t", address: nowhere, shared: true })
    for (const name of ["one", "two"]) await projects.create(admin, { name, targetId: id })
    const job = await projects.importImage(ann, "one", { sourceUrl: `${nowhere}/nginx` })
    await jobs.cancel(ann, job.id)
    expect((await projects.getImport(ann, "one", job.id)).id).toBe(job.id)
    await expect(projects.getImport(ann, "two", job.id)).rejects.toMatchObject({
      code: "not_found",
      message: "this project has no such import",
    })
    await expect(projects.getImport(bob, "one", job.id)).rejects.toMatchObject({ code: "not_found" })
    await expect(projects.getImport(ann, "three", job.id)).rejects.toMatchObject(notFound)
  })

  test("S13: a private project in this registry is there for its owner, its members and administrators alone", async () => {
    const runtime = await testRuntime()
    const { admin, ann, bob, viewer } = await people(runtime)
    const { projects, targets } = runtime.services
    const { id: targetId } = await targets.create(admin, { name: "t", address: "harbor.example.com", shared: true })
    const { id } = await projects.create(admin, { name: "secret" })
    await projects.create(admin, { name: "elsewhere", targetId })
    await projects.create(admin, { name: "open", isPublic: true })
    await runtime.database.projectMembers.put({ projectId: id, kind: "web-user", memberId: ann.userId, role: "pull" })
    const seen = async (actor: Actor) => (await projects.list(actor)).map(({ name }) => name).toSorted()
    for (const actor of [admin, ann]) {
      expect(await seen(actor)).toEqual(["elsewhere", "open", "proxy", "secret"])
      expect((await projects.get(actor, "secret")).id).toBe(id)
    }
    for (const actor of [bob, viewer]) {
      expect(await seen(actor)).toEqual(["elsewhere", "open", "proxy"])
      for (const key of ["secret", String(id)]) await expect(projects.get(actor, key)).rejects.toMatchObject(notFound)
      await expect(projects.imports(actor, "secret", { limit: 9 })).rejects.toMatchObject(notFound)
    }
  })

  test("administrators make projects, operators import", async () => {
    const runtime = await testRuntime()
    const { admin, ann, viewer } = await people(runtime)
    const { projects } = runtime.services
    const { id } = await projects.create(admin, { name: "team", isPublic: true })
    for (const actor of [ann, viewer]) {
      expect((await projects.list(actor)).map(({ name }) => name)).toEqual(["proxy", "team"])
      const forbidden = { code: "forbidden" }
      await expect(projects.create(actor, { name: "mine" })).rejects.toMatchObject(forbidden)
      await expect(projects.update(actor, id, { path: "x" })).rejects.toMatchObject(forbidden)
      await expect(projects.remove(actor, id)).rejects.toMatchObject(forbidden)
    }
    await expect(projects.importImage(viewer, "team", { sourceUrl: "nginx" })).rejects.toMatchObject({ code: "forbidden" })
    await expect(projects.list({ ...admin, mustChange: true })).rejects.toMatchObject({ code: "token_change_required" })
    expect((await projects.update(admin, id, { path: "x/y" })).path).toBe("x/y")
    await projects.remove(admin, id)
    await expect(projects.get(admin, "team")).rejects.toMatchObject(notFound)
    await expect(projects.update(admin, id, { path: "x" })).rejects.toMatchObject(notFound)
  })

  test("a project's name is part of an image's name", async () => {
    const runtime = await testRuntime()
    for (const name of ["", "Team", "a/b", "-a", "a..b", "123", "a ", "x".repeat(129)]) {
      await expect(runtime.services.projects.create(person(1, "admin"), { name, path: "ok" }), name).rejects.toMatchObject({
        code: "invalid",
        message:
          "a project is named like a part of an image name: at most 128 of a-z and 0-9, with _ or - between them, and not a number",
      })
    }
  })

  test("S6: a registry's name is no project's", async () => {
    const runtime = await testRuntime()
    for (const name of ["docker.io", "a.b", "localhost", "library", "v2"]) {
      await expect(runtime.services.projects.create(person(1, "admin"), { name }), name).rejects.toMatchObject({
        code: "invalid",
        message: `a project cannot be called ${name}: images of other registries are asked for by that name`,
      })
    }
  })

  test("S6: a project of old that is called like a registry has images elsewhere, and none here", async () => {
    const target = await registry()
    const runtime = await testRuntime()
    const { admin } = await people(runtime)
    const { projects, targets, jobs } = runtime.services
    const { id } = await targets.create(admin, { name: "t", address: target.host })
    const old = await runtime.database.projects.create({ name: "ghcr.io", ownerId: 1, targetId: id, path: "team" }, 0)
    const job = await projects.importImage(admin, "ghcr.io", { sourceUrl: `${nowhere}/nginx` })
    await jobs.cancel(admin, job.id)
    expect(job.target).toBe(`${target.host}/team/nginx:latest`)
    await projects.update(admin, old.id, { targetId: null })
    await expect(projects.importImage(admin, "ghcr.io", { sourceUrl: `${nowhere}/nginx` })).rejects.toMatchObject({
      code: "not_found",
      message: "images of project ghcr.io cannot be here: other registries' images are asked for by that name",
    })
  })

  test("a name is taken once, a path is one, a target has to be there", async () => {
    const runtime = await testRuntime()
    const { projects } = runtime.services
    const admin = person(1, "admin")
    await projects.create(admin, { name: "team" })
    await expect(projects.create(admin, { name: "team" })).rejects.toMatchObject({
      code: "conflict",
      message: "there is a project team already",
    })
    await expect(projects.create(admin, { name: "other", path: "a//b" })).rejects.toMatchObject({
      code: "invalid",
      message: "a project's path is written like the path of an image: team/app",
    })
    await expect(projects.create(admin, { name: "other", targetId: 99 })).rejects.toMatchObject({ code: "not_found" })
  })
})
