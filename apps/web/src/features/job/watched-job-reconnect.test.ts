import { createEntrepotClient } from "@entrepot/client"
import { startApplication } from "@entrepot/server/application-fixture"
import { faultProxy, image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { afterEvents, newlyWatched, type WatchedJob } from "./watched-job.ts"

test("fault 49: a job watched over a connection that broke looks like one watched without a break", async () => {
  const application = await startApplication()
  onTestFinished(() => application[Symbol.asyncDispose]())
  const source = await testRegistry({ images: { "team/app:1": image({ seed: "watched" }) } })
  onTestFinished(() => source[Symbol.asyncDispose]())
  const target = await testRegistry()
  onTestFinished(() => target[Symbol.asyncDispose]())
  const proxy = await faultProxy(application.server.port)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  source.fail("GET blob", { as: "stall", times: 1 })

  const direct = createEntrepotClient(application)
  onTestFinished(() => direct.close())
  const client = createEntrepotClient({ url: `http://127.0.0.1:${proxy.port}`, token: application.token })
  onTestFinished(() => client.close())
  const { id } = await direct.jobs.start.mutate({
    image: `${source.host}/team/app:1`,
    target: { address: target.host },
  })

  const connection: string[] = []
  let watched: WatchedJob = newlyWatched
  for await (const followed of client.jobs.follow(id, { onConnection: (state) => connection.push(state) })) {
    watched = afterEvents(watched, { events: [followed], receivedAt: followed.at })
    if (connection.length === 0 && followed.event.type === "stage" && followed.event.stage === "copy") {
      proxy.resetAll()
      await direct.jobs.cancel.mutate({ id })
    }
  }
  let unbroken: WatchedJob = newlyWatched
  for await (const followed of direct.jobs.follow(id)) {
    unbroken = afterEvents(unbroken, { events: [followed], receivedAt: followed.at })
  }

  expect(connection).toEqual(["broken", "restored"])
  expect(watched.standing?.state).toBe("cancelled")
  expect(watched.entries.length).toBeGreaterThan(1)
  expect(watched.entries).toEqual(unbroken.entries)
}, 30_000)
