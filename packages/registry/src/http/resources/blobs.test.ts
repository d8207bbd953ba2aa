import { once } from "node:events"
import { connect } from "node:net"
import { contentBytes, image } from "@entrepot/testing"
import { expect, test } from "vitest"
import { errorOf, registryServer } from "../registry-server.fixture.ts"

const app = image({ seed: "blobs", layers: [{ sizeBytes: 300_000 }] })
const [digest = "", content] = [...app.blobs].find(([, { sizeBytes }]) => sizeBytes === 300_000) ?? []
const bytes = content === undefined ? Buffer.alloc(0) : contentBytes(content)
const path = `/v2/team/app/blobs/${digest}`

test("a blob comes whole or in a part, with its digest, its length and its tag for conditions", async () => {
  await using server = await registryServer()
  await server.robot.push("team/app:v1", app)
  const ask = (headers: Record<string, string> = {}, method = "GET") => server.robot.request(method, path, headers)
  const whole = await ask()
  expect(whole.body.equals(bytes)).toBe(true)
  for (const { status, headers } of [whole, await ask({}, "HEAD"), await ask({ range: "bytes=0-9" }, "HEAD")]) {
    expect([status, headers["content-length"], headers["content-type"], headers["accept-ranges"], headers.etag]).toEqual([
      200,
      "300000",
      "application/octet-stream",
      "bytes",
      `"${digest}"`,
    ])
    expect(headers["docker-content-digest"]).toBe(digest)
  }
  const part = await ask({ range: "bytes=299990-" })
  expect([part.status, part.headers["content-range"], part.headers["content-length"]]).toEqual([
    206,
    "bytes 299990-299999/300000",
    "10",
  ])
  expect(part.body.equals(bytes.subarray(299_990))).toBe(true)
  expect((await ask({ range: "bytes=0-1,5-6" })).status).toBe(200)
  expect((await ask({ range: "bytes=0-9", "if-range": `"${digest}"` })).status).toBe(206)
  expect((await ask({ range: "bytes=0-9", "if-range": '"something else"' })).status).toBe(200)
  const beyond = await ask({ range: "bytes=300000-" })
  expect([beyond.status, beyond.headers["content-range"], beyond.body.length]).toEqual([416, "bytes */300000", 0])
  expect(errorOf(await server.robot.request("GET", "/v2/team/app/blobs/sha256:abc"))).toBe("400 DIGEST_INVALID")
  expect(errorOf(await server.robot.request("GET", `/v2/team/app/blobs/sha256:${"0".repeat(64)}`))).toBe("404 BLOB_UNKNOWN")
  expect(server.mistakes).toEqual([])
})

test.for(["X-Accel-Redirect", "X-Sendfile"] as const)(
  "behind a web server that sends files, %s names the file, and no byte passes",
  async (header) => {
    await using server = await registryServer({ sendFile: { header, prefix: "/warehouse/" } })
    await server.robot.push("team/app:v1", app)
    for (const range of [undefined, "bytes=5-9"]) {
      const { status, headers, body } = await server.robot.request("GET", path, range === undefined ? {} : { range })
      const hex = digest.slice("sha256:".length)
      expect([
        status,
        headers[header.toLowerCase()],
        headers["docker-content-digest"],
        headers["content-type"],
        body.length,
      ]).toEqual([200, `/warehouse/blobs/sha256/${hex.slice(0, 2)}/${hex}`, digest, "application/octet-stream", 0])
    }
    const head = await server.robot.request("HEAD", path)
    expect([head.status, head.headers[header.toLowerCase()], head.headers["content-length"]]).toEqual([200, undefined, "300000"])
    const refused = await server.anyone.request("GET", path)
    expect([refused.status, refused.headers[header.toLowerCase()]]).toEqual([401, undefined])
  },
)

test("a client that leaves in the middle of a blob ends its reader, and the access log says so", async () => {
  const large = image({ seed: "large", layers: [{ sizeBytes: 16_000_000 }] })
  const [name = ""] = [...large.blobs].find(([, { sizeBytes }]) => sizeBytes === 16_000_000) ?? []
  await using server = await registryServer()
  await server.robot.push("open/app:v1", large)
  const socket = connect(server.port, "127.0.0.1")
  socket.write(`GET /v2/open/app/blobs/${name} HTTP/1.1\r\nHost: x\r\n\r\n`)
  await once(socket, "readable")
  expect(server.underWay).toBe(1)
  socket.destroy()
  await expect.poll(() => server.underWay).toBe(0)
  await expect.poll(() => server.entries.at(-1)?.status).toBe(499)
  expect(server.entries.at(-1)?.bytes).toBeLessThan(16_000_000)
  expect(server.mistakes).toEqual([])
})

test("the access log tells of every request once: who, what, from where, how much", async () => {
  await using server = await registryServer()
  await server.robot.push("team/app:v1", app)
  const from = server.entries.length
  expect(from).toBeGreaterThan(0)
  await server.robot.request("GET", path, { range: "bytes=0-99", "user-agent": "docker/29" })
  await server.as("reader").request("GET", "/v2/team/app/manifests/v1")
  await server.anyone.request("GET", "/v2/team/app/manifests/v1")
  await server.as("stranger").request("HEAD", path)
  await server.robot.request("GET", "/v2/team/app/tags/list")
  await server.robot.request("DELETE", "/v2/team/app/manifests/v1")
  await server.robot.request("GET", "/v2/auth?account=robot")
  await server.anyone.request("GET", "/v2/")
  await server.anyone.request("GET", "/v1/_ping")
  const told = server.entries
    .slice(from)
    .map(({ action, user, method, repository, reference, status, cache }) =>
      [action, user, method, repository, reference, status, cache].join(" "),
    )
  expect(told).toEqual([
    `blob robot GET team/app ${digest} 206 hit`,
    "pull reader GET team/app v1 200 hit",
    "pull  GET team/app v1 401 ",
    `blob  HEAD team/app ${digest} 403 `,
    "list robot GET team/app  200 ",
    "delete robot DELETE team/app v1 202 ",
    "login robot GET   200 ",
  ])
  const [first] = server.entries.slice(from)
  expect([first?.bytes, first?.address, first?.userAgent, first?.upstream]).toEqual([100, "127.0.0.1", "docker/29", null])
  expect(
    server.entries.filter(({ action }) => action === "push").reduce((sum, { bytes: count }) => sum + count, 0),
  ).toBeGreaterThan(300_000)
})
