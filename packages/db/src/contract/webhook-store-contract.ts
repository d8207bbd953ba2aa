import { describe, expect, test } from "vitest"
import type { MakeStorage } from "../database.fixture.ts"
import { NameTaken, type WebhookRecord } from "../stores.ts"
import { freshStorage } from "./fresh-storage.fixture.ts"

/** A webhook that wants everything of jobs. */
export const chatBot: Omit<WebhookRecord, "id" | "createdAt" | "updatedAt"> = {
  name: "team chat",
  format: "dingtalk",
  host: "oapi.dingtalk.example",
  sealed: "sealed words",
  events: ["job.succeeded", "job.failed"],
  enabled: true,
  locale: "zh",
  version: 1,
}

const untried = { state: "pending", attempts: 0, endedAt: null, status: null, error: null, durationMs: null } as const

/** How every dialect keeps webhooks and what they are told. */
export function webhookStoreContract(makeStorage: MakeStorage): void {
  describe("webhooks", () => {
    const fresh = freshStorage(makeStorage)

    const create = (changes: Partial<typeof chatBot> = {}) => fresh.database.webhooks.create({ ...chatBot, ...changes }, 5)
    const ids = (deliveries: readonly { readonly id: number }[]) => deliveries.map(({ id }) => id)
    const upstreamDown = (at: number, changes: { readonly subject?: string; readonly quietSince?: number } = {}) =>
      fresh.database.webhooks.tell("upstream.unhealthy", { subject: "1", facts: `{"at":${at}}`, ...changes }, at)

    test("webhooks are kept, changed and listed by name", async () => {
      const { webhooks } = fresh.database
      const second = await create({ name: "b", enabled: false, events: [] })
      const first = await create({ name: "a" })
      expect(first).toEqual({ ...chatBot, name: "a", id: first.id, createdAt: 5, updatedAt: 5 })
      expect(await webhooks.list()).toEqual([first, second])
      expect(await webhooks.get(second.id)).toEqual(second)
      const changed = await webhooks.update(second.id, { name: "c", events: ["upstream.recovered"], version: 2 }, 9)
      expect(changed).toEqual({ ...second, name: "c", events: ["upstream.recovered"], version: 2, updatedAt: 9 })
      expect(await webhooks.get(second.id)).toEqual(changed)
      expect(await webhooks.update(second.id, { name: "c" }, 10)).toMatchObject({ name: "c", updatedAt: 10 })
      expect(await webhooks.update(99, { name: "d" }, 9)).toBeUndefined()
      expect(await webhooks.get(99)).toBeUndefined()
    })

    test("a name is given once", async () => {
      const first = await create()
      const second = await create({ name: "other" })
      await expect(create()).rejects.toThrow(new NameTaken('there is a webhook "team chat" already'))
      const { webhooks } = fresh.database
      await expect(webhooks.update(second.id, { name: "team chat" }, 6)).rejects.toBeInstanceOf(NameTaken)
      expect(await webhooks.list()).toEqual([second, first])
    })

    test("deliveries of a webhook go with it, and those of others stay", async () => {
      const { webhooks } = fresh.database
      const [one, other] = [await create(), await create({ name: "other" })]
      await webhooks.tellOne(one.id, "test", "{}", 1)
      const kept = await webhooks.tellOne(other.id, "test", "{}", 1)
      expect(await webhooks.remove(one.id)).toBe(true)
      expect(await webhooks.remove(one.id)).toBe(false)
      expect(await webhooks.deliveries({ limit: 10 })).toEqual([kept])
      expect(await webhooks.tellOne(one.id, "test", "{}", 2)).toBeUndefined()
    })

    test("an event is told to every enabled webhook that wants it", async () => {
      const { webhooks } = fresh.database
      const wanting = await create({ events: ["upstream.recovered", "upstream.unhealthy"] })
      await create({ name: "not enabled", events: ["upstream.unhealthy"], enabled: false })
      await create({ name: "of jobs" })
      const also = await create({ name: "also", events: ["upstream.unhealthy"] })
      expect(await upstreamDown(7)).toBe(2)
      const told = { ...untried, event: "upstream.unhealthy", facts: '{"at":7}', createdAt: 7, nextAt: 7 }
      expect(await webhooks.deliveries({ limit: 10 })).toEqual([
        { ...told, id: 2, webhookId: also.id },
        { ...told, id: 1, webhookId: wanting.id },
      ])
    })

    test("who was told the same of the same subject lately is not told again", async () => {
      const { webhooks } = fresh.database
      const one = await create({ events: ["upstream.unhealthy", "upstream.recovered"] })
      expect(await upstreamDown(100)).toBe(1)
      await create({ name: "new", events: ["upstream.unhealthy"] })
      expect(await upstreamDown(200, { quietSince: 100 })).toBe(1)
      expect(await upstreamDown(201, { quietSince: 100 })).toBe(0)
      expect(await upstreamDown(202, { quietSince: 150 })).toBe(1)
      expect(await upstreamDown(203, { subject: "2", quietSince: 100 })).toBe(2)
      expect(await webhooks.tell("upstream.recovered", { subject: "1", facts: "{}", quietSince: 100 }, 204)).toBe(1)
      await webhooks.update(one.id, { enabled: false }, 300)
      expect(await upstreamDown(301)).toBe(1)
    })

    test("an all-clear is for those alone who were alarmed last", async () => {
      const { webhooks } = fresh.database
      const events = ["upstream.unhealthy", "upstream.recovered"] as const
      await create({ events })
      const recovered = (subject: string, at: number) =>
        webhooks.tell("upstream.recovered", { subject, facts: "{}", after: "upstream.unhealthy" }, at)
      expect(await recovered("1", 1)).toBe(0)
      await upstreamDown(2)
      await create({ name: "came later", events })
      expect(await recovered("2", 3)).toBe(0)
      expect(await recovered("1", 4)).toBe(1)
      expect(await recovered("1", 5)).toBe(0)
      expect((await webhooks.deliveries({ limit: 9 })).map(({ event }) => event)).toEqual([
        "upstream.recovered",
        "upstream.unhealthy",
      ])
    })

    test("one delivery may be sent by hand, whatever its webhook wants", async () => {
      const { webhooks } = fresh.database
      const { id } = await create({ events: [], enabled: false })
      const delivery = await webhooks.tellOne(id, "test", '{"by":"ann"}', 8)
      expect(delivery).toEqual({
        ...untried,
        id: 1,
        webhookId: id,
        event: "test",
        facts: '{"by":"ann"}',
        createdAt: 8,
        nextAt: 8,
      })
      expect(await webhooks.delivery(1)).toEqual(delivery)
      expect(await webhooks.delivery(2)).toBeUndefined()
    })

    test("what is due is given to one caller, and to another when the lease has passed", async () => {
      const { webhooks } = fresh.database
      const [one, other] = [await create(), await create({ name: "other" })]
      expect(await webhooks.nextDue()).toBeUndefined()
      expect(await webhooks.claim(100, 10, 5)).toEqual([])
      await webhooks.tellOne(one.id, "test", "{}", 30)
      await webhooks.tellOne(other.id, "test", "{}", 10)
      expect(await webhooks.nextDue()).toBe(10)
      expect(await webhooks.claim(9, 1_000, 5)).toEqual([])
      // Who has waited longest comes first.
      expect(ids(await webhooks.claim(35, 1_000, 1))).toEqual([2])
      expect(ids(await webhooks.claim(35, 2_000, 5))).toEqual([1])
      expect(await webhooks.claim(35, 1_000, 5)).toEqual([])
      expect(await webhooks.nextDue()).toBe(1_035)
      expect(await webhooks.claim(1_035, 5, 5)).toMatchObject([{ id: 2, attempts: 2, nextAt: 10, state: "pending" }])
      expect(await webhooks.nextDue()).toBe(1_040)
    })

    test("a webhook gets one message at a time, in the order in which they were due, and is left alone as long as it wants", async () => {
      const { webhooks } = fresh.database
      const [one, other] = [await create(), await create({ name: "other" })]
      for (const at of [3, 1, 2]) await webhooks.tellOne(one.id, "test", "{}", at)
      await webhooks.tellOne(other.id, "test", "{}", 4)
      expect(ids(await webhooks.claim(10, 100, 5))).toEqual([2, 4])
      expect(await webhooks.claim(50, 100, 5)).toEqual([])
      const delivered = { state: "delivered", status: 200, error: null, durationMs: 1, nextAt: null } as const
      await webhooks.settle(2, 1, { ...delivered, at: 50, freeAt: 60 })
      await webhooks.settle(4, 1, { ...delivered, at: 51 })
      expect(await webhooks.nextDue()).toBe(60)
      expect(await webhooks.claim(59, 100, 5)).toEqual([])
      expect(ids(await webhooks.claim(60, 100, 5))).toEqual([3])
      await webhooks.settle(3, 1, { ...delivered, state: "pending", nextAt: 200, at: 61 })
      expect(ids(await webhooks.claim(61, 100, 5))).toEqual([1])
      await webhooks.settle(1, 1, { ...delivered, at: 62 })
      expect(await webhooks.nextDue()).toBe(200)
    })

    test("S22: however much waits for those who are slow, whoever was served long ago comes before them", async () => {
      const { webhooks } = fresh.database
      const [slow, other] = [await create({ name: "slow" }), await create({ name: "other" })]
      for (let at = 1; at <= 5; at++) await webhooks.tellOne(slow.id, "test", "{}", at)
      expect(ids(await webhooks.claim(10, 1_000, 1))).toEqual([1])
      const tried = { status: null, error: "timeout: no answer within 10 s", durationMs: 10_000 }
      await webhooks.settle(1, 1, { ...tried, state: "pending", nextAt: 1, at: 20, freeAt: 25 })
      await webhooks.tellOne(other.id, "test", "{}", 24)
      expect(ids(await webhooks.claim(30, 1_000, 1))).toEqual([6])
      expect(ids(await webhooks.claim(30, 1_000, 1))).toEqual([1])
    })

    test("processes that claim at the same time share what is due", async () => {
      const { webhooks } = fresh.database
      for (let index = 0; index < 20; index++) {
        const { id } = await create({ name: `webhook ${index}` })
        await webhooks.tellOne(id, "test", "{}", index)
      }
      const others = [webhooks, (await fresh.storage.open()).webhooks]
      const claimed = (await Promise.all([...others, ...others].map((each) => each.claim(100, 1_000, 7)))).flat()
      expect(ids(claimed).sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
      expect(new Set(claimed.map(({ attempts }) => attempts))).toEqual(new Set([1]))
    })

    test("only the newest try may say how it ended", async () => {
      const { webhooks } = fresh.database
      const { id } = await create()
      await webhooks.tellOne(id, "test", "{}", 1)
      await webhooks.claim(1, 10, 1)
      await webhooks.claim(11, 10, 1)
      const refused = { status: 500, error: "refused: it answered 500", durationMs: 12, at: 14 }
      expect(await webhooks.settle(1, 1, { ...refused, state: "delivered", nextAt: null })).toBe(false)
      expect(await webhooks.settle(1, 2, { ...refused, state: "pending", nextAt: 90 })).toBe(true)
      const waiting = {
        status: 500,
        error: "refused: it answered 500",
        durationMs: 12,
        state: "pending",
        attempts: 2,
        nextAt: 90,
      }
      expect(await webhooks.delivery(1)).toMatchObject({ ...waiting, endedAt: null })
      expect(await webhooks.nextDue()).toBe(90)
      await webhooks.claim(90, 10, 1)
      const accepted = { status: 204, error: null, durationMs: 5, at: 95, state: "delivered", nextAt: null } as const
      expect(await webhooks.settle(1, 3, accepted)).toBe(true)
      const ended = { status: 204, error: null, durationMs: 5, state: "delivered", attempts: 3, nextAt: null, endedAt: 95 }
      expect(await webhooks.delivery(1)).toMatchObject(ended)
      expect(await webhooks.settle(1, 3, { ...refused, state: "failed", nextAt: null })).toBe(false)
      expect(await webhooks.delivery(1)).toMatchObject(ended)
      expect(await webhooks.nextDue()).toBeUndefined()
      expect(await webhooks.claim(1_000, 10, 1)).toEqual([])
    })

    test("one that has ended is sent again as if it were new, and one that waits is left as it is", async () => {
      const { webhooks } = fresh.database
      const { id } = await create()
      const first = await webhooks.tellOne(id, "test", "{}", 1)
      await webhooks.claim(1, 10, 1)
      const waiting = await webhooks.delivery(1)
      expect(await webhooks.again(1, 5)).toEqual(waiting)
      await webhooks.settle(1, 1, {
        state: "failed",
        status: null,
        error: "timeout: no answer",
        durationMs: 9,
        nextAt: null,
        at: 6,
      })
      const back = { ...first, nextAt: 50 }
      expect(await webhooks.again(1, 50)).toEqual(back)
      expect(await webhooks.delivery(1)).toEqual(back)
      expect(ids(await webhooks.claim(50, 10, 1))).toEqual([1])
      expect(await webhooks.again(99, 50)).toBeUndefined()
    })

    test("deliveries are listed newest first, page after page, and of one webhook", async () => {
      const { webhooks } = fresh.database
      const [one, other] = [await create(), await create({ name: "other" })]
      for (const { id } of [one, other, one, other, one]) await webhooks.tellOne(id, "test", "{}", 1)
      const page = async (query: object) => ids(await webhooks.deliveries({ limit: 2, ...query }))
      expect(await page({})).toEqual([5, 4])
      expect(await page({ before: 4 })).toEqual([3, 2])
      expect(await page({ webhookId: one.id, before: 5 })).toEqual([3, 1])
      expect(await page({ webhookId: other.id })).toEqual([4, 2])
      expect(await page({ before: 1 })).toEqual([])
    })

    test("old ends are removed a few at a time, and what waits stays", async () => {
      const { webhooks } = fresh.database
      const { id } = await create()
      for (let at = 1; at <= 5; at++) await webhooks.tellOne(id, "test", "{}", at)
      for (const [each, at] of [
        [1, 40],
        [2, 30],
        [3, 20],
        [4, 50],
      ] as const) {
        await webhooks.settle(each, 0, { state: "failed", status: null, error: null, durationMs: null, nextAt: null, at })
      }
      expect(await webhooks.prune(45, 2)).toBe(2)
      expect(ids(await webhooks.deliveries({ limit: 10 }))).toEqual([5, 4, 1])
      expect(await webhooks.prune(45, 10)).toBe(1)
      expect(await webhooks.prune(1_000, 10)).toBe(1)
      expect(ids(await webhooks.deliveries({ limit: 10 }))).toEqual([5])
    })

    test("whoever delivers hears of what another process wants told", async () => {
      const { webhooks } = fresh.database
      const { id } = await create({ events: ["upstream.unhealthy"] })
      const other = await fresh.storage.open()
      let called = () => {}
      other.onChange(() => called())
      for (const tell of [() => upstreamDown(1), () => webhooks.tellOne(id, "test", "{}", 2)]) {
        const news = new Promise<void>((resolve) => {
          called = resolve
        })
        await tell()
        await news
      }
    })
  })
}
