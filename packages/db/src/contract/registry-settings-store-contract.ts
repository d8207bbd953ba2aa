import { describe, expect, test } from "vitest"
import type { MakeStorage } from "../database.fixture.ts"
import { NameTaken } from "../stores.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"

const upstream = {
  name: "Docker Hub",
  registry: "docker.io",
  url: "https://registry-1.docker.io",
  pathPrefix: "",
  priority: 10,
  enabled: true,
  virtualHosts: ["hub.example.com"],
  tagLifetimeMs: null,
  tlsVerify: true,
  ca: null,
  username: "robot",
  sealed: "v1.abc",
  version: 1,
}

/** What every dialect keeps of upstreams, pull users, rules and members. */
export function registrySettingsStoreContract(makeStorage: MakeStorage): void {
  describe("settings of the registry", () => {
    const fresh = freshStorage(makeStorage)

    test("an upstream has a name of its own, is changed and removed", async () => {
      const { upstreams } = fresh.database
      const made = await upstreams.create(upstream, 1)
      expect(made).toEqual({ ...upstream, id: 1, createdAt: 1, updatedAt: 1 })
      const taken = upstreams.create(upstream, 2)
      await expect(taken).rejects.toBeInstanceOf(NameTaken)
      await expect(taken).rejects.toThrow('there is an upstream "Docker Hub" already')
      const other = await upstreams.create({ ...upstream, name: "mirror" }, 2)
      await expect(upstreams.update(other.id, { name: "Docker Hub" }, 3)).rejects.toBeInstanceOf(NameTaken)
      const changed = { ...other, name: "Mirror", virtualHosts: [], sealed: null, enabled: false, version: 2, updatedAt: 4 }
      const changes = { name: "Mirror", virtualHosts: [], sealed: null, enabled: false, version: 2 }
      expect(await upstreams.update(other.id, changes, 4)).toEqual(changed)
      expect(await upstreams.get(other.id)).toEqual(changed)
      expect(await upstreams.update(99, {}, 5)).toBeUndefined()
      expect(await upstreams.remove(made.id)).toBe(true)
      expect(await upstreams.remove(made.id)).toBe(false)
      expect(await upstreams.get(made.id)).toBeUndefined()
    })

    test("upstreams are listed by registry, then priority, then number", async () => {
      const { upstreams } = fresh.database
      const wanted = [
        ["d", "quay.io", 1],
        ["c", "docker.io", 20],
        ["b", "docker.io", 10],
        ["a", "docker.io", 10],
      ] as const
      for (const [name, registry, priority] of wanted) await upstreams.create({ ...upstream, name, registry, priority }, 1)
      expect((await upstreams.list()).map(({ name }) => name)).toEqual(["b", "a", "c", "d"])
    })

    test("a pull user has a name of its own, is changed and removed", async () => {
      const { pullUsers } = fresh.database
      const made = await pullUsers.create({ name: "ci", passwordHash: "scrypt$1" }, 1)
      expect(made).toEqual({ id: 1, name: "ci", passwordHash: "scrypt$1", disabled: false, createdAt: 1, updatedAt: 1 })
      const taken = pullUsers.create({ name: "ci", passwordHash: "" }, 2)
      await expect(taken).rejects.toBeInstanceOf(NameTaken)
      await expect(taken).rejects.toThrow('there is a pull user "ci" already')
      expect(await pullUsers.update(made.id, { disabled: true }, 3)).toBe(true)
      expect(await pullUsers.update(made.id, { passwordHash: "scrypt$2" }, 4)).toBe(true)
      expect(await pullUsers.update(99, { disabled: true }, 4)).toBe(false)
      const changed = { ...made, disabled: true, passwordHash: "scrypt$2", updatedAt: 4 }
      expect(await pullUsers.byName("ci")).toEqual(changed)
      expect(await pullUsers.byName("CI")).toBeUndefined()
      expect(await pullUsers.get(made.id)).toEqual(changed)
      expect(await pullUsers.list()).toEqual([changed])
      expect(await pullUsers.remove(made.id)).toBe(true)
      expect(await pullUsers.remove(made.id)).toBe(false)
    })

    test("a prefix is allowed once and denied once", async () => {
      const { accessRules } = fresh.database
      const allow = await accessRules.create({ effect: "allow", prefix: "team" }, 1)
      expect(allow).toEqual({ id: 1, effect: "allow", prefix: "team", createdAt: 1 })
      const taken = accessRules.create({ effect: "allow", prefix: "team" }, 2)
      await expect(taken).rejects.toBeInstanceOf(NameTaken)
      await expect(taken).rejects.toThrow('there is a rule to allow "team" already')
      const deny = await accessRules.create({ effect: "deny", prefix: "team" }, 3)
      expect(await accessRules.list()).toEqual([allow, deny])
      expect(await accessRules.list("deny")).toEqual([deny])
      expect(await accessRules.remove(allow.id)).toBe(true)
      expect(await accessRules.remove(allow.id)).toBe(false)
    })

    test("a place in a project is somebody's who is there, and goes with person and project", async () => {
      const { projectMembers, projects, pullUsers, users } = fresh.database
      const [one, two] = await Promise.all(
        ["one", "two"].map((name) => projects.create({ name, ownerId: 1, targetId: null, path: name }, 1)),
      )
      if (!one || !two) throw new Error("two projects were made")
      const puller = await pullUsers.create({ name: "ci", passwordHash: "" }, 1)
      const person = await users.create({ name: "ann", role: "operator", passwordHash: null }, 1)
      const pulls = { projectId: one.id, kind: "pull-user", memberId: puller.id, role: "pull" } as const
      const pushes = { projectId: one.id, kind: "web-user", memberId: person.id, role: "push" } as const
      for (const member of [pulls, pushes, { ...pulls, projectId: two.id }, { ...pushes, projectId: two.id }]) {
        expect(await projectMembers.put(member)).toBe(true)
      }
      expect(await projectMembers.put({ ...pulls, memberId: 99 })).toBe(false)
      expect(await projectMembers.put({ ...pushes, memberId: 99 })).toBe(false)
      expect(await projectMembers.put({ ...pulls, projectId: 99 })).toBe(false)
      expect(await projectMembers.put({ ...pulls, role: "admin" })).toBe(true)
      expect(await projectMembers.list(one.id)).toEqual([{ ...pulls, role: "admin" }, pushes])
      expect(await projectMembers.remove(one.id, "pull-user", puller.id)).toBe(true)
      expect(await projectMembers.remove(one.id, "pull-user", puller.id)).toBe(false)
      await projects.remove(one.id)
      expect(await projectMembers.list()).toHaveLength(2)
      await pullUsers.remove(puller.id)
      expect(await projectMembers.list()).toEqual([{ ...pushes, projectId: two.id }])
      await users.remove(person.id)
      expect(await projectMembers.list()).toEqual([])
    })

    test("a project is private until it is made public", async () => {
      const { projects } = fresh.database
      const project = { name: "team", ownerId: 1, targetId: null, path: "team" }
      const made = await projects.create(project, 1)
      expect(made.isPublic).toBe(false)
      expect((await projects.create({ ...project, name: "open", isPublic: true }, 1)).isPublic).toBe(true)
      await projects.update(made.id, { isPublic: true })
      await projects.update(made.id, { path: "elsewhere" })
      expect(await projects.get(made.id)).toEqual({ ...made, isPublic: true, path: "elsewhere" })
    })
  })
}
