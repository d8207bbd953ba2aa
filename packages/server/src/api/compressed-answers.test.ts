import { once } from "node:events"
import type { IncomingMessage } from "node:http"
import { brotliDecompressSync, createGunzip, gunzipSync } from "node:zlib"
import type { NewJob } from "@entrepot/db/stores"
import { describe, expect, test } from "vitest"
import { type Answered, type Asking, type TestApi, type TestApiOptions, testApi } from "./api.fixture.ts"
import { mayBeCompressed } from "./may-be-compressed.ts"
import { routes } from "./rest/routes.ts"
import { appRouter } from "./router.ts"
import { procedureOf, streamRequest } from "./try-right.fixture.ts"

const both = { "accept-encoding": "gzip, deflate, br, zstd" }

async function withJobs(count: number, options?: TestApiOptions): Promise<{ readonly api: TestApi; readonly as: string }> {
  const api = await testApi(options)
  const as = await api.admin()
  const jobs = Array.from(
    { length: count },
    (_, index): NewJob => ({
      ownerId: 1,
      source: `docker.io/library/nginx:${index}`,
      target: `harbor.example.com/proxy/nginx:${index}`,
      sourceHost: "docker.io",
      targetHost: "harbor.example.com",
      request: { source: "docker://nginx", target: "docker://harbor.example.com/nginx", engine: "direct" },
      priority: 0,
    }),
  )
  // Of a terminal: no runner of the server takes them up.
  await api.runtime.database.jobs.create(jobs, Date.UTC(2026, 10, 21, 12), "terminal")
  return { api, as }
}

const page = `GET /api/trpc/jobs.list?input=${encodeURIComponent(JSON.stringify({ limit: 200 }))}`

describe("a page of 200 jobs", () => {
  test.each([
    ["tRPC", page],
    ["REST", "GET /api/jobs?limit=200"],
  ])("comes by %s in a tenth of its bytes, with their number", async (_, line) => {
    const { api, as } = await withJobs(200)
    const plain = await api.ask(line, { as })
    const [br, gzip] = [
      await api.ask(line, { as, headers: both }),
      await api.ask(line, { as, headers: { "accept-encoding": "gzip" } }),
    ]
    expect(plain.headers).toMatchObject({
      vary: expect.stringContaining("Accept-Encoding"),
      "content-length": String(plain.bytes.length),
    })
    expect([plain.headers["content-encoding"], plain.bytes.length > 100_000]).toEqual([undefined, true])
    for (const [coding, answer] of [
      ["br", br],
      ["gzip", gzip],
    ] as const) {
      expect(answer.headers).toMatchObject({
        "content-encoding": coding,
        "content-length": String(answer.bytes.length),
        vary: plain.headers.vary,
        "content-type": plain.headers["content-type"],
        "cache-control": "no-store",
      })
      expect(answer.bytes.length).toBeLessThan(plain.bytes.length / 10)
    }
    expect(brotliDecompressSync(br.bytes).equals(plain.bytes)).toBe(true)
    expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true)
  })
})

test.each(["GET /api/openapi.json", "GET /api/docs"])("%s is compressed, and HEAD is told what GET is", async (line) => {
  const api = await testApi()
  const got = await api.ask(line, { headers: both })
  const told = await api.ask(line.replace("GET", "HEAD"), { headers: both })
  const shown = ({ headers }: Answered) =>
    ["content-type", "content-encoding", "content-length", "vary"].map((name) => headers[name])
  expect(shown(got).slice(1)).toEqual(["br", String(got.bytes.length), "Accept-Encoding"])
  expect([told.status, told.bytes.length]).toEqual([200, 0])
  // Each page has its own nonce, with which its length changes by a byte or two.
  if (line.endsWith("json")) expect(shown(told)).toEqual(shown(got))
  else expect(shown(told)[1]).toBe("br")
  expect(brotliDecompressSync(got.bytes).length).toBeGreaterThan(10 * 1024)
})

test("short answers, refusals among them, stay as they are", async () => {
  const api = await testApi()
  const as = await api.admin()
  for (const [line, asking] of [
    ["GET /healthz", {}],
    ["GET /api/trpc/accounts.me", { as }],
    ["GET /api/trpc/accounts.me", {}],
    ["GET /api/nothing", {}],
  ] as const satisfies readonly (readonly [string, Asking])[]) {
    const { headers, bytes, json } = await api.ask(line, { ...asking, headers: both })
    expect([line, headers["content-encoding"], headers["content-length"]]).toEqual([line, undefined, String(bytes.length)])
    expect(headers.vary).toContain("Accept-Encoding")
    expect(json).toBeDefined()
  }
})

