import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { image } from "@entrepot/testing"
import { afterAll, beforeAll, expect, test } from "vitest"
import { authorizationOf, type RegistryServer, registryServer } from "../registry-server.fixture.ts"

let server: RegistryServer
const app = image({ seed: "app" })
const path = "/v2/open/app/manifests/v1"
beforeAll(async () => {
  server = await registryServer()
  await server.robot.push("open/app:v1", app)
  await server.robot.push("team/app:v1", app)
  for (const name of ["open", "team"]) await server.robot.request("GET", `/v2/${name}/app/manifests/v1`)
})
afterAll(() => server.close())

/** A connection on which requests follow each other. */
class Talk {
  readonly socket: Socket
  #text = ""

  constructor() {
    this.socket = connect(server.port, "127.0.0.1")
    this.socket.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString("latin1")
    })
  }

  say(text: string): this {
    this.socket.write(text, "latin1")
    return this
  }

  ask(method: string, target: string, ...headers: readonly string[]): this {
    return this.say(`${[`${method} ${target} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, ...headers].join("\r\n")}\r\n\r\n`)
  }

  /** The next answer, its Date left out. */
  async hear(hasBody = true): Promise<{ readonly head: readonly string[]; readonly body: string }> {
    for (;;) {
      const end = this.#text.indexOf("\r\n\r\n")
      const lines = this.#text.slice(0, Math.max(0, end)).split("\r\n")
      const length = Number(lines.find((line) => /^content-length:/i.test(line))?.split(" ")[1] ?? 0)
      const total = end + 4 + (hasBody ? length : 0)
      if (end !== -1 && this.#text.length >= total) {
        const body = this.#text.slice(end + 4, total)
        this.#text = this.#text.slice(total)
        return { head: lines.filter((line) => !line.startsWith("Date:")).sort(), body }
      }
      await once(this.socket, "data")
    }
  }
}

/** A wish that Node's parser has to read, and that changes nothing. */
const usually = "Connection: keep-alive"

test.each([
  ["GET", path],
  ["HEAD", path],
  ["GET", `/v2/open/app/manifests/${app.descriptor.digest}`],
])("%s %s has the same answer by the lane as by the usual way, and the same entry in the log", async (method, target) => {
  const talk = new Talk()
  const before = server.parsed
  const first = await talk.ask(method, target, "User-Agent: lane").hear(method === "GET")
  const again = await talk.ask(method, target, "User-Agent: lane").hear(method === "GET")
  expect(server.parsed).toBe(before)
  const usual = await talk.ask(method, target, usually, "User-Agent: lane").hear(method === "GET")
  expect(server.parsed).toBe(before + 1)
  expect(first.head.filter((line) => !line.startsWith("Keep-Alive"))).toEqual(
    usual.head.filter((line) => !line.startsWith("Keep-Alive")),
  )
  expect(again).toEqual(first)
  expect([first.body, usual.body]).toEqual(Array(2).fill(method === "GET" ? app.manifest.toString("latin1") : ""))
  const entries = server.entries.slice(-3).map(({ at, durationMs, ...entry }) => entry)
  expect(entries[0]).toMatchObject({
    action: "pull",
    method,
    repository: "open/app",
    status: 200,
    cache: "hit",
    userAgent: "lane",
  })
  expect([entries[1], entries[2]]).toEqual([entries[0], entries[0]])
  talk.socket.destroy()
})

test("a connection goes over to Node's parser in the middle of what it sends, and loses nothing", async () => {
  const talk = new Talk()
  await talk.ask("GET", path).hear()
  const body = "x".repeat(200_000)
  const upload = await talk
    .ask("POST", "/v2/open/app/blobs/uploads/", `Authorization: ${authorizationOf("robot")}`, "Content-Length: 0")
    .hear()
  const location = upload.head.find((line) => line.startsWith("Location"))?.slice(10) ?? ""
  talk.ask("PATCH", location, `Authorization: ${authorizationOf("robot")}`, `Content-Length: ${body.length}`).say(body)
  const patched = await talk.hear()
  expect(patched.head).toContain("Range: 0-199999")
  expect((await talk.ask("GET", path).hear()).body).toBe(app.manifest.toString("latin1"))
  talk.socket.destroy()
})

test("S11: two requests in one piece are two, and the first that is not plain takes the rest with it", async () => {
  const talk = new Talk()
  const request = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
  talk.say(request + request)
  for (let i = 0; i < 2; i++) expect((await talk.hear()).body).toBe(app.manifest.toString("latin1"))
  talk.socket.destroy()
  const broken = new Talk()
  broken.say("GET /v2/open/app/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")
  expect((await broken.hear()).head).toContain("HTTP/1.1 400 Bad Request")
})

test("S6: what is private is no more to be had here than elsewhere", async () => {
  server.rules.open = false
  for (const authorization of [[], ["Authorization: Bearer junk"], [`Authorization: ${authorizationOf("stranger")}`]]) {
    const talk = new Talk()
    const { head } = await talk.ask("GET", "/v2/team/app/manifests/v1", ...authorization).hear()
    expect(head.some((line) => /^HTTP\/1\.1 40[13] /.test(line))).toBe(true)
    talk.socket.destroy()
  }
  server.rules.open = true
})

test("half a head waits with Node's parser for its other half", async () => {
  const talk = new Talk()
  talk.say(`GET ${path} HTTP/1.1\r\nHo`)
  await new Promise((resolve) => setImmediate(resolve))
  talk.say("st: x\r\n\r\n")
  expect((await talk.hear()).body).toBe(app.manifest.toString("latin1"))
  talk.socket.destroy()
})
