import { expect, test } from "vitest"
import { testConfiguration } from "../runtime/runtime-settings.fixture.ts"
import { receiver } from "../webhooks/webhooks.fixture.ts"
import { testApi } from "./api.fixture.ts"

test("a program makes a webhook, tests it, and looks at what was sent", async () => {
  await using ours = await receiver({ status: 404 }, { status: 204 })
  const { host } = new URL(ours.origin)
  const api = await testApi({ configuration: { publicUrl: "https://entrepot.example.com" } })
  const as = await api.admin()
  const body = { name: "ours", format: "standard", url: `${ours.origin}/hook`, secret: "canary", events: ["job.failed"] }
  const made = await api.ask("POST /api/webhooks", { as, body })
  const { id, created_at: createdAt } = made.json.webhook
  const webhook = {
    ...{ id, name: "ours", format: "standard", host, events: ["job.failed"], enabled: true, locale: "zh", has_secret: true },
    ...{ last: null, created_at: createdAt, updated_at: createdAt },
  }
  expect([made.status, made.json]).toEqual([201, { success: true, webhook: { ...webhook, updated_at: expect.any(String) } }])

  const error = "status: the receiver answered HTTP 404"
  const failed = await api.ask(`POST /api/webhooks/${id}/test`, { as })
  expect(failed.json.delivery).toMatchObject({ webhook_id: id, event: "test", state: "failed", attempts: 1, status: 404, error })
  const { id: delivery, ended_at: endedAt } = failed.json.delivery
  const again = await api.ask(`POST /api/webhook-deliveries/${delivery}/redeliver`, { as })
  expect(again.json.delivery).toMatchObject({ id: delivery, state: "pending", attempts: 0, error: null })
  await ours.arrived(2)
  const one = async () => (await api.ask(`GET /api/webhook-deliveries/${delivery}`, { as })).json.delivery
  await expect.poll(async () => (await one()).state, { timeout: 10_000 }).toBe("delivered")
  expect((await one()).body).toBe(ours.received[1]?.body)
  const listed = await api.ask(`GET /api/webhook-deliveries?webhook_id=${id}&limit=1`, { as })
  const { body: _, ...shown } = await one()
  expect(listed.json).toEqual({ success: true, deliveries: [shown], next_cursor: null })
  expect(Date.parse(endedAt)).not.toBeNaN()

  const changed = await api.ask(`PUT /api/webhooks/${id}`, { as, body: { enabled: false, locale: "en" } })
  expect(changed.json.webhook).toMatchObject({ enabled: false, locale: "en", has_secret: true, last: { state: "delivered" } })
  const all = await api.ask("GET /api/webhooks", { as })
  expect(all.json).toEqual({ success: true, webhooks: [changed.json.webhook], keeps_secrets: true })
  expect((await api.ask(`DELETE /api/webhooks/${id}`, { as })).json).toEqual({ success: true })
  expect((await api.ask(`DELETE /api/webhooks/${id}`, { as })).status).toBe(404)
  for (const { text } of [made, failed, again, listed, changed, all]) expect(text).not.toMatch(/canary|\/hook/)
})

test("without a master key the answer says what to set", async () => {
  const { accounts } = testConfiguration("")
  const api = await testApi({ configuration: { accounts: { ...accounts, masterKeys: [] } } })
  const as = await api.admin()
  const body = { name: "ours", format: "slack", url: "https://hooks.example.com/x", events: ["job.failed"] }
  const refused = await api.ask("POST /api/webhooks", { as, body })
  expect([refused.status, refused.json.error]).toEqual([
    400,
    { code: "INVALID", detail: "a webhook's address cannot be kept: no master key is configured (MASTER_KEY_FILE)" },
  ])
  expect((await api.ask("GET /api/webhooks", { as })).json.keeps_secrets).toBe(false)
})
