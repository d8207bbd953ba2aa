import { randomBytes } from "node:crypto"
import type { WebhookFormat } from "@entrepot/db/stores"
import { expect, test } from "vitest"
import { SealedText } from "../targets/sealed-text.ts"
import { person } from "../targets/targets.fixture.ts"
import { WebhookSeals } from "./webhook-seals.ts"
import { openTestWebhooks, receiver } from "./webhooks.fixture.ts"

const [admin, operator] = [person(1, "admin"), person(2, "operator")]
const chat = {
  name: "ops",
  format: "dingtalk",
  url: "https://oapi.dingtalk.com/robot/send?access_token=canary-token",
  secret: "canary-secret",
  events: ["job.failed"],
} as const

test("a webhook is shown without its address and secret, and changes keep what they do not name", async () => {
  await using test = await openTestWebhooks()
  const made = await test.service.create(admin, chat)
  const at = test.clock.now
  expect(made).toEqual({
    ...{ id: made.id, name: "ops", format: "dingtalk", host: "oapi.dingtalk.com", events: ["job.failed"], enabled: true },
    ...{ locale: "en", version: 1, createdAt: at, updatedAt: at, hasSecret: true, last: null },
  })
  const changed = await test.service.update(admin, made.id, { name: "ops chat", enabled: false, locale: "zh" })
  expect(changed).toEqual({ ...made, name: "ops chat", enabled: false, locale: "zh" })
  expect(await test.service.list(admin)).toEqual([changed])
  expect((await test.service.update(admin, made.id, { url: `${chat.url}2` })).hasSecret).toBe(true)
  expect((await test.service.update(admin, made.id, { url: "https://other.example.com/send" })).hasSecret).toBe(false)
  expect((await test.service.update(admin, made.id, { secret: "another" })).hasSecret).toBe(true)
  expect((await test.service.update(admin, made.id, { secret: null })).hasSecret).toBe(false)
  await test.service.remove(admin, made.id)
  expect(await test.service.list(admin)).toEqual([])
  await expect(test.service.remove(admin, made.id)).rejects.toMatchObject({
    code: "not_found",
    message: "there is no such webhook",
  })
})

test("S19: address and secret are in no answer, log, audit line or file, whatever goes wrong", async () => {
  await using bot = await receiver({ body: '{"errcode":310000,"errmsg":"canary-answer"}' }, { status: 302 })
  await using test = await openTestWebhooks()
  const url = `${bot.origin}/canary-path/robot?access_token=canary-token`
  const shown: unknown[] = []
  const { id } = await test.service.create(admin, { ...chat, url })
  shown.push(await test.service.test(admin, id), await test.service.update(admin, id, { url: `${url}2`, secret: "canary-other" }))
  // DingTalk is left a pause between two messages, and the clock stands.
  test.clock.now += 5000
  const delivery = await test.service.test(admin, id)
  test.clock.now += 5000
  shown.push(delivery, await test.service.delivery(admin, delivery.id), await test.service.list(admin))
  shown.push(await test.service.deliveries(admin, { limit: 10 }), await test.service.redeliver(admin, delivery.id))
  await bot.arrived(3)
  for (const wrong of [{ url: "ftp://canary-host/x" }, { url: "https://canary:canary@x.example.com" }, { secret: "\ncanary" }]) {
    shown.push(await test.service.create(admin, { ...chat, name: "other", ...wrong }).catch((error: Error) => error.message))
  }
  shown.push(await test.service.create(admin, chat).catch((error: Error) => error.message))
  shown.push(await test.stores.audit.list({ limit: 100 }))
  expect(bot.received[0]?.path).toContain("/canary-path/robot?access_token=canary-token&timestamp=")
  expect(JSON.stringify(shown)).not.toContain("canary")
  await test.webhooks.stop(5000)
  expect(test.logged()).toContain("refused: the bot refused the message (error 310000)")
  expect(test.logged()).not.toContain("canary")
  expect((await test.fileBytes()).includes("canary")).toBe(false)
})

test("S19: a seal opens neither in another row nor for another host, nor with another key", async () => {
  const masterKeys = [randomBytes(32)]
  await using test = await openTestWebhooks({ masterKeys })
  const { id } = await test.service.create(admin, chat)
  const row = await test.stores.webhooks.get(id)
  if (row === undefined) throw new Error("the row is gone")
  const seals = new WebhookSeals(new SealedText(masterKeys, undefined, "webhook"))
  expect(seals.open(row)).toEqual({ url: chat.url, secret: chat.secret })
  const others = [{ id: id + 1 }, { host: "evil.example.com" }, { version: row.version + 1 }]
  expect(others.map((other) => seals.open({ ...row, ...other }))).toEqual([undefined, undefined, undefined])
  expect(new WebhookSeals(new SealedText(masterKeys, undefined, "upstream")).open(row)).toBeUndefined()

  await test.stores.webhooks.update(id, { host: "evil.example.com" }, 0)
  expect(await test.service.test(admin, id)).toMatchObject({
    state: "failed",
    error: "sealed: no present master key opens the webhook's address",
  })
  await expect(test.service.update(admin, id, { secret: "new" })).rejects.toMatchObject({
    code: "unavailable",
    message: "the saved address of ops cannot be opened with the present master keys; give it anew",
  })
  expect((await test.service.update(admin, id, { url: chat.url, secret: null })).host).toBe("oapi.dingtalk.com")
})

