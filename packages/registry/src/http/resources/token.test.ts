import { freePort, image, testRegistry } from "@entrepot/testing"
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

test("a stranger is offered a login at the first upstream although another one is away, and told of that where it would not help", async () => {
  await using hub = await testRegistry({ auth: { token: { ann: "secret" } } })
  hub.add("team/private:v1", app)
  const away = { origin: `http://127.0.0.1:${await freePort()}` }
  const first = upstreamAt(hub, { id: 1, priority: 1 })
  const second = upstreamAt(away, { id: 2, priority: 2 })
  const path = "/v2/hub.test/team/private/manifests/v1"
  await using server = await registryServer({ upstreams: [first, second] })
  const answer = await server.anyone.request("GET", path)
  expect([errorOf(answer), answer.headers["www-authenticate"]]).toEqual([
    "401 UNAUTHORIZED",
    expect.stringContaining(`realm="${server.origin}/v2/auth"`),
  ])
  await using elsewhere = await registryServer({ upstreams: [first, second], defaultRegistry: "docker.io" })
  expect(errorOf(await elsewhere.anyone.request("GET", path))).toBe("502 UPSTREAM_FAILED")
  await using other = await registryServer({ upstreams: [{ ...second, priority: 0 }, first] })
  expect(errorOf(await other.anyone.request("GET", path))).toBe("502 UPSTREAM_FAILED")
})

test("a client whose token the upstream does not take any more is told where to get another", async () => {
  await using hub = await testRegistry({ auth: { token: { ann: "secret" } } })
  hub.add("team/private:v1", app)
  await using server = await registryServer({ upstreams: [upstreamAt(hub)] })
  for (const path of ["/v2/hub.test/team/private/manifests/v1", `/v2/hub.test/team/private/blobs/${app.descriptor.digest}`]) {
    const answer = await server.anyone.request("GET", path, { authorization: "Bearer expired" })
    expect([errorOf(answer), answer.headers["www-authenticate"]]).toEqual([
      "401 UNAUTHORIZED",
      expect.stringMatching(`^Bearer realm="${server.origin}/v2/auth",.*scope="repository:hub.test/team/private:pull"$`),
    ])
  }
})

test("SELF_REGISTRY: at virtual hosts tokens are fetched at the same host, and open what it stands for", async () => {
  await using one = await testRegistry({ images: { "library/app:v1": app } })
  await using two = await testRegistry({ images: { "library/app:v1": image({ seed: "two" }) } })
  const hosts = ["one.mirror.test", "two.mirror.test"] as const
  const upstreams = [
    upstreamAt(one, { id: 1, registry: "one.test", virtualHosts: [hosts[0]] }),
    upstreamAt(two, { id: 2, registry: "two.test", virtualHosts: [hosts[1]] }),
  ]
  await using server = await registryServer({ upstreams, selfOrigin: "http://self.test" })
  server.rules.open = false
  const tokens: string[] = []
  for (const host of hosts) {
    const { headers } = await server.anyone.request("GET", "/v2/", { host })
    expect(headers["www-authenticate"]).toBe(`Bearer realm="http://${host}/v2/auth",service="entrepot"`)
    const answer = await server.as("reader").request("GET", "/v2/auth?scope=repository:library/app:pull", { host })
    tokens.push((JSON.parse(answer.body.toString("utf8")) as { token: string }).token)
  }
  expect((await server.anyone.request("GET", "/v2/")).headers["www-authenticate"]).toContain('realm="http://self.test/v2/auth"')
  const ask = async (host: string, token = "") => {
    const headers = { host, authorization: `Bearer ${token}` }
    return (await server.anyone.request("GET", "/v2/library/app/manifests/v1", headers)).status
  }
  expect([await ask(hosts[0], tokens[0]), await ask(hosts[1], tokens[1])]).toEqual([200, 200])
  expect([await ask(hosts[0], tokens[1]), await ask(hosts[1], tokens[0])]).toEqual([401, 401])
})
