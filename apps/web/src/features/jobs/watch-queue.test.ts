import { createEntrepotClient, type EntrepotClient, type QueueEvent } from "@entrepot/client"
import { startApplication } from "@entrepot/server/application-fixture"
import { faultProxy, image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { createQueueWatch } from "./watch-queue.ts"

const streamsOfALogin = 5
const quick = { pollMs: 20, pollsPerStream: 3 }

async function stage() {
  const application = await startApplication()
  onTestFinished(() => application[Symbol.asyncDispose]())
  const source = await testRegistry({ images: { "team/app:1": image({ seed: "queue" }) } })
  onTestFinished(() => source[Symbol.asyncDispose]())
  const target = await testRegistry()
  onTestFinished(() => target[Symbol.asyncDispose]())
  const client = createEntrepotClient(application)
  onTestFinished(() => client.close())
  const start = () => client.jobs.start.mutate({ image: `${source.host}/team/app:1`, target: { address: target.host } })
  return { application, source, client, start }
}

/** Takes events until one fits, and leaves. */
async function until(events: AsyncIterable<QueueEvent>, fits: (event: QueueEvent) => boolean): Promise<readonly QueueEvent[]> {
  const taken: QueueEvent[] = []
  for await (const event of events) {
    taken.push(event)
    if (fits(event)) break
  }
  return taken
}

const hasEnded = (id: number) => (event: QueueEvent) =>
  event.type === "job" && event.job.id === id && event.job.state === "succeeded"

async function takeAllStreams(client: EntrepotClient): Promise<AbortController> {
  const leave = new AbortController()
  onTestFinished(() => leave.abort())
  for (let taken = 0; taken < streamsOfALogin; taken++) {
    const stream = client.jobs.followQueue({ signal: leave.signal })
    await stream.next()
    void (async () => {
      for await (const _ of stream);
    })()
  }
  return leave
}

test("the queue is watched by its stream, and a second watch goes on where the first one was", async () => {
  const { client, start } = await stage()
  const watch = createQueueWatch(client)
  const options = { signal: new AbortController().signal, onConnection: () => {} }
  const first = await start()
  await until(watch(options), hasEnded(first.id))

  const second = await start()
  const taken = await until(watch(options), hasEnded(second.id))
  expect(taken.filter((event) => event.type === "job" && event.job.id === first.id)).toEqual([])
}, 30_000)

test("S22: where the login's streams are all taken, the queue is asked for instead, until there is one again", async () => {
  const { client, start } = await stage()
  const known = await start()
  await until(client.jobs.followQueue(), hasEnded(known.id))
  const others = await takeAllStreams(client)
  await expect(client.jobs.followQueue().next()).rejects.toMatchObject({ code: "too_many" })

  const connection: string[] = []
  const stop = new AbortController()
  const events = createQueueWatch(client)({ ...quick, signal: stop.signal, onConnection: (state) => connection.push(state) })
  const asked = await start()
  for (let event = await events.next(); !event.done; event = await events.next()) if (hasEnded(asked.id)(event.value)) break

  others.abort()
  const streamed = await start()
  const last = await until(events, hasEnded(streamed.id))
  expect(last.at(-1)).toMatchObject({ type: "job", job: { id: streamed.id, state: "succeeded" } })
  expect(connection).not.toContain("broken")
}, 30_000)

test("a job that is asked for goes on being told when it is no longer among those that run", async () => {
  const { client, source, start } = await stage()
  source.fail("GET blob", { as: "stall", times: 1 })
  const stalled = await start()
  await until(client.jobs.followQueue(), (event) => event.type === "job" && event.job.state === "running")
  await takeAllStreams(client)

  const stop = new AbortController()
  const events = createQueueWatch(client)({ ...quick, limit: 1, signal: stop.signal, onConnection: () => {} })
  await events.next()
  await start()
  await client.jobs.cancel.mutate({ id: stalled.id })
  const taken = await until(events, (event) => event.type === "job" && event.job.state === "cancelled")
  expect(taken.at(-1)).toMatchObject({ job: { id: stalled.id } })
}, 30_000)

test("while the application is out of reach it is said so, and asked again", async () => {
  const { application, client, start } = await stage()
  const proxy = await faultProxy(application.server.port)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const distant = createEntrepotClient({ url: `http://127.0.0.1:${proxy.port}`, token: application.token })
  onTestFinished(() => distant.close())
  const connection: string[] = []
  const signal = new AbortController().signal
  const events = createQueueWatch(distant)({ signal, onConnection: (state) => connection.push(state) })
  const first = await start()
  for (let event = await events.next(); !event.done; event = await events.next()) if (hasEnded(first.id)(event.value)) break

  proxy.resetAll()
  const second = await start()
  await until(events, (event) => hasEnded(second.id)(event))
  expect(connection).toEqual(["broken", "restored"])
  await client.jobs.remove.mutate({ id: second.id })
}, 30_000)

test("somebody who may not see the queue is told so", async () => {
  const { application } = await stage()
  const stranger = createEntrepotClient({ url: application.url, token: "ept_0000000000000000_nobody" })
  onTestFinished(() => stranger.close())
  const events = createQueueWatch(stranger)({ signal: new AbortController().signal, onConnection: () => {} })
  await expect(events.next()).rejects.toMatchObject({ code: "unauthenticated" })
}, 30_000)
