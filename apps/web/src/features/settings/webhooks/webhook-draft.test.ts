import type { Webhook } from "@entrepot/client"
import { expect, test } from "vitest"
import { changesOf, draftOf, inputOf, isWebhookUrl, losesSecret } from "./webhook-draft.ts"

const saved: Webhook = {
  id: 1,
  name: "the team",
  format: "dingtalk",
  host: "oapi.dingtalk.com",
  events: ["job.failed"],
  enabled: true,
  locale: "zh",
  version: 1,
  createdAt: 0,
  updatedAt: 0,
  hasSecret: true,
  last: null,
}

test("a new one tells of what goes wrong, in the language of the page", () => {
  const draft = { ...draftOf(undefined, "en"), name: " the team ", url: " https://hooks.example.com/a " }
  expect(inputOf(draft)).toEqual({
    name: "the team",
    format: "dingtalk",
    url: "https://hooks.example.com/a",
    secret: null,
    events: ["job.failed", "upstream.unhealthy", "upstream.recovered"],
    locale: "en",
    enabled: true,
  })
  expect(inputOf({ ...draft, secret: "SEC1" }).secret).toBe("SEC1")
})

test("S19: a form that was not touched changes nothing, and holds neither address nor secret", () => {
  const draft = draftOf(saved, "en")
  expect([draft.url, draft.secret, changesOf(saved, draft)]).toEqual(["", "", {}])
})

test("what was changed is sent, and nothing else", () => {
  const draft = draftOf(saved, "en")
  expect(changesOf(saved, { ...draft, name: "b", url: "https://a.example/x", enabled: false, locale: "en" })).toEqual({
    name: "b",
    url: "https://a.example/x",
    enabled: false,
    locale: "en",
  })
  expect(changesOf(saved, { ...draft, events: ["job.failed", "job.succeeded"] })).toEqual({
    events: ["job.failed", "job.succeeded"],
  })
  expect(changesOf(saved, { ...draft, secret: "new" })).toEqual({ secret: "new" })
  expect(changesOf(saved, { ...draft, forgetSecret: true })).toEqual({ secret: null })
})

test("no secret is sent to a bot that signs nothing", () => {
  const draft = { ...draftOf(saved, "en"), format: "slack", secret: "typed before" } as const
  expect(changesOf(saved, draft)).toEqual({ format: "slack" })
  expect(inputOf(draft).secret).toBeNull()
})

test("a kept secret goes with its receiver", () => {
  const draft = draftOf(saved, "en")
  expect(losesSecret(saved, draft)).toBe(false)
  expect(losesSecret(saved, { ...draft, url: "https://oapi.dingtalk.com/robot/send?access_token=2" })).toBe(false)
  expect(losesSecret(saved, { ...draft, url: "https://other.example/" })).toBe(true)
  expect(losesSecret(saved, { ...draft, format: "feishu" })).toBe(true)
  expect(losesSecret({ ...saved, hasSecret: false }, { ...draft, format: "feishu" })).toBe(false)
})

test.each([
  ["https://hooks.example.com/a", true],
  ["http://127.0.0.1:1", true],
  ["hooks.example.com", false],
  ["javascript:alert(1)", false],
  ["https://", false],
  ["", false],
])("%s", (text, expected) => {
  expect(isWebhookUrl(text)).toBe(expected)
})
