import { describe, expect, test } from "vitest"
import { RegistryError } from "../registry-error.ts"
import { basic, callerOf, origin, subjectOf, testGate } from "./gate.fixture.ts"

const realm = `Bearer realm="${origin}/v2/auth",service="entrepot"`
const unit = `401 UNAUTHORIZED ${realm},scope="repository:docker.io/nginx/unit:pull"`

/** How a token is refused whose holder is known, and may not: Docker would repeat itself after 403. */
function tooNarrow(action: string, name: string): string {
  const canonical = /^(?:team|open)\//.test(name) ? name : `docker.io/${name}`
  const scope = `repository:${canonical}:${action === "push" ? "pull,push" : action}`
  return `401 DENIED ${realm},scope="${scope}",error="insufficient_scope"`
}

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
    const byToken = `Bearer ${await token([scope], login)}`
    const isNobody = expected.startsWith("401")
    const byTokenExpected = isNobody
      ? `${expected},error="insufficient_scope"`
      : expected === "403 DENIED"
        ? tooNarrow(action, name)
        : expected
    expect(await ask(byToken, action, name)).toBe(byTokenExpected)
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

describe("passwords directly at /v2", () => {
  test("are looked at once a minute, and their owner on every request", async () => {
    const { ask, people, clock } = withProject()
    for (let i = 0; i < 5; i++) expect(await ask(basic("bob:right"), "pull", "nginx/unit")).toBe("bob")
    expect(people.checked).toBe(1)
    clock.now += 60_000
    expect(await ask(basic("bob:right"), "pull", "nginx/unit")).toBe("bob")
    expect(people.checked).toBe(2)
    people.logins.delete("bob:right")
    expect(await ask(basic("bob:right"), "pull", "nginx/unit")).toBe(`${unit},error="invalid_token"`)
  })

  test("that are wrong are refused each time they are looked at", async () => {
    const { ask, people } = withProject()
    for (const login of ["bob:wrong", "bob:wrong", "nobody:right", "bob:right "]) {
      expect(await ask(basic(login), "pull", "nginx/unit")).toBe(`${unit},error="invalid_token"`)
    }
    expect(people.checked).toBe(4)
  })

  test("that were right are let in without a promise", async () => {
    const { gate, ask } = withProject()
    await ask(basic("bob:right"), "pull", "nginx/unit")
    const name = { kind: "proxied", name: "docker.io/nginx/unit", registry: "docker.io", path: "nginx/unit" } as const
    expect(gate.admit(callerOf(basic("bob:right")), "pull", name)).toMatchObject({ subject: { name: "bob" }, isPublic: false })
  })
})

test.each(["Basic", "Basic ?", "Bearer", "Bearer ", "Digest username=bob", "bob:right"])(
  "%j is no way to say who one is",
  async (authorization) => {
    const { ask } = withProject()
    expect(await ask(authorization, "pull", "nginx/unit")).toBe(`${unit},error="invalid_token"`)
  },
)

describe("requests that name no repository", () => {
  const catalog = `401 UNAUTHORIZED ${realm},scope="registry:catalog:*"`

  test.each([
    ["base", undefined, `401 UNAUTHORIZED ${realm}`],
    ["catalog", undefined, catalog],
    ["search", undefined, `401 UNAUTHORIZED ${realm}`],
    ["base", "bob:right", "bob"],
    ["catalog", "bob:right", "bob"],
    ["search", "bob:right", "bob"],
    ["base", "bob:wrong", `401 UNAUTHORIZED ${realm},error="invalid_token"`],
    ["catalog", "bob:wrong", `${catalog},error="invalid_token"`],
    ["search", "bob:wrong", `401 UNAUTHORIZED ${realm},error="invalid_token"`],
  ] as const)("%s, where people log in, for %s", async (action, login, expected) => {
    expect(await withProject().askBase(login && basic(login), action)).toBe(expected)
  })

  test("the catalog takes a token that was issued for it", async () => {
    const { askBase, token } = withProject()
    const narrow = `Bearer ${await token(["repository:nginx:pull"], "bob:right")}`
    expect(await askBase(narrow, "catalog")).toBe(`${catalog},error="insufficient_scope"`)
    expect(await askBase(`Bearer ${await token(["registry:catalog:*"], "bob:right")}`, "catalog")).toBe("bob")
    expect(await askBase(`Bearer ${await token(["registry:catalog:*"])}`, "catalog")).toBe(catalog)
  })

  test("anybody sees catalog and search where nobody logs in", async () => {
    const { askBase } = testGate()
    expect([await askBase(undefined, "catalog"), await askBase(undefined, "search")]).toEqual(Array(2).fill("anonymous (public)"))
  })

  test("names are shown to those who may pull them", async () => {
    const { gate } = withProject()
    const names = ["team/app", "open/app"].map((name) => ({ kind: "hosted", project: name.split("/")[0] ?? "", name }) as const)
    const seen = async (login: string) => {
      const admission = await gate.admitBase(callerOf(basic(login)), "catalog")
      return names.filter((name) => gate.mayPull(admission, name)).map(({ name }) => name)
    }
    expect([await seen("ann:right"), await seen("bob:right"), await seen("root:right")]).toEqual([
      ["team/app", "open/app"],
      ["open/app"],
      ["team/app", "open/app"],
    ])
  })
})

test("in open mode a token of ours that is bad is refused, and not taken for one of the upstream's", async () => {
  const { ask, token, clock } = testGate()
  const good = await token(["repository:nginx:pull"])
  const nginx = `401 UNAUTHORIZED ${realm},scope="repository:docker.io/library/nginx:pull",error="invalid_token"`
  const [header, payload, signature = ""] = good.split(".")
  for (const bad of [
    `${header}.${payload}.${[...signature].reverse().join("")}`,
    `${header}.${payload}.`,
    `${header}.e30.${signature}`,
  ]) {
    expect(await ask(`Bearer ${bad}`, "pull", "nginx"), bad).toBe(nginx)
  }
  clock.now += 360_000
  expect(await ask(`Bearer ${good}`, "pull", "nginx")).toBe(nginx)
})
