import { describe, expect, test } from "vitest"
import type { MakeStorage } from "../database.fixture.ts"
import { NameTaken, type WebSession } from "../stores.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"

/** What every dialect keeps of users, sessions, keys, and what they did. */
export function accountStoreContract(makeStorage: MakeStorage): void {
  describe("accounts", () => {
    const fresh = freshStorage(makeStorage)

    const createUser = (name = "admin") => fresh.database.users.create({ name, role: "admin", passwordHash: null }, 1)
    const session = (userId: number, idHash = "a"): WebSession => ({
      idHash,
      userId,
      mustChange: true,
      createdAt: 1,
      seenAt: 2,
      address: "127.0.0.1",
    })

    test("a user is found by number and name, and a name is given once", async () => {
      const user = await createUser()
      expect(user).toEqual({
        id: 1,
        name: "admin",
        role: "admin",
        passwordHash: null,
        disabled: false,
        createdAt: 1,
        updatedAt: 1,
      })
      expect(await fresh.database.users.get(1)).toEqual(user)
      expect(await fresh.database.users.byName("admin")).toEqual(user)
      expect(await fresh.database.users.byName("Admin")).toBeUndefined()
      const taken = createUser()
      await expect(taken).rejects.toThrow('there is a user "admin" already')
      await expect(taken).rejects.toBeInstanceOf(NameTaken)
      await createUser("viewer")
      expect((await fresh.database.users.list()).map(({ name }) => name)).toEqual(["admin", "viewer"])
    })

    test("sessions end when role, password or right to log in change, and only then", async () => {
      const user = await createUser()
      const other = await createUser("other")
      await fresh.database.sessions.create(session(other.id, "other"))
      for (const changes of [{ role: "viewer" }, { passwordHash: "scrypt$1" }, { disabled: true }] as const) {
        await fresh.database.sessions.create(session(user.id))
        expect(await fresh.database.users.update(user.id, changes, 5)).toBe(true)
        expect(await fresh.database.sessions.get("a")).toBeUndefined()
        await fresh.database.sessions.create(session(user.id))
        expect(await fresh.database.users.update(user.id, changes, 6)).toBe(true)
        expect(await fresh.database.sessions.get("a")).toBeDefined()
        await fresh.database.sessions.end("a")
      }
      expect(await fresh.database.users.get(user.id)).toMatchObject({
        role: "viewer",
        passwordHash: "scrypt$1",
        disabled: true,
        updatedAt: 6,
      })
      expect(await fresh.database.sessions.get("other")).toBeDefined()
      expect(await fresh.database.users.update(99, { disabled: true }, 7)).toBe(false)
      await fresh.database.users.update(user.id, { passwordHash: null }, 8)
      expect((await fresh.database.users.get(user.id))?.passwordHash).toBeNull()
    })

    test("a session is touched, ended alone, with its user's, with all, or by age", async () => {
      const [one, two] = [await createUser("one"), await createUser("two")]
      const { sessions } = fresh.database
      await sessions.create(session(one.id, "a"))
      expect(await sessions.get("a")).toEqual(session(one.id, "a"))
      await sessions.touch("a", 50)
      expect((await sessions.get("a"))?.seenAt).toBe(50)
      await sessions.create(session(one.id, "b"))
      await sessions.create(session(two.id, "c"))
      await sessions.create({ ...session(two.id, "d"), createdAt: 40, seenAt: 40 })
      await sessions.sweep(3, 1)
      expect(await Promise.all(["a", "b", "c", "d"].map(async (id) => (await sessions.get(id)) !== undefined))).toEqual([
        true,
        false,
        false,
        true,
      ])
      await sessions.sweep(0, 2)
      expect(await sessions.get("a")).toBeUndefined()
      await sessions.create(session(one.id, "e"))
      await sessions.endAllOf(two.id)
      expect([await sessions.get("d"), (await sessions.get("e"))?.idHash]).toEqual([undefined, "e"])
      await sessions.endAll()
      expect(await sessions.get("e")).toBeUndefined()
    })

    test("what belongs to a user goes with the user", async () => {
      const user = await createUser()
      await fresh.database.sessions.create(session(user.id))
      await fresh.database.apiKeys.create({
        id: "k",
        userId: user.id,
        name: "ci",
        hash: "h",
        scopes: [],
        expiresAt: null,
        lastUsedAt: null,
        createdAt: 1,
      })
      expect(await fresh.database.users.remove(user.id)).toBe(true)
      expect(await fresh.database.users.remove(user.id)).toBe(false)
      expect([await fresh.database.sessions.get("a"), await fresh.database.apiKeys.get("k")]).toEqual([undefined, undefined])
      expect((await createUser()).id).toBe(user.id + 1)
    })

    test("a key keeps its scopes, and its last use", async () => {
      const user = await createUser()
      const key = {
        id: "k1",
        userId: user.id,
        name: "ci",
        hash: "h",
        scopes: ["jobs:read", "jobs:write"],
        expiresAt: 9,
        lastUsedAt: null,
        createdAt: 1,
      } as const
      await fresh.database.apiKeys.create(key)
      expect(await fresh.database.apiKeys.get("k1")).toEqual(key)
      await fresh.database.apiKeys.touch("k1", 5)
      expect(await fresh.database.apiKeys.listOf(user.id)).toEqual([{ ...key, lastUsedAt: 5 }])
      expect(await fresh.database.apiKeys.listOf(99)).toEqual([])
      expect(await fresh.database.apiKeys.list()).toEqual([{ ...key, lastUsedAt: 5 }])
      expect(await fresh.database.apiKeys.remove("k1")).toBe(true)
      expect(await fresh.database.apiKeys.remove("k1")).toBe(false)
    })

    test("the audit log is read newest first, in pages", async () => {
      const entry = { actorId: 1, actorName: "admin", action: "login", subject: "", outcome: "refused", address: "::1" } as const
      for (const at of [1, 2, 3]) await fresh.database.audit.append({ ...entry, at })
      const page = await fresh.database.audit.list({ limit: 2 })
      expect(page).toEqual([
        { ...entry, id: 3, at: 3 },
        { ...entry, id: 2, at: 2 },
      ])
      expect(await fresh.database.audit.list({ limit: 2, before: 2 })).toEqual([{ ...entry, id: 1, at: 1 }])
    })
  })
}
