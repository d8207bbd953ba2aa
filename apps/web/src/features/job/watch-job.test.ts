import { createEntrepotClient, type FollowedEvent } from "@entrepot/client"
import { startApplication } from "@entrepot/server/application-fixture"
import { image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { watchJob } from "./watch-job.ts"

const streamsOfALogin = 5
const onConnection = () => {}

async function stage() {
  const application = await startApplication()
  onTestFinished(() => application[Symbol.asyncDispose]())
  const source = await testRegistry({
    images: { "team/app:1": image({ seed: "app" }), "team/large:1": image({ seed: "large", layers: [{ sizeBytes: 400_000 }] }) },
  })
  onTestFinished(() => source[Symbol.asyncDispose]())
  const target = await testRegistry()
  onTestFinished(() => target[Symbol.asyncDispose]())
  const client = createEntrepotClient(application)
  onTestFinished(() => client.close())
  const start = (name: string) =>
    client.jobs.start.mutate({ image: `${source.host}/team/${name}:1`, target: { address: target.host } })
  const others = new AbortController()
  onTestFinished(() => others.abort())
  for (let taken = 0; taken < streamsOfALogin; taken++) {
    const stream = client.jobs.followQueue({ signal: others.signal })
    void (async () => {
      for await (const _ of stream);
    })()
  }
  const { id } = await start("app")
  await expect
    .poll(() =>
      client.jobs
        .follow(id)
        .next()
        .catch(({ code }) => code),
    )
    .toBe("too_many")
  return { client, source, others, start, id }
}

async function all(events: AsyncIterable<FollowedEvent>): Promise<readonly FollowedEvent[]> {
  const taken: FollowedEvent[] = []
  for await (const event of events) taken.push(event)
  return taken
}

const told = (events: readonly FollowedEvent[]) => events.flatMap(({ sequence }) => (sequence === undefined ? [] : [sequence]))

test("S22: where the login's streams are all taken, a job's events are asked for instead, each once, to its end", async () => {
  const { client, id } = await stage()
  const { signal } = new AbortController()
  const events = await all(watchJob(client, id, { after: 0, signal, onConnection, pollMs: 20, limit: 3 }))
  const stored = await client.jobs.events.query({ id, limit: 1_000 })
  expect(stored.length).toBeGreaterThan(3)
  expect(events).toEqual(stored)
}, 30_000)

test("S22: once there is a stream again, a job that was asked for is followed by it, and nothing is told twice", async () => {
  const { client, source, others, start } = await stage()
  source.fail("GET blob", { as: "drip", bytesPerSecond: 40_000, times: Number.POSITIVE_INFINITY })
  const { id } = await start("large")
  const { signal } = new AbortController()
  const events: FollowedEvent[] = []
  for await (const event of watchJob(client, id, { after: 0, signal, onConnection, pollMs: 20, pollsPerStream: 2 })) {
    events.push(event)
    if (event.event.type === "stage" && event.event.stage === "copy") others.abort()
    if (event.sequence === undefined) await client.jobs.cancel.mutate({ id })
  }
  const stored = await client.jobs.events.query({ id, limit: 1_000 })
  expect(told(events)).toEqual(stored.map(({ sequence }) => sequence))
  expect(events.some(({ sequence }) => sequence === undefined)).toBe(true)
}, 30_000)

test("nothing is asked for again of a job whose end is known", async () => {
  const { client, id } = await stage()
  const { signal } = new AbortController()
  const known = await all(watchJob(client, id, { after: 0, signal, onConnection, pollMs: 20 }))
  const after = Math.max(...told(known))
  expect(await all(watchJob(client, id, { after, signal, onConnection, pollMs: 20 }))).toEqual([])
}, 30_000)
