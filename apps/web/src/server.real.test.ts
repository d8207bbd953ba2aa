import { createServer, type IncomingMessage, request } from "node:http"
import { join } from "node:path"
import { brotliDecompressSync, gunzipSync } from "node:zlib"
import { image, listenOnLoopback, testRegistry } from "@entrepot/testing"
import { beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { buildProgram, directory, fetchUntil, startProgram } from "./program.fixture.ts"

// A build of the pages takes minutes on a busy machine.
beforeAll(buildProgram, 8 * 60_000)

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
    expect(html.match(/(?:src|href)="(?![/#])[^"]*"/g) ?? []).toEqual([])
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

  test("S19: a login that is sent before its script has come leaves the token out of the address, and is asked for again", async () => {
    const { ready } = await start()
    const url = await ready
    await fetchUntil(url, 200)
    const page = await fetch(`${url}/login`)
    expect(await page.text()).toMatch(/<form[^>]* method="post"/)
    const sent = await fetch(`${url}/login`, {
      method: "POST",
      body: new URLSearchParams({ token: "hasty" }),
      redirect: "manual",
    })
    expect([sent.status, sent.headers.get("location")]).toEqual([303, "/login"])
    const crooked = await fetch(`${url}//login`, { method: "POST", body: "", redirect: "manual" })
    expect(crooked.status).toBe(405)
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

describe("over a slow network", () => {
  async function ask(url: string, headers: Readonly<Record<string, string>> = {}) {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { headers }, resolve).once("error", reject).end()
    })
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk)
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }
  }

  test("a page and everything it loads come compressed, and what it loads comes once", async () => {
    const url = await (await start()).ready
    await fetchUntil(url, 200)
    const takes = { "accept-encoding": "gzip, br" }
    const page = await ask(url, takes)
    expect(page.headers).toMatchObject({ "content-encoding": "br", "cache-control": expect.stringContaining("no-store") })
    const html = brotliDecompressSync(page.body).toString()
    const again = await ask(url, { "accept-encoding": "gzip" })
    expect(again.headers["content-encoding"]).toBe("gzip")
    expect(gunzipSync(again.body).toString()).toContain("</html>")

    const files = [...new Set([...html.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(([, path]) => path ?? ""))]
    expect(files.some((path) => path.endsWith(".js")) && files.some((path) => path.endsWith(".css"))).toBe(true)
    for (const path of files) {
      const plain = await ask(`${url}${path}`)
      const small = await ask(`${url}${path}`, takes)
      expect([path, small.status, small.headers["cache-control"]]).toEqual([path, 200, "public, max-age=31536000, immutable"])
      if (plain.body.length > 1000) expect([path, small.headers["content-encoding"]]).toEqual([path, "br"])
      const read = small.headers["content-encoding"] === "br" ? brotliDecompressSync(small.body) : small.body
      expect([path, read.equals(plain.body)]).toEqual([path, true])
      const known = await ask(`${url}${path}`, { ...takes, "if-none-match": small.headers.etag ?? "" })
      expect([path, known.status, known.body.length]).toEqual([path, 304, 0])
    }
    const icon = /href="(\/icon\.svg[^"]*)"/.exec(html)?.[1] ?? ""
    expect((await ask(`${url}${icon}`, takes)).headers).toMatchObject({
      "content-type": "image/svg+xml",
      vary: "Accept-Encoding",
    })
  })

  test("S11: no spelling of a file's address leads out of the build", async () => {
    const url = await (await start()).ready
    await fetchUntil(url, 200)
    for (const path of [
      "/_next/static/../BUILD_ID",
      "/_next/static/%2e%2e/BUILD_ID",
      "/_next/static/..%2f..%2fpackage.json",
      "/_next/static/..%5c..%5cpackage.json",
      "/_next/static/..\\..\\package.json",
      "/_next/static/%252e%252e/BUILD_ID",
      "/_next/static/chunks/%00",
      "/_next/%2e%2e/package.json",
      "/_next/../.next/BUILD_ID",
      "/.next/BUILD_ID",
      "/..%2fpackage.json",
      "/%2e%2e/%2e%2e/package.json",
    ]) {
      const raw = await new Promise<IncomingMessage>((resolve, reject) => {
        request({ host: "127.0.0.1", port: new URL(url).port, path }, resolve)
          .once("error", reject)
          .end()
      })
      let text = ""
      for await (const chunk of raw) text += chunk
      expect([path, raw.statusCode ?? 0]).not.toEqual([path, 200])
      expect([path, text.includes('"private"')]).toEqual([path, false])
    }
  })

  test("a page speaks the language of the cookie, and otherwise the configured one", async () => {
    const url = await (await start({ ENTREPOT_LANG: "en" })).ready
    await fetchUntil(url, 200)
    const languageOf = async (headers: Readonly<Record<string, string>>) =>
      /<html[^>]* lang="(zh|en)/.exec((await ask(url, headers)).body.toString())?.[1]
    expect(await languageOf({})).toBe("en")
    expect(await languageOf({ "accept-language": "fr" })).toBe("en")
    expect(await languageOf({ "accept-language": "zh-CN,zh;q=0.9" })).toBe("zh")
    expect(await languageOf({ "accept-language": "en", cookie: "entrepot_locale=zh" })).toBe("zh")
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
