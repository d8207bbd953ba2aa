import type { JobRecord } from "@entrepot/db/stores"
import { expect, test } from "vitest"
import { EventWriter } from "./event-writer.ts"

const log = (message: string) => ({ type: "log", level: "info", message }) as const
const progress = (bytesDone: number) => ({ bytesDone, bytesTotal: 100, blobs: [] })

function writer(answer: () => boolean = () => true) {
  const written: JobRecord[] = []
  let lost = 0
  const made = new EventWriter({
    write: async (record) => {
      written.push(record)
      return answer()
    },
    onLost: () => lost++,
    now: Date.now,
    monotonic: () => performance.now(),
  })
  return { writer: made, written, lost: () => lost }
}

test("events that come together share a transaction, and all of them arrive in their order", async () => {
  const { writer: events, written } = writer()
  for (let i = 0; i < 100; i++) {
    events.event(log(String(i)))
    if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const rest = await events.close()
  const all = [...written.flatMap((record) => record.events), ...rest.events]
  expect(all).toEqual(Array.from({ length: 100 }, (_, i) => log(String(i))))
  expect(written.length).toBeLessThan(8)
})

test("where a copy stands is written once a second, as it is then", async () => {
  const { writer: events, written } = writer()
  for (let i = 0; i < 50; i++) {
    events.progress(progress(i))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(written.map((record) => record.progress)).toEqual([progress(0)])
  expect(await events.close()).toEqual({ events: [], progress: progress(49) })
})

test("after a lost lease nothing more is written", async () => {
  const { writer: events, written, lost } = writer(() => false)
  events.event(log("one"))
  await expect.poll(lost).toBe(1)
  events.event(log("two"))
  await events.close()
  expect([written.length, lost()]).toEqual([1, 1])
})