describe("the export", () => {
  test("is compressed as it is made, and is the same text", async () => {
    const { api, as } = await withJobs(450)
    const plain = await api.ask("GET /api/jobs/export", { as })
    const answer = await api.ask("GET /api/jobs/export", { as, headers: both })
    expect(answer.headers).toMatchObject({ "content-encoding": "br", vary: "Accept-Encoding", "transfer-encoding": "chunked" })
    expect(answer.headers["content-length"]).toBeUndefined()
    expect(brotliDecompressSync(answer.bytes).equals(plain.bytes)).toBe(true)
    expect(answer.bytes.length).toBeLessThan(plain.bytes.length / 10)
    const told = await api.ask("HEAD /api/jobs/export", { as, headers: both })
    expect([told.headers["content-encoding"], told.headers["content-length"], told.headers.vary]).toEqual([
      "br",
      undefined,
      "Accept-Encoding",
    ])
  })

  test("shows its first jobs before its last are read", async () => {
    let goOn = () => {}
    const isAwaited = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const { api, as } = await withJobs(450, {
      services: ({ services }) => ({
        ...services,
        jobs: {
          ...services.jobs,
          list: async (actor, query) => {
            if (query.before !== undefined) await isAwaited
            return services.jobs.list(actor, query)
          },
        },
      }),
    })
    const request = streamRequest(api, "/api/jobs/export", { as, headers: { "accept-encoding": "gzip" } }).end()
    const [response] = (await once(request, "response")) as [IncomingMessage]
    let text = ""
    for await (const part of response.pipe(createGunzip()).setEncoding("utf8")) {
      text += part
      if (text.includes("\r\n251,")) goOn()
    }
    expect(text.trimEnd().split("\r\n").length).toBe(451)
  })
})

describe("BREACH: nothing that tells a new secret is compressed", () => {
  test("neither a login, nor a key, nor a ticket, however much text stands beside it", async () => {
    const { api, as } = await withJobs(1)
    const reflected = "a".repeat(100)
    const answers = [
      await api.ask("POST /api/auth/login", { body: { token: "a-token-of-our-own-0123456789" }, headers: both }),
      await api.ask("POST /api/trpc/accounts.login", { body: { token: "a-token-of-our-own-0123456789" }, headers: both }),
      await api.ask("POST /api/trpc/jobs.ticket", { as, body: { id: 1 }, headers: both }),
      await api.ask(`POST /api/trpc/${Array.from({ length: 10 }, () => "accounts.keys.create").join(",")}?batch=1`, {
        as,
        body: Object.fromEntries(
          Array.from({ length: 10 }, (_, i) => [i, { name: reflected, scopes: ["jobs:read"], expiresAt: null }]),
        ),
        headers: both,
      }),
    ]
    expect(answers.map(({ status, headers }) => [status, headers["content-encoding"]])).toEqual(
      answers.map(() => [200, undefined]),
    )
    expect(answers.at(-1)?.bytes.length).toBeGreaterThan(2048)
  })

  test("of what is asked by POST, only questions about images are", () => {
    const mutations = Object.keys(appRouter._def.procedures).filter((path) => procedureOf(path)._def.type === "mutation")
    expect(mutations.length).toBeGreaterThan(20)
    expect(mutations.filter((path) => mayBeCompressed("POST", path))).toEqual(["image.parse", "image.inspect", "image.plan"])
    expect(mayBeCompressed("POST", "image.plan,accounts.keys.create")).toBe(false)
    expect(
      Object.keys(routes).filter((key) => !key.startsWith("GET ") && mayBeCompressed(key.split(" ")[0] ?? "", undefined)),
    ).toEqual([])
  })
})

test("event streams are never compressed, of either kind", async () => {
  const { api, as } = await withJobs(1)
  const input = encodeURIComponent("{}")
  for (const path of [`/api/jobs/1/events`, `/api/trpc/jobs.followQueue?input=${input}`]) {
    const request = streamRequest(api, path, { as, headers: both }).end()
    const [response] = (await once(request, "response")) as [IncomingMessage]
    const [first] = (await once(response, "data")) as [Buffer]
    expect([response.statusCode, response.headers["content-encoding"], first.toString().includes("event: ")]).toEqual([
      200,
      undefined,
      true,
    ])
    response.on("error", () => undefined)
    request.destroy()
  }
})
