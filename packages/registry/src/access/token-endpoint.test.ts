import { describe, expect, test } from "vitest"
import { basic, callerOf, origin, service, start, subjectOf, testGate } from "./gate.fixture.ts"

function closed() {
  const all = testGate()
  all.people.open = false
  all.people.claimsAll = true
  all.people.logins.set("ann:right", subjectOf("ann", ["pull", "push"], { kind: "key" }))
  all.people.logins.set("bob:right", subjectOf("bob"))
  all.people.projects.set("team", { isPublic: false, members: new Map([["ann", ["pull", "push"]]]) })
  all.people.projects.set("open", { isPublic: true, members: new Map() })
  all.people.whitelist.add("docker.io/library/nginx")
  all.people.denied.add("docker.io/evil/x")
  return all
}

function accessOf(token: unknown): unknown {
  return JSON.parse(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString()).access
}

test("a token is told with its time and its scope", async () => {
  const { answer } = closed()
  const { status, body } = await answer(["repository:team/app:pull,push"], "ann:right")
  expect(status).toBe(200)
  expect(body).toEqual({
    token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{43}$/),
    access_token: body.token,
    token_type: "Bearer",
    expires_in: 300,
    issued_at: new Date(start).toISOString(),
    scope: "repository:team/app:pull,push",
  })
})

test("a token names its issuer, its audience and its holder, and has an id of its own", async () => {
  const { token } = closed()
  const read = (text: string) => text.split(".", 2).map((part) => JSON.parse(Buffer.from(part, "base64url").toString()))
  const [header, payload] = read(await token(["repository:team/app:pull"], "ann:right"))
  expect(header).toEqual({ alg: "HS256", kid: expect.stringMatching(/^[0-9a-f]{16}$/), typ: "JWT" })
  const at = start / 1000
  expect(payload).toMatchObject({ iss: service, aud: service, sub: "ann", iat: at, nbf: at, exp: at + 300 })
  expect(read(await token([], "ann:right"))[1].jti).not.toBe(payload.jti)
})

describe("what is granted is what was asked for and the rules allow", () => {
  const pull = (name: string, ...actions: string[]) => ({ type: "repository", name, actions: ["pull", ...actions] })

  test.each<[string | undefined, readonly string[], readonly unknown[]]>([
    ["ann:right", ["repository:team/app:pull"], [pull("team/app")]],
    ["ann:right", ["repository:team/app:pull,push,delete"], [pull("team/app", "push")]],
    ["ann:right", ["repository:team/app:*"], [pull("team/app", "push")]],
    ["ann:right", ["repository:team/app:pull", "repository:team/app:push"], [pull("team/app", "push")]],
    ["ann:right", ["repository:team/app:pull repository:open/app:pull,push"], [pull("team/app"), pull("open/app")]],
    ["ann:right", ["repository:redis:pull,push"], [pull("docker.io/library/redis")]],
    ["ann:right", ["repository(plugin):redis:pull"], [pull("docker.io/library/redis")]],
    ["ann:right", ["repository:example.com:5000/x:pull"], [pull("example.com:5000/x")]],
    ["ann:right", ["registry:catalog:*"], [{ type: "registry", name: "catalog", actions: ["*"] }]],
    ["ann:right", ["repository:evil/x:pull"], []],
    ["bob:right", ["repository:team/app:pull,push", "repository:redis:pull"], [pull("docker.io/library/redis")]],
    [
      undefined,
      ["repository:nginx:pull,push", "repository:redis:pull", "repository:team/app:pull"],
      [pull("docker.io/library/nginx")],
    ],
    [undefined, ["repository:open/app:pull,push", "registry:catalog:*"], [pull("open/app")]],
    [undefined, [], []],
    ["ann:right", ["", "repository", "repository:team/app", "repository:team/app:", ":team/app:pull"], []],
    ["ann:right", ["repository:TEAM/app:pull", "repository:../x:pull,", "repository:team/app:pull,PUSH"], []],
    ["ann:right", ["registry:catalog:pull", "registry:other:*", "namespace:team:pull", "aws:team/app:pull"], []],
  ])("%s asks for %j", async (login, scopes, expected) => {
    const { token } = closed()
    expect(accessOf(await token(scopes, login))).toEqual(expected)
  })

  test("a token stays short enough for a header, the first scopes before the others", async () => {
    const { answer } = closed()
    const scopes = Array.from({ length: 100 }, (_, i) => `repository:${"a".repeat(200)}${i}/x:pull`)
    const { body } = await answer(scopes, "bob:right")
    expect(String(body.token).length).toBeLessThan(8000)
    const granted = Array.from({ length: 14 }, (_, each) => `docker.io/${"a".repeat(200)}${each}/x`)
    expect(accessOf(body.token)).toEqual(granted.map((name) => pull(name)))
    const long = await answer([`repository:${"a/".repeat(400)}a:pull`], "bob:right")
    expect(accessOf(long.body.token)).toEqual([])
  })
})

describe("a wrong login", () => {
  test.each([basic("ann:wrong"), basic("nobody:right"), "Basic ???", "Basic", "Negotiate abc", "Bearer abc"])(
    "%s is refused, with a challenge",
    async (authorization) => {
      const { gate } = closed()
      const request = { method: "GET", query: new URLSearchParams(), ...callerOf(authorization) }
      const refusal: unknown = await gate.token(request).catch((error: unknown) => error)
      expect(refusal).toMatchObject({
        code: "UNAUTHORIZED",
        message: "incorrect user name or password",
        status: 401,
        challenge: `Basic realm="${origin}/v2/auth"`,
      })
    },
  )

  test("with neither name nor password is none", async () => {
    const { gate, people } = closed()
    const { status } = await gate.token({ method: "GET", query: new URLSearchParams(), ...callerOf(basic(":")) })
    expect([status, people.checked]).toEqual([200, 0])
  })
})

describe("POST (OAuth2)", () => {
  const post = (form: Record<string, string>) =>
    closed().gate.token({ method: "POST", query: new URLSearchParams(), form: new URLSearchParams(form), ...callerOf(undefined) })

  test("with a password is answered as GET is", async () => {
    const { status, body } = await post({
      ...{ grant_type: "password", client_id: "containerd-client", service, username: "ann", password: "right" },
      scope: "repository:team/app:pull,push repository:redis:pull",
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      token: body.access_token,
      expires_in: 300,
      scope: "repository:team/app:pull,push repository:docker.io/library/redis:pull",
    })
  })

  test("with a wrong password is refused", async () => {
    const refusal = post({ grant_type: "password", username: "ann", password: "wrong" })
    expect(await refusal.catch(String)).toBe("RegistryError: incorrect user name or password")
  })

  test.each([
    [{ grant_type: "refresh_token", refresh_token: "x" }, "unsupported_grant_type", "passwords alone are exchanged for tokens"],
    [{}, "unsupported_grant_type", "passwords alone are exchanged for tokens"],
    [{ grant_type: "password", username: "ann" }, "invalid_request", "username and password are missing"],
  ])("with %j sends the client on to GET", async (form, error, error_description) => {
    expect(await post(form)).toMatchObject({ status: 400, body: { error, error_description } })
  })
})

test("other methods are not supported", async () => {
  const request = { method: "PUT", query: new URLSearchParams(), ...callerOf(undefined) }
  expect(await closed().gate.token(request).catch(String)).toBe("RegistryError: tokens are fetched by GET or POST")
})
