import type { WebhookFormat } from "@entrepot/db/stores"
import { expect, test } from "vitest"
import { formats } from "./formats/formats.ts"
import { MessageSender, type SenderOptions } from "./send-message.ts"
import { type Reply, receiver } from "./webhooks.fixture.ts"

const never = new AbortController().signal

async function attempt(url: string, format: WebhookFormat = "standard", options: Partial<SenderOptions> = {}) {
  const sender = new MessageSender({ hosts: () => ({}), ...options })
  try {
    return await sender.send({ url, headers: {}, body: "{}" }, formats[format], 0, never)
  } finally {
    await sender.close()
  }
}

test.each<[WebhookFormat, Reply, object]>([
  ["standard", { status: 204 }, { status: 204, error: null }],
  ["standard", { status: 200, body: "x".repeat(200_000) }, { status: 200, error: null }],
  ["standard", { status: 500 }, { status: 500, error: "status: the receiver answered HTTP 500", passes: true }],
  ["standard", { status: 404 }, { status: 404, error: "status: the receiver answered HTTP 404", passes: false }],
  ["standard", { status: 408 }, { passes: true }],
  ["standard", { status: 409 }, { passes: true }],
  ["standard", { status: 425 }, { passes: true }],
  ["standard", { status: 429, headers: { "retry-after": "90" } }, { passes: true, retryAfterMs: 90_000 }],
  ["slack", { status: 200, body: "ok" }, { status: 200, error: null }],
  ["slack", { status: 410, body: "channel_is_archived" }, { status: 410, passes: false }],
  ["dingtalk", { body: '{"errcode":0}' }, { status: 200, error: null }],
  [
    "dingtalk",
    { body: '{"errcode":310000,"errmsg":"canary"}' },
    { status: 200, error: "refused: the bot refused the message (error 310000)", passes: false },
  ],
  [
    "wecom",
    { body: '{"errcode":45009}' },
    { error: "pressed: the bot takes no more messages for a while (error 45009)", passes: true, retryAfterMs: 60_000 },
  ],
  ["feishu", { status: 400, body: '{"code":11232}' }, { status: 400, passes: true, retryAfterMs: 60_000 }],
  [
    "feishu",
    { body: `{"pad":"${"x".repeat(70_000)}","code":0}` },
    { status: 200, error: "answer: the receiver's answer is not one of such a bot", passes: true },
  ],
])("%s: what %j means", async (format, reply, expected) => {
  await using chat = await receiver(reply)
  expect(await attempt(chat.origin, format)).toMatchObject(expected)
})

test("S3: a redirect is not followed", async () => {
  await using other = await receiver()
  await using chat = await receiver({ status: 307, headers: { location: `${other.origin}/canary` } })
  expect(await attempt(chat.origin)).toMatchObject({
    status: 307,
    error: "status: the receiver answered HTTP 307, and redirects are not followed",
    passes: false,
  })
  expect(other.received).toEqual([])
})

test("S3: neither this server's own sockets nor link-local addresses are dialled, by no name", async () => {
  await using own = await receiver()
  const { port } = new URL(own.origin)
  const lookup = async (name: string) => [{ address: name.startsWith("meta") ? "169.254.169.254" : "127.0.0.1", family: 4 }]
  const denied = [`127.0.0.1:${port}`]
  const blocked = (error: string) => ({ status: null, error: `blocked: ${error}`, passes: false })
  const itself = "is this server itself, which is never dialled"
  expect(await attempt(own.origin, "standard", { denied })).toEqual(blocked(`127.0.0.1:${port} ${itself}`))
  expect(await attempt(`http://bot.example.com:${port}`, "slack", { denied, lookup })).toEqual(
    blocked(`bot.example.com:${port} (127.0.0.1) ${itself}`),
  )
  expect(await attempt("http://169.254.169.254/latest")).toEqual(
    blocked("169.254.169.254 is a metadata address, which is never dialled"),
  )
  expect(await attempt("https://meta.example.com/", "standard", { lookup })).toEqual(
    blocked("meta.example.com (169.254.169.254) is a metadata address, which is never dialled"),
  )
  expect(own.received).toEqual([])
})

test("a receiver that does not answer in time, or at all, is tried again", async () => {
  await using silent = await receiver(new Promise<Reply>(() => undefined))
  expect(await attempt(silent.origin, "standard", { timeoutMs: 50 })).toEqual({
    status: null,
    error: "timeout: no answer within 0.05 s",
    passes: true,
  })
  const gone = await receiver()
  await gone[Symbol.asyncDispose]()
  const { host } = new URL(gone.origin)
  expect(await attempt(gone.origin)).toEqual({ status: null, error: `network: connection refused by ${host}`, passes: true })
})

test("an answer that is no HTTP is not quoted", async () => {
  await using chat = await receiver({ headers: { "content-encoding": "canary" } })
  expect(await attempt(chat.origin)).toEqual({
    status: null,
    error: "answer: the receiver's answer cannot be understood",
    passes: true,
  })
})
