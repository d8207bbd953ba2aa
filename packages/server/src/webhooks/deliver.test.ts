import { expect, test } from "vitest"
import { person } from "../targets/targets.fixture.ts"
import { openTestWebhooks, receiver } from "./webhooks.fixture.ts"

const admin = person(1, "admin")
const events = ["job.succeeded", "job.failed"] as const

test("a test message is sent now, and what became of it is answered", async () => {
  await using chat = await receiver()
  await using test = await openTestWebhooks()
  const { id } = await test.service.create(admin, { name: "ours", format: "standard", url: `${chat.origin}/hook?key=1`, events })
  const delivery = await test.service.test(admin, id)
  expect(delivery).toMatchObject({ event: "test", state: "delivered", attempts: 1, status: 200, error: null })
  expect(chat.received.map(({ path }) => path)).toEqual(["/hook?key=1"])
})