test("without a master key no address is kept", async () => {
  await using test = await openTestWebhooks({ masterKeys: [] })
  expect(test.service.keepsSecrets).toBe(false)
  await expect(test.service.create(admin, chat)).rejects.toMatchObject({
    code: "invalid",
    message: "a webhook's address cannot be kept: no master key is configured (MASTER_KEY_FILE)",
  })
  expect(await test.service.list(admin)).toEqual([])
})

test("S13: whoever is no administrator gets nowhere", async () => {
  await using test = await openTestWebhooks()
  const { id } = await test.service.create(admin, chat)
  const { service } = test
  const attempts = [
    () => service.list(operator),
    () => service.create(operator, chat),
    () => service.update(operator, id, { enabled: false }),
    () => service.remove(operator, id),
    () => service.test(operator, id),
    () => service.deliveries(operator, { limit: 1 }),
    () => service.delivery(operator, 1),
    () => service.redeliver(operator, 1),
  ]
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "forbidden" })
})

test("every change, test and repetition is in the audit log", async () => {
  await using bot = await receiver()
  await using test = await openTestWebhooks()
  const { host } = new URL(bot.origin)
  const { id } = await test.service.create(admin, { ...chat, format: "slack", secret: null, url: bot.origin })
  await test.service.update(admin, id, { enabled: false })
  const delivery = await test.service.test(admin, id)
  await test.service.redeliver(admin, delivery.id)
  await test.service.remove(admin, id)
  const entries = [...(await test.stores.audit.list({ limit: 10 }))].reverse()
  expect(entries.map(({ actorName, action, subject }) => [actorName, action, subject])).toEqual([
    ["admin1", "webhook.create", `ops (${id}: ${host})`],
    ["admin1", "webhook.update", `ops (${id}: ${host})`],
    ["admin1", "webhook.test", `ops (${id}: ${host})`],
    ["admin1", "webhook.redeliver", `ops (${id}: ${host}): test (${delivery.id})`],
    ["admin1", "webhook.remove", `ops (${id}: ${host})`],
  ])
})

const wrong: readonly (readonly [object, string])[] = [
  [{ name: " " }, "a webhook has a name of 1 to 100 printable characters"],
  [{ events: [] }, "a webhook is told of one event at least"],
  [{ url: "bot.example.com" }, "a webhook's address is written like https://hooks.example.com/services/…, with https or http"],
  [{ url: "https://a:b@bot.example.com" }, "a webhook's address has no user and password in it; messages are signed instead"],
  [{ secret: " " }, "a secret has 1 to 1024 printable characters; null forgets the one that is kept"],
  [{ format: "wecom" satisfies WebhookFormat }, "messages to a wecom bot are not signed: there is no secret"],
  [{ format: "slack" satisfies WebhookFormat }, "messages to a slack bot are not signed: there is no secret"],
]

test("what cannot be a webhook is refused, each with its reason", async () => {
  await using test = await openTestWebhooks()
  for (const [part, message] of wrong) {
    await expect(test.service.create(admin, { ...chat, ...part })).rejects.toMatchObject({ code: "invalid", message })
  }
  expect(await test.service.list(admin)).toEqual([])
})

test("a name is given once", async () => {
  await using test = await openTestWebhooks()
  await test.service.create(admin, chat)
  await expect(test.service.create(admin, chat)).rejects.toMatchObject({
    code: "conflict",
    message: "there is a webhook ops already",
  })
})

test("deliveries are shown page by page, each with its body but without its signature", async () => {
  await using bot = await receiver({ body: '{"code":0}' })
  await using test = await openTestWebhooks({ publicUrl: "https://entrepot.example.com" })
  const { id } = await test.service.create(admin, { ...chat, format: "feishu", url: bot.origin, locale: "zh" })
  // Feishu is left a pause between two messages, and the clock stands.
  const first = await test.service.test(admin, id)
  test.clock.now += 1000
  const second = await test.service.test(admin, id)
  const page = await test.service.deliveries(admin, { webhookId: id, limit: 1 })
  expect(page).toEqual({ deliveries: [second], next: second.id })
  expect(await test.service.deliveries(admin, { before: second.id, limit: 1 })).toEqual({ deliveries: [first], next: null })
  const { body } = await test.service.delivery(admin, first.id)
  expect(JSON.parse(body)).toEqual({
    msg_type: "post",
    content: {
      post: {
        zh_cn: {
          title: "Entrepot：测试消息",
          content: [
            [{ tag: "text", text: "收到这条消息，说明通知已经配置好。" }],
            [{ tag: "a", text: "查看设置", href: "https://entrepot.example.com/settings/webhooks" }],
          ],
        },
      },
    },
  })
  expect(JSON.parse(bot.received[0]?.body ?? "")).toMatchObject({ timestamp: "1795262400", ...JSON.parse(body) })
  const [view] = await test.service.list(admin)
  expect(view?.last).toEqual({ state: "delivered", endedAt: test.clock.now, status: 200, error: null })
  await expect(test.service.delivery(admin, 999)).rejects.toMatchObject({
    code: "not_found",
    message: "there is no such delivery",
  })
})
