import { createHash, randomBytes } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { upstreamAt } from "../../proxy/proxy.fixture.ts"
import { errorOf, type RegistryServer, registryServer } from "../registry-server.fixture.ts"

let server: RegistryServer
beforeAll(async () => {
  server = await registryServer()
})
afterAll(() => server.close())

const uploads = "/v2/team/app/blobs/uploads/"
const sha256 = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`

async function begin(): Promise<string> {
  const { status, headers } = await server.robot.request("POST", uploads)
  expect([status, headers.range, headers["content-length"]]).toEqual([202, "0-0", "0"])
  expect(headers.location).toBe(`${uploads}${headers["docker-upload-uuid"]}`)
  return headers.location ?? ""
}

async function send(method: string, path: string, body?: Buffer, headers: Record<string, string> = {}): Promise<string> {
  const answer = await server.robot.request(method, path, headers, body)
  const said = answer.status >= 400 ? errorOf(answer) : String(answer.status)
  return answer.headers.range === undefined ? said : `${said} ${answer.headers.range}`
}

test("an upload grows by chunks and by streams, tells how far it is, and becomes a blob", async () => {
  const bytes = randomBytes(5000)
  const location = await begin()
  expect(await send("GET", location)).toBe("204 0-0")
  expect(await send("PATCH", location, bytes.subarray(0, 1000))).toBe("202 0-999")
  expect(await send("PATCH", location, bytes.subarray(1000, 3000), { "content-range": "1000-2999" })).toBe("202 0-2999")
  expect(await send("GET", location)).toBe("204 0-2999")
  const digest = sha256(bytes)
  const { status, headers } = await server.robot.request("PUT", `${location}?digest=${digest}`, {}, bytes.subarray(3000))
  expect([status, headers.location, headers["docker-content-digest"]]).toEqual([201, `/v2/team/app/blobs/${digest}`, digest])
  expect((await server.robot.blob("team/app", digest))?.equals(bytes)).toBe(true)
  expect(await send("GET", location)).toBe("404 BLOB_UPLOAD_UNKNOWN")
  expect(await send("PATCH", location, bytes)).toBe("404 BLOB_UPLOAD_UNKNOWN")
  expect(await send("PUT", `${location}?digest=${digest}`, bytes)).toBe("404 BLOB_UPLOAD_UNKNOWN")
})

test("a chunk that does not begin where the upload ends is refused, told where it ends, and changes nothing", async () => {
  const location = await begin()
  const chunk = randomBytes(100)
  expect(await send("PATCH", location, chunk, { "content-range": "100-199" })).toBe("416 RANGE_INVALID 0-0")
  expect(await send("PATCH", location, chunk, { "content-range": "0-99" })).toBe("202 0-99")
  expect(await send("PATCH", location, chunk, { "content-range": "0-99" })).toBe("416 RANGE_INVALID 0-99")
  expect(await send("PATCH", location, chunk, { "content-range": "101-200" })).toBe("416 RANGE_INVALID 0-99")
  expect(await send("PUT", `${location}?digest=${sha256(chunk)}`, chunk, { "content-range": "0-99" })).toBe(
    "416 RANGE_INVALID 0-99",
  )
  expect(await send("PUT", `${location}?digest=${sha256(chunk)}`)).toBe("201")
})

test("a chunk that is not what its headers say is refused before it is taken", async () => {
  const location = await begin()
  const chunk = randomBytes(100)
  expect(await send("PATCH", location, chunk, { "content-range": "0-98" })).toBe("400 SIZE_INVALID")
  expect(await send("PATCH", location, chunk, { "content-range": "0-100" })).toBe("400 SIZE_INVALID")
  expect(await send("PATCH", location, chunk, { "content-range": "from here on" })).toBe("400 BLOB_UPLOAD_INVALID")
  expect(await send("GET", location)).toBe("204 0-0")
})

test("the wrong digest, none, or one of another algorithm makes no blob", async () => {
  const bytes = randomBytes(100)
  const wrong = sha256(randomBytes(1))
  expect(await send("PUT", await begin(), bytes)).toBe("400 DIGEST_INVALID")
  expect(await send("PUT", `${await begin()}?digest=md5:abc`, bytes)).toBe("400 DIGEST_INVALID")
  expect(await send("PUT", `${await begin()}?digest=${wrong}`, bytes)).toBe("400 DIGEST_INVALID")
  expect(await send("POST", `${uploads}?digest=${wrong}`, bytes)).toBe("400 DIGEST_INVALID")
  expect(await send("POST", `${uploads}?digest-algorithm=md5`)).toBe("400 UNSUPPORTED")
  expect(await server.robot.hasBlob("team/app", wrong)).toBe(false)
  expect(await server.robot.hasBlob("team/app", sha256(bytes))).toBe(false)
})

test("a blob is pushed in one request, and announced as sha512", async () => {
  const bytes = randomBytes(100)
  const digest = `sha512:${createHash("sha512").update(bytes).digest("hex")}`
  expect(await send("POST", `${uploads}?digest=${digest}`, bytes)).toBe("201")
  const { headers } = await server.robot.request("POST", `${uploads}?digest-algorithm=sha512`)
  const again = randomBytes(10)
  const other = `sha512:${createHash("sha512").update(again).digest("hex")}`
  expect(await send("PUT", `${headers.location}?digest=${other}`, again)).toBe("201")
})

test("a cancelled upload is gone, and no other repository or project knows of it", async () => {
  const location = await begin()
  for (const elsewhere of ["team/other", "other/app"]) {
    expect(await send("GET", location.replace("team/app", elsewhere))).toBe("404 BLOB_UPLOAD_UNKNOWN")
    expect(await send("DELETE", location.replace("team/app", elsewhere))).toBe("404 BLOB_UPLOAD_UNKNOWN")
  }
  expect(await send("DELETE", location)).toBe("204")
  expect(await send("DELETE", location)).toBe("404 BLOB_UPLOAD_UNKNOWN")
  expect(await send("GET", `${uploads}..%2f..`)).toBe("404 BLOB_UPLOAD_UNKNOWN")
})

test("S6: a blob is mounted only from where the same caller may pull it", async () => {
  const bytes = randomBytes(100)
  const digest = sha256(bytes)
  expect(await send("POST", `/v2/other/app/blobs/uploads/?digest=${digest}`, bytes)).toBe("201")
  const mount = (from: string) => send("POST", `${uploads}?mount=${digest}${from}`)
  expect(await mount("&from=other/nothing")).toBe("202 0-0")
  expect(await mount("&from=unknown/app")).toBe("202 0-0")
  expect(await mount("&from=Other%2Fapp")).toBe("202 0-0")
  expect(await mount("")).toBe("202 0-0")
  expect(await server.robot.hasBlob("team/app", digest)).toBe(false)
  expect(await mount("&from=other/app")).toBe("201")
  expect((await server.robot.blob("team/app", digest))?.equals(bytes)).toBe(true)
  expect(await send("POST", `/v2/team/second/blobs/uploads/?mount=${digest}`)).toBe("201")
  server.rules.denied.add("other/app")
  expect(await send("POST", `/v2/team/third/blobs/uploads/?mount=${digest}&from=other/app`)).toBe("202 0-0")
  server.rules.denied.clear()
})

test("what is read through an upstream is neither pushed to nor deleted, and the answer says where to push", async () => {
  const hub = upstreamAt({ origin: "http://127.0.0.1:9" })
  await using through = await registryServer({ upstreams: [hub] })
  for (const client of [through.robot, through.anyone]) {
    for (const [method, path] of [
      ["POST", "blobs/uploads/"],
      ["PUT", "manifests/v1"],
      ["DELETE", "manifests/v1"],
    ] as const) {
      const answer = await client.request(method, `/v2/library/nginx/${path}`)
      expect([method, errorOf(answer)]).toEqual([method, "403 DENIED"])
      expect(answer.body.toString()).toContain(
        "hub.test/library/nginx is read through an upstream and cannot be changed here; push to a project of this registry: PROJECT/library/nginx",
      )
    }
  }
})
