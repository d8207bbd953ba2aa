import { once } from "node:events"
import { connect } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { basic, layerOf, type RightsScene, rightsScene, secretImage } from "./rights-scene.fixture.ts"

const layer = layerOf(secretImage)
const { digest } = secretImage.descriptor

/** One connection on which plain requests follow each other, as real clients send them: answered from memory where that is allowed. */
function connection({ server }: RightsScene) {
  const socket = connect(server.port, "127.0.0.1")
  socket.on("error", () => undefined)
  onTestFinished(() => void socket.destroy())
  let text = ""
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1")
  })
  return async (path: string, authorization?: string): Promise<number> => {
    const shown = authorization === undefined ? "" : `Authorization: ${authorization}\r\n`
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUser-Agent: test\r\n${shown}\r\n`)
    for (;;) {
      const end = text.indexOf("\r\n\r\n")
      const length = Number(/^content-length: (\d+)/im.exec(text.slice(0, Math.max(end, 0)))?.[1] ?? 0)
      if (end !== -1 && text.length >= end + 4 + length) {
        const status = Number(text.slice(9, 12))
        text = text.slice(end + 4 + length)
        return status
      }
      await once(socket, "data")
    }
  }
}

test("S5, S6: what is warm ends with the right to it, on the same connection and with the same token", {
  timeout: 30_000,
}, async () => {
  const scene = await rightsScene()
  const { services, admin, key, pullUser, member, token, client, projects, clock } = scene
  const owner = (await key("first", "admin", ["admin"])).authorization
  await client(owner).push("secret/app:v1", secretImage)
  await client(owner).push("open/app:v1", secretImage)
  const path = "/v2/secret/app/manifests/v1"
  const paths = [path, `/v2/secret/app/manifests/${digest}`, `/v2/secret/app/blobs/${layer}`]
  const scope = "repository:secret/app:pull"
  const all = async (ask: (path: string, authorization?: string) => Promise<number>, authorization?: string) => {
    const statuses: number[] = []
    for (const each of [...paths, ...paths]) statuses.push(await ask(each, authorization))
    return [...new Set(statuses)]
  }
  const cases: readonly (readonly [string, (user: { id: number }) => Promise<unknown>, number])[] = [
    ["disabled", ({ id }) => services.pullAccess.updateUser(admin, id, { disabled: true }), 401],
    ["given another password", ({ id }) => services.pullAccess.updateUser(admin, id, { password: "another password" }), 401],
    ["removed", ({ id }) => services.pullAccess.removeUser(admin, id), 401],
    [
      "no member any more",
      ({ id }) =>
        services.pullAccess.removeMember(admin, { projectId: projects.get("secret") ?? 0, kind: "pull-user", memberId: id }),
      401,
    ],
    ["holding a token that is over", async () => (clock.skewMs = 7 * 60_000), 401],
  ]
  for (const [index, [what, change, expected]] of cases.entries()) {
    const user = await pullUser(`user${index}`)
    await member("secret", "pull-user", user.id, "pull")
    const bearer = await token(basic(`user${index}`, `password of user${index}`), scope)
    const ask = connection(scene)
    expect([what, await all(ask, bearer)]).toEqual([what, [200]])
    await change(user)
    expect([what, await all(ask, bearer)]).toEqual([what, [expected]])
    clock.skewMs = 0
  }
  const ask = connection(scene)
  const bearer = await token(owner, scope)
  expect(await all(ask, bearer)).toEqual([200])
  const { id } = await services.pullAccess.createRule(admin, { effect: "deny", prefix: "secret" })
  expect(await all(ask, bearer)).toEqual([403])
  expect(await all(ask, owner)).toEqual([403])
  await services.pullAccess.removeRule(admin, id)
  expect(await all(ask, bearer)).toEqual([200])

  const stranger = connection(scene)
  for (let i = 0; i < 3; i++) expect(await stranger("/v2/open/app/manifests/v1")).toBe(200)
  await services.projects.update(admin, projects.get("open") ?? 0, { isPublic: false })
  expect(await stranger("/v2/open/app/manifests/v1")).toBe(401)
  expect(await stranger(`/v2/open/app/manifests/${digest}`)).toBe(401)
})

test("S16: a wrong login is refused in the same words at each door, whoever has the name, and is slowed down", async () => {
  const scene = await rightsScene()
  const { server, pullUser, key, services, admin } = scene
  await pullUser("ann")
  const shut = await pullUser("shut")
  await services.pullAccess.updateUser(admin, shut.id, { disabled: true })
  await key("op", "operator", ["push"])
  const form = (username: string, password: string) =>
    new URLSearchParams({
      grant_type: "password",
      username,
      password,
      service: "docker-image-proxy",
      client_id: "docker",
    }).toString()
  const wrongs = [
    ["ann", "wrong"],
    ["shut", "password of shut"],
    ["nobody", "wrong"],
    ["admin", "a token of our own 0123"],
    ["op", "password of op"],
    ["ci", "wrong"],
  ] as const
  const said = new Set<string>()
  for (const [user, password] of wrongs) {
    for (const method of ["GET", "POST"]) {
      const posts = method === "POST"
      const answer = await scene.ask(
        method,
        "/v2/auth",
        posts ? undefined : basic(user, password),
        posts ? form(user, password) : undefined,
        posts ? "application/x-www-form-urlencoded" : undefined,
      )
      said.add(`${answer.status} ${answer.text} ${answer.headers.get("www-authenticate")}`)
    }
    const direct = await scene.ask("GET", "/v2/secret/app/manifests/v1", basic(user, password))
    expect([user, direct.status]).toEqual([user, 401])
  }
  expect(said.size).toBe(1)
  expect([...said][0]).toContain("incorrect user name or password")
  // The other way round: who may docker login opens nothing on the web, by form or by Basic.
  const web = new Set<string>()
  for (const [username, password] of [
    ["ann", "password of ann"],
    ["ci", "account pw"],
    ["nobody", "wrong"],
  ] as const) {
    const forwarded = { "x-forwarded-for": `10.9.0.${web.size + username.length}`, "content-type": "application/json" }
    const answer = await fetch(`${server.url}/api/auth/login`, {
      method: "POST",
      headers: forwarded,
      body: JSON.stringify({ username, password }),
    })
    web.add(`${answer.status} ${await answer.text()}`)
    for (const path of ["/api/registries", "/api/users", "/api/logs", "/api/whitelists"])
      expect([username, path, (await scene.ask("GET", path, basic(username, password))).status]).toEqual([username, path, 401])
  }
  expect(web.size).toBe(1)

  // From one address the doors share what was wrong.
  const from = { "x-forwarded-for": "10.77.0.1" }
  const guess = async (index: number) => {
    const authorization = basic("ann", `guess ${index}`)
    const path = index % 2 === 0 ? "/v2/auth" : "/v2/secret/app/tags/list"
    return (await fetch(`${server.url}${path}`, { headers: { ...from, authorization } })).status
  }
  const statuses: number[] = []
  for (let index = 0; index < 60; index++) statuses.push(await guess(index))
  expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(10)
  expect(statuses.at(-1)).toBe(429)
  const right = await fetch(`${server.url}/v2/auth`, { headers: { ...from, authorization: basic("ann", "password of ann") } })
  expect([right.status, Number(right.headers.get("retry-after")) > 0]).toEqual([429, true])
  expect((await scene.ask("GET", "/v2/auth", basic("ann", "password of ann"))).status).toBe(200)
})
