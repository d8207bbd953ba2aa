import { rm } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { calm, pushBlob, testWarehouse } from "../warehouse.fixture.ts"
import type { CareObserver } from "./care-observer.ts"
import { type MaintainedWarehouse, Maintenance } from "./maintenance.ts"

const often = { garbageMs: 20, scrubMs: 20, verifiedForMs: 0, busyAbove: 1 }

function notes() {
  const lines: string[] = []
  const note = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`)
  return { lines, log: { info: note, warn: note, error: note } }
}

test("rows without file are forgotten at the start, garbage is collected and blobs are verified from then on", async () => {
  await using test = await testWarehouse({ graceMs: 100 })
  const repository = test.hosted("team/app")
  const [gone, loose] = [await pushBlob(repository), await pushBlob(repository)]
  await rm(join(test.directory, "blobs", test.blobs.locationOf(gone.digest) ?? ""))
  const { lines, log } = notes()
  const maintenance = new Maintenance(test.warehouse, log, often)
  maintenance.start()
  await expect.poll(() => lines.some((line) => line.startsWith('files of blobs were missing {"forgotten":1}'))).toBe(true)
  await expect.poll(() => lines.some((line) => line.startsWith('blobs were verified {"verified":1,"bytes":1000'))).toBe(true)
  await expect.poll(() => lines.some((line) => line.startsWith('garbage was collected {"blobs":1,"bytes":1000'))).toBe(true)
  await maintenance.close()
  const count = lines.length
  expect(await repository.blob(loose.digest, calm)).toBeUndefined()
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(lines.length).toBe(count)
})

test("verifying waits while there is much to do", async () => {
  const rounds = { begun: 0, passed: 0 }
  const warehouse: MaintainedWarehouse = {
    collectGarbage: async () => ({ blobs: 0, bytes: 0, strays: 0, uploads: 0, partialBytes: 0 }),
    reconcile: async () => 0,
    async scrub({ pause }) {
      rounds.begun++
      await pause?.()
      rounds.passed++
      return { blobs: 0, verified: 0, bytes: 0, rotten: [], missing: [] }
    },
  }
  // A loop that does anything at all is busy.
  const maintenance = new Maintenance(warehouse, notes().log, { ...often, busyAbove: -1 })
  maintenance.start()
  await expect.poll(() => rounds.begun).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(rounds.passed).toBe(0)
  await maintenance.close()
  expect(rounds).toEqual({ begun: 1, passed: 1 })
})

test("what is done by the timetable is watched, waits for what somebody has begun, and ends when the watcher says so", async () => {
  const signals: AbortSignal[] = []
  const warehouse: MaintainedWarehouse = {
    reconcile: async () => 0,
    async collectGarbage({ onProgress, signal }) {
      const report = { blobs: 1, bytes: 10, strays: 0, uploads: 0, partialBytes: 0 }
      onProgress?.(report)
      if (signal) signals.push(signal)
      return report
    },
    scrub: () => Promise.reject(new Error("somebody scrubs already")),
  }
  const seen: string[] = []
  const stop = new AbortController()
  const observer: CareObserver = {
    isUnderWay: (kind) => kind === "scrub",
    async observe(kind, work) {
      const report = await work((soFar) => seen.push(`${kind} ${JSON.stringify(soFar)}`), stop.signal)
      stop.abort()
      return report
    },
  }
  const { lines, log } = notes()
  const maintenance = new Maintenance(warehouse, log, { ...often, observer })
  maintenance.start()
  await expect.poll(() => seen.length).toBeGreaterThan(1)
  await maintenance.close()
  expect(seen[0]).toBe('garbage {"blobs":1,"bytes":10,"strays":0,"uploads":0,"partialBytes":0}')
  expect(signals[0]?.aborted).toBe(true)
  expect(lines.filter((line) => line.includes("could not"))).toEqual([])
})

test("a failure is logged, and the next turn comes", async () => {
  const { lines, log } = notes()
  let turns = 0
  const fail = async () => {
    turns++
    throw new Error("the disk is on fire")
  }
  const maintenance = new Maintenance({ collectGarbage: fail, reconcile: fail, scrub: fail }, log, often)
  maintenance.start()
  await expect.poll(() => turns).toBeGreaterThan(6)
  await maintenance.close()
  expect(new Set(lines)).toEqual(
    new Set([
      'rows without file could not be looked for {"error":{}}',
      'garbage could not be collected {"error":{}}',
      'blobs could not be verified {"error":{}}',
    ]),
  )
})
