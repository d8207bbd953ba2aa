import { describe, expect, test } from "vitest"
import { createLog, type LogOptions } from "./create-log.ts"

function collect(options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  const log = createLog({ level: "trace", write: (line) => lines.push(line), ...options })
  return { log, lines, text: () => lines.join("") }
}

test("a line is one JSON object with level, time, fields and message", () => {
  const { log, lines } = collect()
  log.warn({ jobId: 7, host: "harbor.example.com" }, "waits")
  expect(lines).toHaveLength(1)
  const { time, ...rest } = JSON.parse(lines[0] ?? "")
  expect(rest).toEqual({ level: "warn", jobId: 7, host: "harbor.example.com", msg: "waits" })
  expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(10_000)
})

test("lines below the level are not written", () => {
  const { log, lines } = collect({ level: "warn" })
  log.debug({}, "one")
  log.info({}, "two")
  log.error({}, "three")
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["three"])
})

test("silent writes nothing at all", () => {
  const { log, lines } = collect({ level: "silent" })
  log.error({}, "one")
  expect(lines).toEqual([])
})

describe("S19: no secret gets into the log", () => {
  const canary = "canary-8f3a91"

  test.each([
    ["by the field's name", { password: canary }],
    [
      "in any spelling of it",
      { "target-password": canary, DEFAULT_TARGET_PASSWORD: canary, apiKey: canary, access_token: canary },
    ],
    ["deep inside", { job: { request: [{ auth: { username: "u", password: canary } }] } }],
    ["whole objects under such a name", { credentials: { username: "u", value: canary } }],
    ["request headers", { headers: { authorization: `Bearer ${canary}`, cookie: `session=${canary}`, "set-cookie": [canary] } }],
    ["a URL with user and query", { url: `https://user:${canary}@cdn.example.com/a?sig=${canary}` }],
    ["a URL object", { url: new URL(`https://user:${canary}@cdn.example.com/a?sig=${canary}`) }],
    ["a header inside a text", { line: `Authorization: Basic ${canary}` }],
    ["JSON inside a text", { body: JSON.stringify({ token: canary }) }],
    ["maps", { known: new Map([["a", { secret: canary }]]) }],
    ["bytes", { bytes: Buffer.from(canary), view: new TextEncoder().encode(canary) }],
    ["sealed passwords and session identifiers", { sealed: canary, sessionId: canary, ticket: canary }],
  ])("%s", (_, fields) => {
    const { log, text } = collect()
    log.info(fields, "something happened")
    expect(text()).not.toContain(canary)
    expect(text()).not.toContain(Buffer.from(canary).toString("base64").slice(0, 12))
    expect(text()).toContain("something happened")
  })

  test("in the message", () => {
    const { log, text } = collect()
    log.info({}, `asked https://user:${canary}@registry.example.com/v2/`)
    expect(JSON.parse(text()).msg).toBe("asked https://***@registry.example.com/v2/")
  })

  test("in errors, their causes and their own fields", () => {
    const { log, text } = collect()
    const cause = Object.assign(new Error(`Bearer ${canary} was refused`), { password: canary })
    log.error({ error: new Error(`https://u:${canary}@h.example.com`, { cause }) }, "failed")
    expect(text()).not.toContain(canary)
    const { error } = JSON.parse(text())
    expect(error.message).toBe("https://***@h.example.com")
    expect(error.cause).toMatchObject({ message: "Bearer *** was refused", password: "***" })
  })

  test("known secrets by value, in any encoding", () => {
    const { log, text } = collect({ secrets: [canary, undefined] })
    const basic = Buffer.from(`user:${canary}`).toString("base64")
    log.info({ note: `I typed ${canary}`, sent: basic, form: encodeURIComponent(canary) }, canary)
    expect(text()).not.toContain(canary)
    expect(text()).not.toContain(basic)
  })

  test("what merely says that there is one stays", () => {
    const { log, text } = collect()
    log.info({ hasPassword: true, password: false, key: undefined, tokens: null }, "saved")
    expect(JSON.parse(text())).toMatchObject({ hasPassword: true, password: false, tokens: null })
  })
})

test("circular, deep and long things are cut", () => {
  const { log, text } = collect()
  const circle: Record<string, unknown> = { name: "ring", list: Array.from({ length: 500 }, () => 1), note: "x".repeat(20_000) }
  circle.self = circle
  log.info({ circle, deep: { a: { b: { c: { d: { e: { f: 1 } } } } } } }, "cut")
  const found = JSON.parse(text())
  expect(found.circle.self).toBe("[circular]")
  expect(found.circle.list).toHaveLength(100)
  expect(found.circle.note).toHaveLength(8192)
  expect(JSON.stringify(found.deep)).toContain("[deep]")
})

test("fields cannot take the place of level, time and message", () => {
  const { log, text } = collect()
  log.info({ level: "fatal", time: 1, msg: "forged" }, "true")
  expect(JSON.parse(text())).toMatchObject({ level: "info", msg: "true" })
  expect(text().match(/"msg"/g)).toHaveLength(1)
})

describe("at a terminal", () => {
  test("a line reads as a sentence with its fields", () => {
    const { log, text } = collect({ pretty: true })
    log.warn({ jobId: 7, source: "docker.io/library/nginx", note: "two words" }, "waits")
    expect(text()).toMatch(/^\d\d:\d\d:\d\d WARN {2}waits {2}jobId=7 source=docker\.io\/library\/nginx note="two words"\n$/)
  })

  test("an error's stack stands below", () => {
    const { log, text } = collect({ pretty: true })
    log.error({ error: new Error("broke") }, "failed")
    expect(text().split("\n").slice(0, 2)).toEqual([expect.stringMatching(/ERROR failed {2}error=broke$/), "  Error: broke"])
  })

  test("what others sent does not move the cursor", () => {
    const { log, text } = collect({ pretty: true, colour: false })
    log.info({ name: "\u001B[2Jevil\u202E" }, "job \u001B]0;x\u0007")
    expect(text()).not.toContain("\u001B")
    expect(text()).not.toContain("\u202E")
  })
})
