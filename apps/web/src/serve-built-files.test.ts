import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer, type IncomingMessage, request } from "node:http"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib"
import { listenOnLoopback } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { readBuiltFiles } from "./read-built-files.ts"
import { serveBuiltFiles } from "./serve-built-files.ts"

const script = "console.log('an image')\n".repeat(100)
const icon = `<svg xmlns="http://www.w3.org/2000/svg"/>`

let root: string
let port: number
let close: () => Promise<void>

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "entrepot-files-"))
  const put = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  await put("secret.txt", "secret")
  await put("build/BUILD_ID", "secret")
  await put("build/server/page.js", "secret")
  await put("build/server/app/page.js", "secret")
  await put("build/server/app/icon.svg.body", icon)
  await put("build/static/chunks/one.js", script)
  await put("build/static/chunks/one.js.br", brotliCompressSync(script))
  await put("build/static/chunks/one.js.gz", gzipSync(script))
  await put("build/static/chunks/[root]~two.js", "2")
  await put("build/static/media/small.css", "a{}")
  await put("build/static/media/small.css.br", "larger than what it was made of")
  await put("build/static/media/face.woff2", Buffer.from([1, 2, 3]))
  await put("build/static/media/odd.xyz", "?")
  const answer = serveBuiltFiles(await readBuiltFiles(join(root, "build")))
  const server = createServer((request, response) => {
    if (!answer(request, response)) response.writeHead(299).end("a page")
  })
  ;({ port, close } = await listenOnLoopback(server))
})
afterAll(async () => {
  await close()
  await rm(root, { recursive: true, force: true })
})

/** Says the path as it stands, which no browser would. */
async function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = "GET") {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, method, headers, agent: false }, resolve).once("error", reject).end()
  })
  const chunks: Buffer[] = []
  for await (const part of answer) chunks.push(part)
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }
}

const chunk = "/_next/static/chunks/one.js"

describe("a file of the build", () => {
  test("is kept for good by whoever has it, and runs nothing when it is opened by itself", async () => {
    const { status, headers, body } = await ask(chunk)
    expect(status).toBe(200)
    expect(headers).toEqual({
      "cache-control": "public, max-age=31536000, immutable",
      connection: "close",
      "content-length": String(script.length),
      "content-security-policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
      "content-type": "text/javascript; charset=utf-8",
      "cross-origin-resource-policy": "same-origin",
      date: expect.any(String),
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
      "referrer-policy": "same-origin",
      vary: "Accept-Encoding",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    })
    expect(body.toString()).toBe(script)
  })

  test("is sent in the smallest form that the client takes", async () => {
    const best = await ask(chunk, { "accept-encoding": "gzip, br" })
    expect(best.headers).toMatchObject({
      "content-encoding": "br",
      "content-length": String(best.body.length),
      vary: "Accept-Encoding",
    })
    expect(brotliDecompressSync(best.body).toString()).toBe(script)
    const other = await ask(chunk, { "accept-encoding": "gzip" })
    expect(other.headers).toMatchObject({ "content-encoding": "gzip", "content-length": String(other.body.length) })
    expect(gunzipSync(other.body).toString()).toBe(script)
    expect(new Set([best, other, await ask(chunk)].map(({ headers }) => headers.etag)).size).toBe(3)
  })

  test("is sent as it is where that is the smallest", async () => {
    const { headers, body } = await ask("/_next/static/media/small.css", { "accept-encoding": "br" })
    expect([headers["content-encoding"], headers["content-type"], body.toString()]).toEqual([
      undefined,
      "text/css; charset=utf-8",
      "a{}",
    ])
  })

  test("has the type of its name, and none that a browser would try to read where nobody knows it", async () => {
    expect((await ask("/_next/static/media/face.woff2")).headers["content-type"]).toBe("font/woff2")
    expect((await ask("/_next/static/media/odd.xyz")).headers["content-type"]).toBe("application/octet-stream")
  })

  test("is not sent again to who has it", async () => {
    const takes = { "accept-encoding": "br" }
    const { headers } = await ask(chunk, takes)
    const etag = headers.etag ?? ""
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const again = await ask(chunk, { ...takes, "if-none-match": known })
      expect([again.status, again.headers.etag, again.headers.vary, again.body.length]).toEqual([304, etag, "Accept-Encoding", 0])
      expect(again.headers["cache-control"]).toBe("public, max-age=31536000, immutable")
    }
    expect((await ask(chunk, { "if-none-match": etag })).status).toBe(200)
  })

  test("is described by HEAD", async () => {
    const { status, headers, body } = await ask(chunk, { "accept-encoding": "gzip" }, "HEAD")
    expect([status, headers["content-encoding"], body.length]).toEqual([200, "gzip", 0])
    expect(Number(headers["content-length"])).toBe(gzipSync(script).length)
  })

  test("is found with a query, and with what a browser encodes", async () => {
    expect((await ask(`${chunk}?dpl=1`)).status).toBe(200)
    expect((await ask("/_next/static/chunks/%5Broot%5D~two.js")).body.toString()).toBe("2")
    expect((await ask("/_next/static/chunks/[root]~two.js")).body.toString()).toBe("2")
  })

  test("of the app folder is asked for again after a day", async () => {
    const { headers, body } = await ask("/icon.svg?icon.1a2b.svg")
    expect(headers).toMatchObject({ "cache-control": "public, max-age=86400", "content-type": "image/svg+xml" })
    expect(body.toString()).toBe(icon)
  })
})

test("what is missing is not remembered as missing", async () => {
  const { status, headers, body } = await ask("/_next/static/chunks/older.js")
  expect([status, headers["cache-control"], body.toString()]).toEqual([404, "no-store", "There is nothing here.\n"])
})

test.each([
  "../secret.txt",
  "../../secret.txt",
  "..%2f..%2fsecret.txt",
  "%2e%2e/%2e%2e/secret.txt",
  "%2e%2e%2f%2e%2e%2fsecret.txt",
  "%252e%252e/%252e%252e/secret.txt",
  "..\\..\\secret.txt",
  "..%5c..%5csecret.txt",
  "chunks/../../server/page.js",
  "chunks/..;/..;/server/page.js",
  "../BUILD_ID",
  "..%c0%af..%c0%afsecret.txt",
  "..%u2215..%u2215secret.txt",
  "chunks/one.js%00",
  "chunks/one.js%00.css",
  "%00",
  "chunks/one.js/",
  "chunks//one.js",
  "./chunks/one.js",
  "chunks/one.js.br",
  "chunks/one.js.gz",
  "CHUNKS/ONE.JS",
  "chunks",
  "chunks/",
  "",
  "%",
  "%zz",
  "__proto__",
  "constructor",
  "/etc/passwd",
  `${"../".repeat(40)}etc/passwd`,
])("S11: /_next/static/%s is nothing", async (path) => {
  const { status, body } = await ask(`/_next/static/${path}`)
  expect([status, body.toString()]).toEqual([404, "There is nothing here.\n"])
})

test.each([
  "/",
  "/_next",
  "/_next/static",
  "/_next/image",
  "/icon.svg/",
  "/icon.svg.body",
  "/page.js",
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/x/../icon.svg",
  "//icon.svg",
])("S11: %s is left to the pages", async (path) => {
  expect((await ask(path)).status).toBe(299)
})
