import { describe, expect, test } from "vitest"
import { type MakeStorage, newJob } from "../database.fixture.ts"
import { NameTaken, type NewTarget } from "../stores.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"

const target: NewTarget = {
  ownerId: 1,
  shared: true,
  name: "Harbor",
  host: "harbor.example.com:8443",
  project: "mirror",
  naming: "keep",
  plainHttp: false,
  tlsVerify: true,
  ca: null,
  username: "robot$mirror",
  sealed: "v1.abc",
}

/** What every dialect keeps of settings, targets, projects and schedules. */
export function settingsStoreContract(makeStorage: MakeStorage): void {
  describe("settings", () => {
    const fresh = freshStorage(makeStorage)

    test("a setting is set, replaced only from the value that was expected, and removed", async () => {
      const { config } = fresh.database
      expect(await config.get("token")).toBeUndefined()
      await config.set("token", "one", 1)
      await config.set("token", "two", 2)
      expect(await config.replace("token", "one", "three", 3)).toBe(false)
      expect(await config.replace("token", undefined, "three", 3)).toBe(false)
      expect(await config.replace("token", "two", "three", 3)).toBe(true)
      expect(await config.replace("new", "x", "y", 4)).toBe(false)
      expect(await config.replace("new", undefined, "y", 4)).toBe(true)
      expect(await config.entries()).toEqual([
        { key: "new", value: "y", updatedAt: 4 },
        { key: "token", value: "three", updatedAt: 3 },
      ])
      await config.remove("token")
      expect(await config.get("token")).toBeUndefined()
    })

    test("of two who replace a setting at once, one does", async () => {
      const other = await fresh.storage.open()
      const won = await Promise.all(
        [fresh.database, other].map(({ config }, index) => config.replace("first", undefined, String(index), 1)),
      )
      expect(won.toSorted()).toEqual([false, true])
      expect(await fresh.database.config.get("first")).toBe(String(won.indexOf(true)))
    })

    test("a target is changed only from the version that was read", async () => {
      const { targets } = fresh.database
      const made = await targets.create(target, 1)
      expect(made).toEqual({ ...target, id: 1, version: 1, createdAt: 1, updatedAt: 1 })
      expect(await targets.update(1, 1, { name: "Main", sealed: null }, 2)).toBe(true)
      expect(await targets.update(1, 1, { name: "Late" }, 3)).toBe(false)
      expect(await targets.update(9, 1, { name: "None" }, 3)).toBe(false)
      expect(await targets.get(1)).toEqual({ ...made, name: "Main", sealed: null, version: 2, updatedAt: 2 })
      expect(await targets.list()).toHaveLength(1)
      expect(await targets.remove(1)).toBe(true)
      expect(await targets.remove(1)).toBe(false)
    })

    test("of two who change a target at once, one does", async () => {
      const other = await fresh.storage.open()
      const { id } = await fresh.database.targets.create(target, 1)
      const won = await Promise.all(
        [fresh.database, other].map(({ targets }, index) => targets.update(id, 1, { name: String(index) }, 2)),
      )
      expect(won.toSorted()).toEqual([false, true])
    })

    test("a project has a name of its own, and outlives its target", async () => {
      const { projects, targets } = fresh.database
      const { id: targetId } = await targets.create(target, 1)
      const made = await projects.create({ name: "team", ownerId: 1, targetId, path: "mirror/team" }, 2)
      expect(made).toEqual({ id: 1, name: "team", ownerId: 1, targetId, path: "mirror/team", isPublic: false, createdAt: 2 })
      const taken = projects.create({ name: "team", ownerId: 2, targetId: null, path: "" }, 3)
      await expect(taken).rejects.toThrow('there is a project "team" already')
      await expect(taken).rejects.toBeInstanceOf(NameTaken)
      expect(await projects.byName("team")).toEqual(made)
      expect(await projects.update(1, { path: "x" })).toBe(true)
      expect(await projects.update(9, { path: "x" })).toBe(false)
      await targets.remove(targetId)
      expect(await projects.get(1)).toEqual({ ...made, targetId: null, path: "x" })
      expect(await projects.list()).toHaveLength(1)
      expect(await projects.remove(1)).toBe(true)
      expect(await projects.remove(1)).toBe(false)
    })

    const schedule = {
      ownerId: 1,
      name: "nightly",
      cron: "0 3 * * *",
      timeZone: "Asia/Shanghai",
      request: { image: "nginx", platforms: ["linux/amd64"] },
      targetId: 7,
      enabled: true,
    }

    test("a schedule is made, changed and removed", async () => {
      const { schedules } = fresh.database
      const made = await schedules.create(schedule, 1)
      expect(made).toEqual({ ...schedule, id: 1, createdAt: 1, updatedAt: 1 })
      expect(await schedules.update(1, { cron: "0 4 * * *", enabled: false }, 2)).toBe(true)
      expect(await schedules.update(9, { cron: "0 4 * * *" }, 2)).toBe(false)
      expect(await schedules.get(1)).toEqual({ ...made, cron: "0 4 * * *", enabled: false, updatedAt: 2 })
      await schedules.create({ ...schedule, ownerId: 2 }, 3)
      expect((await schedules.list()).map(({ id }) => id)).toEqual([1, 2])
      expect((await schedules.list(2)).map(({ id }) => id)).toEqual([2])
      expect(await schedules.remove(1)).toBe(true)
      expect(await schedules.remove(1)).toBe(false)
      expect(await schedules.get(1)).toBeUndefined()
    })

    test("fault 38: of two schedulers that see one tick, one makes its job", async () => {
      const other = await fresh.storage.open()
      const { id } = await fresh.database.schedules.create(schedule, 1)
      for (const tickAt of [100, 200, 300]) {
        const made = await Promise.all(
          [fresh.database, other].map(({ schedules }) => schedules.claimTick(id, tickAt, newJob(), tickAt + 1)),
        )
        expect(made.filter((job) => job !== undefined)).toHaveLength(1)
      }
      expect((await fresh.database.jobs.list({ visibility: "all", limit: 10 })).jobs).toHaveLength(3)
      expect(await fresh.database.schedules.lastTick(id)).toBe(300)
      expect(await other.schedules.claimTick(id, 200, newJob(), 400)).toBeUndefined()
    })

    test("a schedule that is disabled or gone fires no more, and leaves its jobs", async () => {
      const { schedules, jobs } = fresh.database
      const { id } = await schedules.create(schedule, 1)
      expect(await schedules.lastTick(id)).toBeUndefined()
      expect((await schedules.claimTick(id, 100, newJob(), 101))?.state).toBe("queued")
      await schedules.update(id, { enabled: false }, 102)
      expect(await schedules.claimTick(id, 200, newJob(), 201)).toBeUndefined()
      await schedules.remove(id)
      expect(await schedules.claimTick(id, 300, newJob(), 301)).toBeUndefined()
      expect((await jobs.list({ visibility: "all", limit: 10 })).jobs).toHaveLength(1)
    })
  })
}
