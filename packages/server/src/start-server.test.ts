import { existsSync } from "node:fs"
import { createServer, request as httpRequest, type IncomingMessage } from "node:http"
import { join } from "node:path"
import { freePort, image, listenOnLoopback, testRegistry } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { impatient, silentLog, soon, testActor, testConfiguration, testDirectory } from "./runtime/runtime.fixture.ts"
import { type Pages, type StartServerOptions, startServer } from "./start-server.ts"

async function start(options: Partial<StartServerOptions> = {}, directory?: string) {
  const configuration = { ...testConfiguration(directory ?? (await testDirectory())), listen: { host: "127.0.0.1", port: 0 } }
  const server = await startServer(configuration, { log: silentLog, runtime: impatient, graceMs: 200, ...options })
  onTestFinished(() => server.close())
  return server
}

const hello: Pages = {
  handle: (_, response) => void response.end("a page"),
}

describe("while it starts", () => {
  test("everything but pages works, and pages are asked for again in a second", async () => {
    let show: (pages: Pages) => void = () => undefined
    const { url } = await start({
      pages: new Promise((resolve) => {
        show = resolve
      }),
    })
    const early = await fetch(`${url}/`)
    expect([early.status, early.headers.get("retry-after"), await early.text()]).toEqual([
      503,
      "1",
      "The pages are being prepared. Ask again in a second.\n",
    ])
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    show(hello)
    await Promise.resolve()
    expect(await fetch(`${url}/`).then((answer) => answer.text())).toBe("a page")
  })

  test("pages that cannot be prepared do not stop the rest", async () => {
    let fail: (error: Error) => void = () => undefined
    const { url } = await start({
      pages: new Promise((_, reject) => {
        fail = reject
      }),
    })
    fail(new Error("no build"))
    const answer = await fetch(`${url}/`)
    expect([answer.status, await answer.text()]).toEqual([500, "The pages cannot be shown; the log says why.\n"])
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })

  test("a port that is taken is said plainly, and the database is not touched", async () => {
    const taken = await listenOnLoopback(createServer())
    onTestFinished(() => taken.close())
    const directory = join(await testDirectory(), "data")
    const configuration = { ...testConfiguration(directory), listen: { host: "127.0.0.1", port: taken.port } }
    await expect(startServer(configuration, { log: silentLog })).rejects.toThrow(
      `port ${taken.port} of 127.0.0.1 is already in use: stop what uses it, or set PORT to another`,
    )
    expect(existsSync(directory)).toBe(false)
  })

  test("an address that is not this machine's is said plainly", async () => {
    const configuration = { ...testConfiguration(await testDirectory()), listen: { host: "192.0.2.1", port: 0 } }
    await expect(startServer(configuration, { log: silentLog })).rejects.toThrow(
      "192.0.2.1 is not an address of this machine: set HOST to one that is, such as 127.0.0.1",
    )
  })

  test("a database that cannot be opened frees the port", async () => {
    const port = await freePort()
    const directory = await testDirectory()
    const configuration = {
      ...testConfiguration(directory),
      listen: { host: "127.0.0.1", port },
      database: { kind: "sqlite" as const, path: directory },
    }
    await expect(startServer(configuration, { log: silentLog })).rejects.toThrow()
    const again = createServer()
    await new Promise<void>((resolve) => again.listen(port, "127.0.0.1", resolve))
    await new Promise((resolve) => again.close(resolve))
  })
})

test("without pages there is the interface and nothing else", async () => {
  const { url } = await start()
  const answer = await fetch(`${url}/`)
  expect([answer.status, await answer.text()]).toEqual([404, "There is nothing here.\n"])
})

test("S12: what belongs to the interface never reaches the pages, in no spelling", async () => {
  const seen: string[] = []
  const { url, port } = await start({
    pages: Promise.resolve({
      handle(request, response) {
        seen.push(request.url ?? "")
        response.end("a page")
      },
    }),
  })
  await fetch(`${url}/ready`)
  const paths = [
    "/api",
    "/api/",
    "/api/none",
    "/API/none",
    "//api/none",
    "/%61pi/none",
    "/x/../api/none",
    "/api/trpc/none",
    "/healthz",
  ]
  for (const path of paths) {
    await new Promise<void>((resolve) => {
      httpRequest({ host: "127.0.0.1", port, path, headers: { "x-middleware-subrequest": "middleware" } }, (answer) => {
        answer.resume().once("end", resolve)
      }).end()
    })
  }
  expect(seen).toEqual(["/ready"])
})

