import type { UpstreamFacts } from "@entrepot/db/stores"
import { expect, test } from "vitest"
import { openTestStores } from "../accounts/accounts.fixture.ts"
import { UpstreamTrouble } from "./upstream-trouble.ts"

const hub = { id: 4, name: "mirror", registry: "docker.io", host: "mirror.example.com" }
const minute = 60_000
const error = "network: connection refused by mirror.example.com"

async function openTest() {
  const base = await openTestStores()
  const clock = { now: Date.parse("2026-11-21T12:00:00Z") }
  const opened: UpstreamTrouble[] = []
  const process = (quietMs?: number) => {
    const options = { webhooks: base.stores.webhooks, log: base.log, now: () => clock.now }
    const trouble = new UpstreamTrouble(quietMs === undefined ? options : { ...options, quietMs })
    opened.push(trouble)
    return trouble
  }
  const listen = (name: string, events: Parameters<typeof base.stores.webhooks.create>[0]["events"]) =>
    base.stores.webhooks.create(
      { name, format: "slack", host: "bot", sealed: "", events, enabled: true, locale: "en", version: 1 },
      clock.now,
    )
  const written = (count: number) =>
    expect
      .poll(async () => (await base.stores.webhooks.deliveries({ limit: 100 })).length, { timeout: 10_000, interval: 5 })
      .toBe(count)
  const told = async () => {
    for (const each of opened) await each.close()
    const deliveries = [...(await base.stores.webhooks.deliveries({ limit: 100 }))].reverse()
    return deliveries.map(({ webhookId, event }) => `${webhookId} ${event}`)
  }
  return { ...base, clock, process, listen, written, told, [Symbol.asyncDispose]: base[Symbol.asyncDispose] }
}

test("trouble of an upstream is told by one of several processes, and its end by the first that sees it", async () => {
  await using test = await openTest()
  await test.listen("ops", ["upstream.unhealthy", "upstream.recovered"])
  const [one, other] = [test.process(), test.process()]
  one.upstreamUnhealthy(hub, error)
  other.upstreamUnhealthy(hub, error)
  one.upstreamRecovered(hub)
  await test.written(2)
  other.upstreamRecovered(hub)
  expect(await test.told()).toEqual(["1 upstream.unhealthy", "1 upstream.recovered"])
  const [, delivery] = await test.stores.webhooks.deliveries({ limit: 2 })
  const facts: UpstreamFacts = { upstreamId: 4, name: "mirror", registry: "docker.io", host: "mirror.example.com", error }
  expect(JSON.parse(delivery?.facts ?? "")).toEqual(facts)
})

test("a flapping link is told once in ten minutes, and each upstream for itself", async () => {
  await using test = await openTest()
  await test.listen("ops", ["upstream.unhealthy", "upstream.recovered"])
  const trouble = test.process()
  for (let i = 0; i < 5; i++) {
    trouble.upstreamUnhealthy(hub, error)
    trouble.upstreamRecovered(hub)
    test.clock.now += minute
  }
  trouble.upstreamUnhealthy({ ...hub, id: 5 }, null)
  await test.written(3)
  test.clock.now += 6 * minute
  trouble.upstreamUnhealthy(hub, error)
  expect(await test.told()).toEqual([
    "1 upstream.unhealthy",
    "1 upstream.recovered",
    "1 upstream.unhealthy",
    "1 upstream.unhealthy",
  ])
})

test("trouble that came back within that time, and stayed, is told when it is over", async () => {
  await using test = await openTest()
  await test.listen("ops", ["upstream.unhealthy", "upstream.recovered"])
  const trouble = test.process(40)
  trouble.upstreamUnhealthy(hub, error)
  trouble.upstreamRecovered(hub)
  trouble.upstreamUnhealthy(hub, error)
  await test.written(3)
  expect(await test.told()).toEqual(["1 upstream.unhealthy", "1 upstream.recovered", "1 upstream.unhealthy"])
})

test("the all-clear is given to those alone who were alarmed", async () => {
  await using test = await openTest()
  await test.listen("only ends", ["upstream.recovered"])
  await test.listen("only troubles", ["upstream.unhealthy"])
  const trouble = test.process()
  trouble.upstreamRecovered(hub)
  trouble.upstreamUnhealthy(hub, error)
  await test.written(1)
  await test.listen("late", ["upstream.unhealthy", "upstream.recovered"])
  trouble.upstreamRecovered(hub)
  expect(await test.told()).toEqual(["2 upstream.unhealthy"])
})
