import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { openDatabase } from "@entrepot/db"
import { buildProgram } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { testDirectory } from "../runtime/runtime.fixture.ts"
import { silentLog, testConfiguration } from "../runtime/runtime-settings.fixture.ts"
import { person } from "../targets/targets.fixture.ts"
import { openWebhooks } from "./open-webhooks.ts"
import { type Reply, receiver } from "./webhooks.fixture.ts"

const leaseMs = 1000

test("fault 33: what a process was sending when it was killed is sent by the next, with the same id, and so is what waited", {
  timeout: 60_000,
}, async () => {
  await using ours = await receiver(new Promise<Reply>(() => undefined), {})
  const directory = await testDirectory()
  const program = await buildProgram(new URL("./webhook-process.fixture.ts", import.meta.url), join(directory, "webhooks.mjs"))
  const configuration = testConfiguration(directory)
  const database = await openDatabase(configuration.database)
  onTestFinished(() => database.close())
  const { service } = openWebhooks({ ...{ configuration, database, proxies: {}, denied: [], log: silentLog, now: Date.now } })
  const events = ["upstream.unhealthy"] as const
  await service.create(person(1, "admin"), { name: "ours", format: "standard", url: ours.origin, secret: "secret", events })
  for (const name of ["one", "two"]) {
    const facts = JSON.stringify({ upstreamId: 1, name, registry: "docker.io", host: "mirror.example.com", error: null })
    await database.webhooks.tell("upstream.unhealthy", { subject: name, facts }, Date.now())
  }

  const start = () => {
    const child = spawn(process.execPath, [program, directory, String(leaseMs)], { stdio: ["ignore", "pipe", "inherit"] })
    onTestFinished(() => void child.kill("SIGKILL"))
    return child
  }
  const killed = start()
  await ours.arrived(1)
  const exited = once(killed, "exit")
  killed.kill("SIGKILL")
  await exited
  start()
  await ours.arrived(3)
  expect(ours.received.map(({ body }) => JSON.parse(body).data.name)).toEqual(["one", "one", "two"])
  const [first, again, second] = ours.received.map(({ headers }) => headers["webhook-id"])
  expect([again, second === first]).toEqual([first, false])
  const states = async () => (await database.webhooks.deliveries({ limit: 9 })).map(({ state, attempts }) => [state, attempts])
  await expect.poll(states, { timeout: 10_000 }).toEqual([
    ["delivered", 1],
    ["delivered", 2],
  ])
})
