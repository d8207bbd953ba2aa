import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { OutcomeEvent, TransferEvent } from "@entrepot/core"
import { createDirectEngine, createHttp } from "@entrepot/core"
import { expect, onTestFinished, test } from "vitest"
import { soon, testActor, testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import { openHistory } from "./history.ts"
import { followed, registry, smallImage, statesOf } from "./jobs.fixture.ts"

async function ends() {
  const source = await registry({ images: { "team/app:1": smallImage("history") } })
  const target = await registry()
  const http = createHttp({ retry: { attempts: 1 } })
  onTestFinished(() => http.close())
  const engine = createDirectEngine({ stores: { http, cacheDirectory: "" }, retryAttempts: 1 })
  const request = {
    source: `docker://${source.host}/team/app:1`,
    target: `docker://${target.host}/copy:1`,
    engine: "direct",
  } as const
  return { source, target, request, copy: (signal: AbortSignal) => engine.copy({ ...request, signal }) }
}

async function openTestHistory(configuration: ReturnType<typeof testConfiguration>, warnings: string[] = []) {
  const history = await openHistory(configuration, { onWarning: (message) => warnings.push(message) })
  onTestFinished(() => history.close())
  return history
}

async function run(events: AsyncGenerator<TransferEvent, OutcomeEvent>) {
  const seen: TransferEvent[] = []
  for (;;) {
    const { done, value } = await events.next()
    if (done) return { seen, outcome: value }
    seen.push(value)
  }
}

test("a copy of the command line is in the history, with its events, and a server that runs on the same database sees it", async () => {
  const { request, copy, target } = await ends()
  const configuration = testConfiguration(await testDirectory())
  const history = await openTestHistory(configuration)
  const { seen, outcome } = await run(history.record(request, copy, soon()))
  expect(outcome.outcome).toBe("succeeded")
  expect(seen.at(-1)).toEqual(outcome)
  const runtime = await testRuntime(configuration)
  const viewer = await testActor(runtime, "viewer")
  const { jobs } = await runtime.services.jobs.list(viewer, { limit: 10 })
  expect(jobs).toMatchObject([
    { runner: "terminal", state: "succeeded", target: `${target.host}/copy:1`, targetHost: target.host },
  ])
  const events = await followed(runtime, viewer, jobs[0]?.id ?? 0)
  expect(statesOf(events)).toEqual(["running", "succeeded"])
  const told = seen.filter((event) => event.type !== "blob" || event.state !== "copying")
  expect(events.flatMap(({ event }) => (event.type === "state" ? [] : [event]))).toEqual(told)
  expect((await history.jobs.list(history.actor, { limit: 10 })).jobs).toEqual(jobs)
})

test("it can be followed and cancelled from another process", async () => {
  const { request, copy, source } = await ends()
  source.fail("GET blob", { as: "stall", times: Number.POSITIVE_INFINITY })
  const configuration = testConfiguration(await testDirectory())
  const history = await openTestHistory(configuration)
  const runtime = await testRuntime(configuration)
  const admin = await testActor(runtime, "admin")
  const recorded = run(history.record(request, copy, soon()))
  await expect.poll(async () => (await runtime.services.jobs.list(admin, { limit: 1 })).jobs[0]?.stage).toBe("copy")
  const [job] = (await runtime.services.jobs.list(admin, { limit: 1 })).jobs
  const seen = followed(runtime, admin, job?.id ?? 0)
  await runtime.services.jobs.cancel(admin, job?.id ?? 0)
  expect((await recorded).outcome.outcome).toBe("cancelled")
  expect(statesOf(await seen)).toEqual(["running", "cancelled"])
})

test("whoever stops listening has cancelled the copy", async () => {
  const { request, copy } = await ends()
  const history = await openTestHistory(testConfiguration(await testDirectory()))
  for await (const _ of history.record(request, copy, soon())) break
  expect((await history.jobs.list(history.actor, { limit: 1 })).jobs).toMatchObject([
    { state: "cancelled", cancelRequested: false },
  ])
})

test("a database that fails while a copy runs stops being told, not the copy", async () => {
  const { request, copy, target } = await ends()
  const warnings: string[] = []
  const history = await openTestHistory(testConfiguration(await testDirectory()), warnings)
  const events = history.record(request, copy, soon())
  await events.next()
  await history.close()
  expect((await run(events)).outcome.outcome).toBe("succeeded")
  expect(target.tags("copy")).toEqual(["1"])
  expect(warnings).toEqual([expect.stringContaining("the database did not take a write")])
})

test("a file that is no database is said to be none", async () => {
  const directory = await testDirectory()
  await writeFile(join(directory, "entrepot.db"), "this is not a database, but long enough to be looked at as one".repeat(50))
  await expect(openHistory(testConfiguration(directory))).rejects.toThrow("file is not a database")
})
