import { createServer, request } from "node:http"
import { join } from "node:path"
import { image, listenOnLoopback, testRegistry } from "@entrepot/testing"
import { beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { buildProgram, directory, fetchUntil, startProgram } from "./program.fixture.ts"

beforeAll(buildProgram)

const canary = "canary-3b9f2d71"

async function start(variables: Readonly<Record<string, string>> = {}) {
  return startProgram({ PORT: "0", DATA_DIR: join(await directory(), "data"), ...variables })
}

test("it is ready in under 5 seconds, and answers in a form of its own until the pages are", async () => {
  const began = performance.now()
  const { ready } = await start()
  const url = await ready
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect(performance.now() - began).toBeLessThan(5000)
  expect(await fetchUntil(url, 200).then((answer) => answer.text())).toContain("<html")
})

describe("S12, S18: a page", () => {
  test("runs only scripts with this answer's nonce, and names no other host", async () => {
    const { ready } = await start()
    const url = await ready
    const first = await fetchUntil(url, 200)
    const html = await first.text()
    const policy = first.headers.get("content-security-policy") ?? ""
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain("unsafe")
    const scripts = html.match(/<script[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([])
    expect(html.match(/(?:src|href)="(?!\/)[^"]*"/g) ?? []).toEqual([])
    expect((await fetch(url)).headers.get("content-security-policy")).not.toBe(policy)
    expect(first.headers.get("x-powered-by")).toBeNull()
  })

  test("is not steered by Next's inner headers, and not changed by methods but GET", async () => {
    const { ready } = await start()
    const url = await ready
    const plain = await (await fetchUntil(url, 200)).text()
    const bare = (html: string) => html.replace(/nonce="[^"]*"|\\"nonce\\":\\"[^"]*"/g, "")
    const headers = {
      "x-middleware-subrequest": "src/middleware",
      "x-middleware-rewrite": "http://127.0.0.1:1/",
      "x-nextjs-data": "1",
    }
    expect(bare(await (await fetch(url, { headers })).text())).toBe(bare(plain))
    const action = await fetch(url, { method: "POST", headers: { "next-action": "x" }, body: "[]" })
    expect([action.status, action.headers.get("allow")]).toEqual([405, "GET, HEAD"])
    expect((await fetch(`${url}/_next/image?url=%2Fx&w=64&q=75`)).status).toBe(404)
  })

  test("cannot be upgraded to another protocol, after pages were shown neither", async () => {
    const { ready } = await start()
    const url = await ready
    await fetchUntil(url, 200)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "eA==", "sec-websocket-version": "13" }
      request(`${url}/_next/webpack-hmr`, { headers })
        .once("response", (answer) => resolve(answer.resume().statusCode))
        .once("upgrade", () => resolve(101))
        .once("error", reject)
        .end()
    })
    expect(status).toBe(400)
  })
})

test("S19: no secret of the configuration, of a request or of a job is printed, and every line is JSON", async () => {
  const source = await testRegistry({ images: { "team/app:1": image({ seed: "log" }) } })
  onTestFinished(() => source.close())
  const { ready, output, child, ended } = await start({
    LOG_LEVEL: "trace",
    DEFAULT_TOKEN: `token-${canary}`,
    SERVER_SECRET: `secret-${canary}`.padEnd(40, "x"),
    DEFAULT_TARGET: source.host,
    DEFAULT_TARGET_USERNAME: "robot",
    DEFAULT_TARGET_PASSWORD: `password-${canary}`,
    HTTP_PROXY: `http://user:proxy-${canary}@127.0.0.1:1`,
  })
  const url = await ready
  const json = { "content-type": "application/json", origin: url }
  const login = await fetch(`${url}/api/auth/login?token=${canary}`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ token: `token-${canary}` }),
  })
  expect(login.status).toBe(200)
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0])
    .join("; ")
  await fetch(`${url}/api/proxy/start`, {
    method: "POST",
    headers: { ...json, cookie },
    body: JSON.stringify({
      source_image: `${source.host}/team/none:1`,
      target_host: source.host,
      target_username: "admin",
      target_password: `job-${canary}`,
    }),
  })
  await fetch(`${url}/api/auth/login`, { method: "POST", headers: json, body: JSON.stringify({ token: `wrong-${canary}` }) })
  child.kill("SIGTERM")
  expect(await ended).toBe(0)
  expect(output()).toContain('"path":"/api/auth/login"')
  expect(output()).not.toContain(canary)
  expect(output()).not.toContain(cookie.split("=")[1])
  const lines = output().trimEnd().split("\n")
  expect(lines.filter((line) => !line.startsWith('{"level"'))).toEqual([])
})

describe("fault 50: a signal", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("%s ends it with 0, and leaves the database whole", async (signal) => {
    const data = await directory()
    const first = startProgram({ PORT: "0", DATA_DIR: data })
    await fetchUntil(await first.ready, 200)
    first.child.kill(signal)
    expect(await first.ended).toBe(0)
    expect(first.output()).toContain('"msg":"stopped"')
    const second = startProgram({ PORT: "0", DATA_DIR: data })
    await second.ready
  })

  test("that comes twice ends it at once, whatever still runs", async () => {
    const source = await testRegistry({ images: { "team/app:1": image({ seed: "twice", layers: [{ sizeBytes: 400_000 }] }) } })
    const target = await testRegistry()
    onTestFinished(async () => {
      await source.close()
      await target.close()
    })
    source.fail("GET blob", { as: "stall", after: 10_000, times: Number.POSITIVE_INFINITY })
    const { ready, child, ended, output } = await start({ DEFAULT_TOKEN: "a token for this test" })
    const url = await ready
    const headers = { "content-type": "application/json", origin: url }
    const login = await fetch(`${url}/api/auth/login`, {
      method: "POST",
      headers,
      body: JSON.stringify({ token: "a token for this test" }),
    })
    const cookie = login.headers
      .getSetCookie()
      .map((line) => line.split(";", 1)[0])
      .join("; ")
    const body = JSON.stringify({ source_image: `${source.host}/team/app:1`, target_host: target.host })
    await fetch(`${url}/api/proxy/start?async=1`, { method: "POST", headers: { ...headers, cookie }, body })
    await expect.poll(() => source.count("GET blob"), { timeout: 10_000 }).toBeGreaterThan(0)
    child.kill("SIGTERM")
    await expect.poll(output, { timeout: 5_000 }).toContain("a second signal stops at once")
    child.kill("SIGTERM")
    expect(await ended).toBe(143)
    expect(output()).not.toContain('"msg":"stopped"')
  })
})

describe("what keeps it from starting is one sentence on standard error", () => {
  test("a configuration that cannot be used", async () => {
    const { ended, output } = await start({ PORT: "http", LOG_LEVEL: "loud" })
    expect(await ended).toBe(1)
    expect(output()).toBe(
      'The configuration cannot be used:\n  PORT is "http": write a port number, 0 to 65535\n  LOG_LEVEL is "loud": write trace, debug, info, warn, error or silent\n',
    )
  })

  test("a port that is taken", async () => {
    const taken = await listenOnLoopback(createServer())
    onTestFinished(() => taken.close())
    const { ended, output } = await start({ PORT: String(taken.port) })
    expect(await ended).toBe(1)
    expect(output()).toBe(`port ${taken.port} of 127.0.0.1 is already in use: stop what uses it, or set PORT to another\n`)
  })
})
