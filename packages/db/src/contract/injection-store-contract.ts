import { describe, expect, test } from "vitest"
import { type MakeStorage, newJob } from "../database.fixture.ts"
import type { JobEvent, JobState } from "../stores.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"
import { keepsInRegistry } from "./injection-registry.fixture.ts"

/** Texts that mean something to SQL, LIKE, FTS5, JSON, or to whoever joins strings. */
const corpus = [
  "'",
  "''; drop table jobs; --",
  '"; drop table "jobs"; --',
  "' or '1'='1",
  "1 or 1=1",
  "x' union select name, value from config --",
  "%' escape '\\",
  "\\",
  "%_%",
  "$1 ? :name @p",
  "$$; select pg_sleep(1); $$",
  "nginx\u0000'; drop table jobs; --",
  '" OR rowid > 0 OR "',
  'source : "nginx" NEAR target*',
  "-- comment\n/* other */",
  '{"$gt": ""}',
  "{{7*7}}",
  "镜像'；删除",
  "\ud800 alone",
  "a".repeat(5_000),
]

/** S21: whatever a text says, it is kept as it is, and changes nothing else. */
export function injectionStoreContract(makeStorage: MakeStorage): void {
  describe("S21: values are never read as SQL", () => {
    const fresh = freshStorage(makeStorage)

    /** NUL and half characters cannot be kept; both become the replacement character. */
    const kept = (text: string) => Buffer.from(text.replaceAll("\0", "\u{fffd}")).toString()

    test.each(corpus.map((text) => [JSON.stringify(text).slice(0, 50), text] as const))("%s", async (_, text) => {
      const { jobs, config, users, sessions, apiKeys, audit, targets, projects, schedules } = fresh.database
      const [witness] = await jobs.create([newJob({ ownerId: 9, source: "witness" })], 1, "terminal")
      const before = await jobs.get(witness?.id ?? 0)

      const job = newJob({
        source: text,
        target: text,
        sourceHost: text,
        targetHost: text,
        credentialSides: ["target"],
        credentialsHolder: text,
      })
      const [made] = await jobs.create([job], 1)
      if (!made) throw new Error("no job")
      expect(made).toMatchObject({ source: kept(text), target: kept(text), sourceHost: kept(text) })
      const own = { visibility: { ownerId: 1 }, limit: 10 } as const
      const ids = async (query: object) => (await jobs.list({ ...own, ...query })).jobs.map(({ id }) => id)
      expect(await ids({ host: text })).toEqual([made.id])
      expect(await ids({ search: text })).toEqual(text.length > 1_000 ? [] : [made.id])
      expect((await jobs.list({ visibility: "all", limit: 10, search: text })).jobs.map(({ id }) => id)).toEqual(
        text.length > 1_000 ? [] : [made.id],
      )
      expect(await ids({ states: [text as JobState] })).toEqual([])
      const lease = await jobs.claim({ runnerId: text, now: 2 })
      expect(lease).toBeDefined()
      if (!lease) return
      const event: JobEvent = { type: "log", level: "info", message: text }
      await jobs.record(lease, { at: 3, events: [event], stage: text as never })
      expect((await jobs.events(lease.jobId, 0, 10)).at(-1)?.event).toEqual(event)
      await jobs.finish(lease, { at: 4, state: "failed", events: [], digest: text, failure: { code: "network", message: text } })
      expect((await jobs.get(lease.jobId))?.failure?.message).toBe(text)
      await jobs.retry(lease.jobId, 5, { sides: ["source"], holder: text })
      await jobs.heartbeat(text, 5)
      expect(await jobs.cancellations(text)).toEqual([])
      await jobs.bury(text, 6)
      expect(await jobs.runners()).toEqual([])

      await config.set(text, text, 1)
      expect(await config.get(text)).toBe(kept(text))
      expect(await config.replace(text, text, "new", 2)).toBe(true)
      await config.remove(text)
      expect(await config.entries()).toEqual([])
      const user = await users.create({ name: text, role: text as never, passwordHash: text }, 1)
      expect((await users.byName(text))?.id).toBe(user.id)
      await sessions.create({ idHash: text, userId: user.id, mustChange: false, createdAt: 1, seenAt: 1, address: text })
      expect((await sessions.get(text))?.userId).toBe(user.id)
      await sessions.end(text)
      const key = {
        id: text,
        userId: user.id,
        name: text,
        hash: text,
        scopes: [text as never],
        expiresAt: null,
        lastUsedAt: null,
        createdAt: 1,
      }
      await apiKeys.create(key)
      expect((await apiKeys.get(text))?.scopes).toEqual([text])
      expect(await apiKeys.remove(text)).toBe(true)
      await audit.append({ at: 1, actorId: null, actorName: text, action: text, subject: text, outcome: "ok", address: text })
      expect((await audit.list({ limit: 1 }))[0]?.subject).toBe(kept(text))
      const login = { username: text, sealed: text, ca: text }
      const place = {
        ownerId: 1,
        shared: false,
        name: text,
        host: text,
        project: text,
        naming: text,
        plainHttp: false,
        tlsVerify: true,
      }
      const target = await targets.create({ ...place, ...login }, 1)
      expect(await targets.update(target.id, 1, { name: text }, 2)).toBe(true)
      const project = await projects.create({ name: text, ownerId: 1, targetId: target.id, path: text }, 1)
      expect((await projects.byName(text))?.id).toBe(project.id)
      const schedule = {
        ownerId: 1,
        name: text,
        cron: text,
        timeZone: text,
        request: { image: text },
        targetId: null,
        enabled: true,
      }
      expect((await schedules.create(schedule, 1)).request).toEqual({ image: text })

      await keepsInRegistry(fresh.database, text, kept(text), project.id)

      expect(await jobs.get(witness?.id ?? 0)).toEqual(before)
      expect((await jobs.list({ visibility: "all", limit: 10, everywhere: true })).jobs).toHaveLength(2)
    })
  })
}
