import { image, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { upstreamAt } from "../../proxy/proxy.fixture.ts"
import { errorOf, registryServer } from "../registry-server.fixture.ts"

const app = image({ seed: "token" })
const form = { "content-type": "application/x-www-form-urlencoded" }

test("a token is fetched by GET or POST where the challenge says, and opens what was asked for", async () => {
  await using server = await registryServer()
  await server.robot.push("team/app:v1", app)
  const { headers } = await server.anyone.request("GET", "/v2/team/app/manifests/v1")
  expect(headers["www-authenticate"]).toBe(
    `Bearer realm="${server.origin}/v2/auth",service="entrepot",scope="repository:team/app:pull"`,
  )
  const query = "service=entrepot&scope=repository:team/app:pull"
  const byGet = await server.as("reader").request("GET", `/v2/auth?${query}`)
  const body = Buffer.from(`grant_type=password&username=reader&password=ept_reader&${query}`)
  const byPost = await server.anyone.request("POST", "/v2/auth", form, body)
  for (const answer of [byGet, byPost]) {
    expect([answer.status, answer.headers["cache-control"]]).toEqual([200, "private, no-store"])
    const { token } = JSON.parse(answer.body.toString("utf8")) as { token: string }
    const ask = async (path: string) => (await server.anyone.request("GET", path, { authorization: `Bearer ${token}` })).status
    expect(await ask("/v2/team/app/manifests/v1")).toBe(200)
    expect(await ask("/v2/team/other/manifests/v1")).toBe(401)
  }
  expect(server.entries.filter(({ action }) => action === "login").map(({ user, status }) => [user, status])).toEqual([
    ["reader", 200],
    ["reader", 200],
  ])
})

test("a wrong password is refused, and so is a form that is none or too large", async () => {
  await using server = await registryServer()
  const wrong = { authorization: `Basic ${Buffer.from("robot:ept_wrong").toString("base64")}` }
  const refused = await server.anyone.request("GET", "/v2/auth?service=entrepot", wrong)
  expect([errorOf(refused), refused.headers["cache-control"]]).toEqual(["401 UNAUTHORIZED", "private, no-store"])
  expect(errorOf(await server.anyone.request("POST", "/v2/auth", {}, Buffer.from("{}")))).toBe("415 UNSUPPORTED")
  expect(errorOf(await server.anyone.request("POST", "/v2/auth", form, Buffer.alloc(64 * 1024 + 1, "a")))).toBe(
    "413 SIZE_INVALID",
  )
  expect(server.entries.map(({ action, user, status }) => [action, user, status])).toEqual([
    ["login", "robot", 401],
    ["login", "", 415],
    ["login", "", 413],
  ])
})

test("a stranger whom the upstream turned away is offered a login there in open mode, and told 404 where that would not help", async () => {
  await using hub = await testRegistry({ auth: { token: { ann: "secret" } } })
  hub.add("team/private:v1", app)
  await using server = await registryServer({ upstreams: [upstreamAt(hub)] })
  const path = "/v2/hub.test/team/private/manifests/v1"
  await using elsewhere = await registryServer({ upstreams: [upstreamAt(hub)], defaultRegistry: "docker.io" })
  const answer = await server.anyone.request("GET", path)
  expect([errorOf(answer), answer.headers["www-authenticate"]]).toEqual([
    "401 UNAUTHORIZED",
    expect.stringContaining(`realm="${server.origin}/v2/auth"`),
  ])
  expect(errorOf(await elsewhere.anyone.request("GET", path))).toBe("404 NAME_UNKNOWN")
  server.rules.open = false
  server.rules.whitelist.add("hub.test/team/private")
  expect(errorOf(await server.anyone.request("GET", path))).toBe("404 NAME_UNKNOWN")
})
