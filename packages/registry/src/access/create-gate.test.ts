import { describe, expect, test } from "vitest"
import { RegistryError } from "../registry-error.ts"
import { basic, callerOf, origin, subjectOf, testGate } from "./gate.fixture.ts"

const realm = `Bearer realm="${origin}/v2/auth",service="entrepot"`

function withProject() {
  const all = testGate()
  const { people } = all
  people.open = false
  people.logins.set("ann:right", subjectOf("ann", ["pull", "push", "delete"], { kind: "key" }))
  people.logins.set("bob:right", subjectOf("bob"))
  people.logins.set("root:right", subjectOf("root", ["pull", "push", "delete", "catalog"], { kind: "key", isAdmin: true }))
  people.projects.set("team", { isPublic: false, members: new Map([["ann", ["pull", "push"]]]) })
  people.projects.set("open", { isPublic: true, members: new Map([["ann", ["pull", "push"]]]) })
  people.whitelist.add("docker.io/library/nginx")
  return all
}

test("in open mode anybody pulls what is read through upstreams, and /v2/ asks for a login all the same", async () => {
  const { ask, askBase } = testGate()
  expect(await ask(undefined, "pull", "nginx")).toBe("anonymous (public)")
  expect(await askBase(undefined)).toBe(`401 UNAUTHORIZED ${realm}`)
})

test("a client that answers the challenge of /v2/ without a login holds a token that opens it", async () => {
  const { token, ask, askBase } = testGate()
  const anonymous = `Bearer ${await token(["repository:library/nginx:pull"])}`
  expect(await askBase(anonymous)).toBe("anonymous")
  expect(await ask(anonymous, "pull", "nginx")).toBe("anonymous (public)")
})

test("a token that was seen before is let in without a promise", async () => {
  const { gate, token, people } = withProject()
  const bearer = `Bearer ${await token(["repository:nginx/unit:pull"], "bob:right")}`
  const name = { kind: "proxied", name: "docker.io/nginx/unit", registry: "docker.io", path: "nginx/unit" } as const
  expect(gate.admit(callerOf(bearer), "pull", name)).toBeInstanceOf(Promise)
  await gate.admit(callerOf(bearer), "pull", name)
  const expected = { subject: people.logins.get("bob:right"), isPublic: false }
  expect(gate.admit(callerOf(bearer), "pull", name)).toEqual(expected)
})

describe("who may do what", () => {
  test.each([
    ["nobody", "pull", "nginx", "anonymous (public)"],
    ["nobody", "pull", "nginx/unit", `401 UNAUTHORIZED ${realm},scope="repository:docker.io/nginx/unit:pull"`],
    ["nobody", "push", "nginx", `401 UNAUTHORIZED ${realm},scope="repository:docker.io/library/nginx:pull,push"`],
    ["nobody", "pull", "team/app", `401 UNAUTHORIZED ${realm},scope="repository:team/app:pull"`],
    ["nobody", "delete", "team/app", `401 UNAUTHORIZED ${realm},scope="repository:team/app:delete"`],
    ["nobody", "pull", "open/app", "anonymous (public)"],
    ["nobody", "push", "open/app", `401 UNAUTHORIZED ${realm},scope="repository:open/app:pull,push"`],
    ["bob", "pull", "nginx", "bob (public)"],
    ["bob", "pull", "nginx/unit", "bob"],
    ["bob", "push", "nginx/unit", "403 DENIED"],
    ["bob", "pull", "team/app", "403 DENIED"],
    ["bob", "pull", "open/app", "bob (public)"],
    ["bob", "push", "open/app", "403 DENIED"],
    ["ann", "pull", "team/app", "ann"],
    ["ann", "push", "team/app", "ann"],
    ["ann", "delete", "team/app", "403 DENIED"],
    ["root", "delete", "team/app", "root"],
    ["root", "push", "nginx/unit", "403 DENIED"],
  ] as const)("%s, %s of %s: %s", async (who, action, name, expected) => {
    const { ask, token } = withProject()
    const scope = `repository:${name}:pull,push,delete`
    const login = who === "nobody" ? undefined : `${who}:right`
    expect(await ask(login && basic(login), action, name)).toBe(expected)
    expect(await ask(`Bearer ${await token([scope], login)}`, action, name)).toBe(expected)
  })

  test("a project that is not there, and one that somebody is no member of, answer the same", async () => {
    const { gate, people } = withProject()
    const name = { kind: "hosted", project: "team", name: "team/app" } as const
    const asked = async (authorization: string | undefined) => {
      const error: unknown = await Promise.resolve()
        .then(() => gate.admit(callerOf(authorization), "pull", name))
        .catch((thrown: unknown) => thrown)
      return error instanceof RegistryError ? [error.message, { ...error }] : error
    }
    const before = [await asked(undefined), await asked(basic("bob:right"))]
    people.projects.delete("team")
    expect([await asked(undefined), await asked(basic("bob:right"))]).toEqual(before)
  })
})
