import { faultProxy, image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { claimServer, createKey } from "./caller.fixture.ts"
import { readEvents, type ServerSentEvent } from "./event-reader.fixture.ts"
import { serverDirectory } from "./server-directory.fixture.ts"
import { buildServerProgram, startServerProcess } from "./server-process.fixture.ts"

const app = image({ seed: "dropped", layers: Array.from({ length: 40 }, () => ({ sizeBytes: 2_000 })) })

test("fault 49: a stream that is cut again and again goes on behind the last event, without gap or repeat", {
  timeout: 60_000,
}, async () => {
  const source = await testRegistry({ images: { "team/app:1": app } })
  const target = await testRegistry()
  const program = await buildServerProgram()
  const server = await startServerProcess({ program, directory: await serverDirectory() })
  const proxy = await faultProxy(Number(new URL(server.url).port))
  onTestFinished(async () => {
    for (const each of [proxy, server, program]) await each[Symbol.asyncDispose]()
    await source.close()
    await target.close()
  })
  source.fail("GET blob", { as: "drip", bytesPerSecond: 8_000, times: Number.POSITIVE_INFINITY })
  const admin = await claimServer(server.url, "a token of our own")
  const started = await admin.ask("POST", "/api/jobs", {
    source_image: `${source.host}/team/app:1`,
    target_image: `${target.host}/copies/app:1`,
    target_host: target.host,
    source_plain_http: true,
    target_plain_http: true,
  })
  const { id } = (started.json() as { job: { id: number } }).job

  const authorization = `Bearer ${await createKey(admin, "follower", ["jobs:read"])}`

  const events: ServerSentEvent[] = []
  const seen = () => events.findLast((event) => event.id !== undefined)?.id
  const cuts = [2_000, 100, 5_000, 700, 1_500, 300]
  let streams = 0
  for (let over = false; !over && streams < 30; streams++) {
    const after = cuts[streams]
    proxy.rules = after === undefined ? [] : [{ as: "reset", after: after + 400 }]
    const reader = await readEvents(`${proxy.origin}/api/jobs/${id}/events`, { authorization }, seen()).catch(() => undefined)
    await reader?.ended.catch(() => undefined)
    events.push(...(reader?.events ?? []))
    over = events.at(-1)?.type === "end"
  }
  expect(proxy.strikes).toBeGreaterThan(3)
  const numbers = events.flatMap((event) => event.id ?? [])
  expect(numbers).toEqual(numbers.map((_, at) => at + 1))
  expect(events.filter(({ type, data }) => type === "blob" && data.includes('"state":"done"'))).toHaveLength(41)
  expect(target.holds("copies/app:1", app)).toBe(true)
})