test("S12: a request to upgrade is refused, and reaches no page", async () => {
  let asked = 0
  const { port } = await start({
    pages: Promise.resolve({
      handle(_, response) {
        asked++
        response.end()
      },
    }),
  })
  const status = await new Promise<number | undefined>((resolve, reject) => {
    httpRequest(
      { host: "127.0.0.1", port, path: "/", headers: { connection: "Upgrade", upgrade: "websocket" } },
      (answer: IncomingMessage) => resolve(answer.resume().statusCode),
    )
      .once("error", reject)
      .end()
  })
  expect([status, asked]).toEqual([400, 0])
})

describe("when it is closed", () => {
  test("fault 50: a job that does not end in time goes back, and the next server ends it with what was sent already", async () => {
    const app = image({ seed: "drain", layers: [{ sizeBytes: 30_000 }, { sizeBytes: 400_000 }] })
    const source = await testRegistry({ images: { "team/app:1": app } })
    const target = await testRegistry()
    onTestFinished(async () => {
      await source.close()
      await target.close()
    })
    source.fail("GET blob", { as: "stall", after: 300_000, times: Number.POSITIVE_INFINITY })
    const directory = await testDirectory()
    const first = await start({}, directory)
    const actor = await testActor(first.runtime)
    const { jobs } = first.runtime.services
    const { id } = await jobs.start(actor, { image: `${source.host}/team/app:1`, target: { address: `${target.host}/proxy` } })
    for await (const { event } of jobs.follow(actor, id, { signal: soon() })) {
      if (event.type === "blob" && event.state === "done" && event.size === 30_000) break
    }
    const ready = async () => (await fetch(`${first.url}/readyz`)).status
    expect(await ready()).toBe(200)
    await first.close()

    source.heal()
    const second = await start({}, directory)
    const again = await testActor(second.runtime)
    expect(await second.runtime.services.jobs.ended(again, id, soon())).toMatchObject({ state: "succeeded", attempts: 2 })
    expect(target.holds(`proxy/127.0.0.1_${source.port}/team/app:1`, app)).toBe(true)
  })

  test("a stream is ended, so that its reader goes on elsewhere", async () => {
    const source = await testRegistry({ images: { "team/app:1": image({ seed: "stream" }) } })
    onTestFinished(() => source.close())
    source.fail("GET *", { as: "stall", times: Number.POSITIVE_INFINITY })
    source.fail("HEAD *", { as: "stall", times: Number.POSITIVE_INFINITY })
    const server = await start()
    const actor = await testActor(server.runtime)
    const { jobs, accounts } = server.runtime.services
    const { id } = await jobs.start(actor, { image: `${source.host}/team/app:1`, target: { address: source.host } })
    const { secret } = await accounts.createKey(actor, { name: "follower", scopes: ["jobs:read"], expiresAt: null })
    const stream = await fetch(`${server.url}/api/jobs/${id}/events`, { headers: { authorization: `Bearer ${secret}` } })
    expect(stream.status).toBe(200)
    const text = stream.text()
    await server.close()
    expect(await text).toContain("queued")
  })

  test("it takes no more connections, and closing again is the same closing", async () => {
    const server = await start({ pages: Promise.resolve(hello) })
    const kept = await fetch(`${server.url}/`)
    await kept.text()
    const closing = server.close()
    expect(server.close()).toBe(closing)
    await closing
    await expect(fetch(`${server.url}/readyz`)).rejects.toThrow("fetch failed")
  })
})

test("S3: the server's own port is dialled neither by a check of a target nor by a job, however it is named", async () => {
  const lookup = async (hostname: string) =>
    hostname === "outside.example.com" ? [{ address: "127.0.0.1", family: 4 }] : [{ address: "::1", family: 6 }]
  const { runtime, port } = await start({ runtime: { ...impatient, http: { ...impatient.http, lookup } } })
  const actor = await testActor(runtime)
  const { jobs, targets } = runtime.services
  const check = async (name: string) => targets.check(actor, { address: `${name}:${port}`, plainHttp: true }, soon())
  // Known by its name as the registry of this server: what is answered needs no connection.
  for (const name of ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001"]) {
    expect([name, await check(name)]).toMatchObject([name, { reachable: { answer: "yes" }, push: { answer: "yes" } }])
  }
  for (const name of ["outside.example.com", "0.0.0.0"]) {
    expect([name, (await check(name)).reachable]).toEqual([name, { answer: "no", code: "address_blocked" }])
  }
  const job = await jobs.start(actor, {
    image: `outside.example.com:${port}/app`,
    target: { address: "127.0.0.1:9" },
    sourcePlainHttp: true,
  })
  const ended = await jobs.ended(actor, job.id, soon())
  expect(ended.failure).toMatchObject({ code: "address_blocked", host: `outside.example.com:${port}` })
})
