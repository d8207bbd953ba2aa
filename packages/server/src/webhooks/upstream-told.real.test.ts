import { createServer } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import { person } from "../targets/targets.fixture.ts"
import { receiver } from "./webhooks.fixture.ts"

const mostAsked = 20

test("an upstream that the registry leaves alone is told to whoever wants to know", async () => {
  await using ours = await receiver()
  const gone = await receiver()
  await gone[Symbol.asyncDispose]()
  const { host } = new URL(gone.origin)
  const configuration = testConfiguration(await testDirectory())
  const runtime = await testRuntime({ ...configuration, registry: { ...configuration.registry, anonymous: "yes" } })
  const { upstreams, webhooks } = runtime.services
  const admin = person(1, "admin")
  const { id } = await upstreams.create(admin, { name: "gone", registry: host, url: gone.origin })
  await webhooks.create(admin, { name: "ours", format: "standard", url: ours.origin, events: ["upstream.unhealthy"] })
  const listening = await listenOnLoopback(createServer((request, response) => void runtime.registry.handle(request, response)))
  onTestFinished(() => listening.close())
  const told = async () => (await runtime.database.webhooks.deliveries({ limit: 1 })).length
  for (let asked = 0; asked < mostAsked && (await told()) === 0; asked++) {
    const answer = await fetch(`${listening.origin}/v2/${host}/team/app-${asked}/manifests/1`)
    await answer.arrayBuffer()
  }
  await ours.arrived(1)
  expect(JSON.parse(ours.received[0]?.body ?? "")).toMatchObject({
    type: "upstream.unhealthy",
    data: { upstream_id: id, name: "gone", registry: host, host },
  })
})
