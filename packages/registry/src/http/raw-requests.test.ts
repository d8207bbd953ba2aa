import { once } from "node:events"
import { connect } from "node:net"
import { afterAll, beforeAll, expect, test } from "vitest"
import { authorizationOf, type RegistryServer, registryServer } from "./registry-server.fixture.ts"

let server: RegistryServer
beforeAll(async () => {
  server = await registryServer({ bodyIdleMs: 500 })
})
afterAll(() => server.close())

const robot = `Authorization: ${authorizationOf("robot")}`

/** What comes back for exactly these bytes, until the server closes. */
async function exchange(text: string): Promise<string> {
  const socket = connect(server.port, "127.0.0.1")
  const chunks: Buffer[] = []
  socket.on("data", (chunk: Buffer) => chunks.push(chunk))
  socket.on("error", () => {})
  socket.write(text, "latin1")
  await once(socket, "close")
  return Buffer.concat(chunks).toString("latin1")
}

function statusesOf(text: string): string[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1] ?? "")
}

const smuggled = "GET /v2/team/secret/tags/list HTTP/1.1\r\nHost: x\r\n\r\n"

test.for([
  ["Content-Length and Transfer-Encoding", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["Transfer-Encoding and Content-Length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"],
  ["two lengths", "Content-Length: 0\r\nContent-Length: 50\r\n\r\n"],
  ["lengths in a list", "Content-Length: 0, 50\r\n\r\n"],
  ["a length with a sign", "Content-Length: +5\r\n\r\nhello"],
  ["a length in hexadecimal", "Content-Length: 0x5\r\n\r\nhello"],
  ["an encoding that is not chunked last", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"],
  ["an encoding that nobody knows", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"],
  ["space before the colon", "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"],
  ["a folded header", "X-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n"],
  ["a line end of its own", "X-A: b\nContent-Length: 0\r\n\r\n"],
  ["a chunk size that is none", "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"],
  ["a negative chunk", "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"],
] as const)("S11: a request with %s is refused, and nothing behind it is read as another", async ([, framing]) => {
  const answer = await exchange(`POST /v2/team/app/blobs/uploads/ HTTP/1.1\r\nHost: x\r\n${robot}\r\n${framing}${smuggled}`)
  const statuses = statusesOf(answer)
  expect(statuses.at(-1)).toBe("400")
  expect(statuses.filter((status) => status !== "202" && status !== "400" && status !== "100")).toEqual([])
  expect(answer).not.toContain("NAME_UNKNOWN")
  expect(answer).not.toContain("UNAUTHORIZED")
})

test("a client that waits for permission to send gets it", async () => {
  const head = `POST /v2/team/app/blobs/uploads/?digest=sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 HTTP/1.1`
  const socket = connect(server.port, "127.0.0.1")
  socket.write(`${head}\r\nHost: x\r\n${robot}\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`)
  const [first] = (await once(socket, "data")) as [Buffer]
  expect(first.toString()).toBe("HTTP/1.1 100 Continue\r\n\r\n")
  socket.write("hello")
  const [second] = (await once(socket, "data")) as [Buffer]
  expect(statusesOf(second.toString())).toEqual(["201"])
  socket.destroy()
})

test("S22: a client that stops in the middle of a body is told so and cut off, and what came stays", async () => {
  const { headers } = await server.robot.request("POST", "/v2/team/app/blobs/uploads/")
  const { location = "" } = headers
  const answer = await exchange(`PATCH ${location} HTTP/1.1\r\nHost: x\r\n${robot}\r\nContent-Length: 1000\r\n\r\nhello`)
  expect(statusesOf(answer)).toEqual(["408"])
  expect((await server.robot.request("GET", location)).headers.range).toBe("0-4")
})

test("a client that leaves in the middle of a body leaves what came of it, and nothing is logged as a mistake", async () => {
  const leave = async () => {
    const { location = "" } = (await server.robot.request("POST", "/v2/team/app/blobs/uploads/")).headers
    const socket = connect(server.port, "127.0.0.1")
    socket.on("error", () => {})
    const before = server.entries.length
    socket.write(`PATCH ${location} HTTP/1.1\r\nHost: x\r\n${robot}\r\nContent-Length: 1000\r\n\r\nhello`)
    await expect.poll(() => server.underWay, { timeout: 5000 }).toBe(1)
    // A round trip, in which the server reads what is there already.
    await server.robot.request("GET", "/v2/")
    socket.destroy()
    await expect.poll(() => server.entries.length, { timeout: 5000 }).toBe(before + 1)
    const { status, bytes } = server.entries.at(-1) ?? {}
    return { status, bytes, range: (await server.robot.request("GET", location)).headers.range }
  }
  // On a busy machine it may leave before anything of it was read.
  await expect.poll(leave, { timeout: 10_000 }).toEqual({ status: 499, bytes: 5, range: "0-4" })
  expect(server.mistakes).toEqual([])
})

test("S11: a connection is ready for its next request, whatever was left of a refused body", async () => {
  const refused = `PUT /v2/team/app/manifests/.none HTTP/1.1\r\nHost: x\r\n${robot}\r\nContent-Length: 100000\r\n\r\n${"x".repeat(100_000)}`
  const next = "GET /v2/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
  expect(statusesOf(await exchange(`${refused}${next}`))).toEqual(["400", "404"])
})

test("S9: a chunk that goes on beyond what it promised is stopped there, and the connection goes on", async () => {
  const { headers } = await server.robot.request("POST", "/v2/team/app/blobs/uploads/")
  const { location = "" } = headers
  const framing = "Transfer-Encoding: chunked\r\nContent-Range: 0-4"
  const patch = `PATCH ${location} HTTP/1.1\r\nHost: x\r\n${robot}\r\n${framing}\r\n\r\n5\r\nhello\r\n1\r\n!\r\n`
  const rest = `${"ff\r\n".concat("x".repeat(255), "\r\n").repeat(1000)}0\r\n\r\n`
  const next = "GET /v2/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
  expect(statusesOf(await exchange(`${patch}${rest}${next}`))).toEqual(["413", "404"])
})

test("S12: a crooked spelling is answered here, and other paths are left to others", async () => {
  for (const path of ["//v2/", "/%76%32/", "/x/../v2/", "/V2/", "/v2;x/", "/v2.rsc"]) {
    const answer = await exchange(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect([path, statusesOf(answer)]).toEqual([path, ["404"]])
    expect(answer).toContain('{"errors":[{"code":"UNSUPPORTED","message":"there is nothing at this path"}]}')
  }
  expect(await exchange("GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).toContain("not the registry's")
})
