import { describe, expect, test } from "vitest"
import { RegistryError } from "../registry-error.ts"
import { basic, origin, service, subjectOf, type TestGate, testGate } from "./gate.fixture.ts"
import { RegistryTokens } from "./registry-tokens.ts"

const hubChallenge = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"'
const ours = `401 UNAUTHORIZED Bearer realm="${origin}/v2/auth",service="entrepot"`
const rewritten = `401 UNAUTHORIZED Bearer realm="${origin}/v2/auth",service="registry.docker.io"`
const passedOn = `401 UNAUTHORIZED ${hubChallenge}`
const wrongPassword = `401 UNAUTHORIZED Basic realm="${origin}/v2/auth"`
const scope = ',scope="repository:docker.io/library/nginx:pull"'

const dimensions = {
  skip: ["skip", "rewrite"],
  upstream: ["upstream-auth", "no-upstream-auth"],
  accounts: ["ACCOUNTS", "no-ACCOUNTS"],
  credentials: ["right", "wrong", "no-login"],
  service: ["service-ours", "service-theirs"],
  token: ["token-ours", "token-foreign", "token-junk", "no-token"],
} as const

type Combination = { readonly [Name in keyof typeof dimensions]: (typeof dimensions)[Name][number] }

/** Seed 2's flowchart, with the bypass closed (RELIABILITY section 3). What a row does not name is any. Each combination is met by one row of each table. */
const challenges = table([
  // SKIP_AUTH_PROXY does not come together with ACCOUNTS; should it, logins count.
  ["ACCOUNTS", ours],
  ["no-ACCOUNTS rewrite upstream-auth", rewritten],
  ["no-ACCOUNTS rewrite no-upstream-auth", ours],
  ["no-ACCOUNTS skip upstream-auth", passedOn],
  ["no-ACCOUNTS skip no-upstream-auth", "anonymous (public)"],
])

const tokens = table([
  ["no-login", "a token for nobody"],
  ["ACCOUNTS right", "a token for ann"],
  ["ACCOUNTS wrong", wrongPassword],
  ["no-ACCOUNTS no-upstream-auth right", "a token for nobody"],
  ["no-ACCOUNTS no-upstream-auth wrong", "a token for nobody"],
  ["no-ACCOUNTS upstream-auth service-ours right", "a token for nobody"],
  ["no-ACCOUNTS upstream-auth service-ours wrong", "a token for nobody"],
  ["no-ACCOUNTS upstream-auth service-theirs right", "a token for somebody of the upstream's"],
  ["no-ACCOUNTS upstream-auth service-theirs wrong", wrongPassword],
])

const pulls = table([
  ["ACCOUNTS token-ours right", "ann"],
  ["ACCOUNTS token-ours wrong", `${ours}${scope}`],
  ["ACCOUNTS token-ours no-login", `${ours}${scope},error="insufficient_scope"`],
  ["ACCOUNTS token-foreign", `${ours}${scope},error="invalid_token"`],
  ["ACCOUNTS token-junk", `${ours}${scope},error="invalid_token"`],
  ["ACCOUNTS no-token", `${ours}${scope}`],
  ["no-ACCOUNTS token-foreign", "anonymous as bearer"],
  ["no-ACCOUNTS token-junk", "anonymous as bearer"],
  ["no-ACCOUNTS no-token", "anonymous (public)"],
  ["no-ACCOUNTS token-ours no-upstream-auth", "anonymous (public)"],
  ["no-ACCOUNTS token-ours upstream-auth service-ours", "anonymous (public)"],
  ["no-ACCOUNTS token-ours upstream-auth service-theirs right", "anonymous as ann:right"],
  ["no-ACCOUNTS token-ours upstream-auth service-theirs wrong", "anonymous (public)"],
  ["no-ACCOUNTS token-ours upstream-auth service-theirs no-login", "anonymous (public)"],
])

describe("seed 2's flowchart", () => {
  test.each(everyCombination())("$skip, $upstream, $accounts, $credentials, $service, $token", async (combination) => {
    const all = setUp(combination)
    const login = { right: "ann:right", wrong: "ann:wrong", "no-login": undefined }[combination.credentials]
    const asked = combination.service === "service-ours" ? service : "registry.docker.io"

    expect(await all.askBase(undefined)).toBe(challenges(combination))
    const [told, token] = await fetchToken(all, login, asked)
    expect(told).toBe(tokens(combination))
    const shown = { "token-ours": token, "token-foreign": await foreignToken(), "token-junk": "junk", "no-token": undefined }
    const bearer = shown[combination.token]
    expect(await all.ask(bearer && `Bearer ${bearer}`, "pull", "nginx")).toBe(pulls(combination))
  })
})

const hub = { upstreamChallenge: hubChallenge, accepts: async () => true }

describe("a login of the upstream's", () => {
  test("counts for its own registry alone, and for what was asked for", async () => {
    const { ask, token } = testGate(hub)
    const bearer = `Bearer ${await token(["repository:nginx:pull", "repository:ghcr.io/x/y:pull"], "hub:pw", "registry.docker.io")}`
    expect(await ask(bearer, "pull", "nginx")).toBe("anonymous as hub:pw")
    expect(await ask(bearer, "pull", "ghcr.io/x/y")).toBe("anonymous (public)")
    const wider = `${rewritten},scope="repository:docker.io/library/redis:pull",error="insufficient_scope"`
    expect(await ask(bearer, "pull", "redis")).toBe(wider)
  })

  test("ends when people need to log in here, and so do tokens of others", async () => {
    const { ask, token, people } = testGate(hub)
    const bearer = `Bearer ${await token(["repository:nginx:pull"], "hub:pw", "registry.docker.io")}`
    const foreign = `Bearer ${await foreignToken()}`
    expect([await ask(bearer, "pull", "nginx"), await ask(foreign, "pull", "nginx")]).toEqual([
      "anonymous as hub:pw",
      "anonymous as bearer",
    ])
    people.open = false
    expect(await ask(bearer, "pull", "nginx")).toBe(`${ours}${scope},error="insufficient_scope"`)
    expect(await ask(foreign, "pull", "nginx")).toBe(`${ours}${scope},error="invalid_token"`)
    expect(await ask(basic("hub:pw"), "pull", "nginx")).toBe(`${ours}${scope},error="invalid_token"`)
  })

  test("is told from another's by its key, and is the same one in the next token", async () => {
    const { gate, token } = testGate(hub)
    const name = { kind: "proxied", name: "docker.io/library/nginx", registry: "docker.io", path: "library/nginx" } as const
    const keyOf = async (authorization: string) =>
      (await gate.admit({ authorization, address: "", origin }, "pull", name)).identity?.key
    const one = await keyOf(`Bearer ${await token(["repository:nginx:pull"], "hub:pw", "registry.docker.io")}`)
    expect(one).toMatch(/^[\w-]{43}$/)
    expect(await keyOf(`Bearer ${await token(["repository:nginx:pull"], "hub:pw", "registry.docker.io")}`)).toBe(one)
    expect(await keyOf(basic("hub:pw"))).toBe(one)
    expect(await keyOf(basic("hub:pw2"))).not.toBe(one)
    expect(await keyOf("Bearer hub:pw")).not.toBe(one)
  })

  test("is not in the token, which is worth nothing once the server has forgotten it", async () => {
    const all = testGate(hub)
    const token = await all.token(["repository:nginx:pull"], "hub:canary", "registry.docker.io")
    expect(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).not.toMatch(/hub|canary/)
    expect(await testGate(hub).ask(`Bearer ${token}`, "pull", "nginx")).toBe(`${rewritten}${scope},error="invalid_token"`)
  })

  test("that has the shape of a key of ours is never shown to the upstream", async () => {
    const seen: unknown[] = []
    const all = testGate({
      upstreamChallenge: hubChallenge,
      accepts: async (credentials) => {
        seen.push(credentials)
        return true
      },
    })
    const answer = all.answer(["repository:nginx:pull"], "ci:ept_0123", "registry.docker.io")
    expect(await answer.catch(String)).toBe("RegistryError: incorrect user name or password")
    expect(await all.ask(basic("ci:ept_0123"), "pull", "nginx")).toBe(`${rewritten}${scope},error="invalid_token"`)
    expect(seen).toEqual([])
  })

  test("is asked about once a minute, and taken on trust by whoever cannot ask", async () => {
    let asked = 0
    let answers = async () => true
    const all = testGate({ upstreamChallenge: hubChallenge, accepts: () => answers() })
    const { clock } = all
    answers = async () => {
      asked++
      return true
    }
    for (let i = 0; i < 3; i++) await all.token(["repository:nginx:pull"], "hub:pw", "registry.docker.io")
    expect(asked).toBe(1)
    answers = async () => {
      throw new Error("the upstream is away")
    }
    clock.now += 60_000
    const bearer = `Bearer ${await all.token(["repository:nginx:pull"], "hub:pw", "registry.docker.io")}`
    expect(await all.ask(bearer, "pull", "nginx")).toBe("anonymous as hub:pw")
  })

  test("at an upstream that knows Basic alone is asked for under the registry's name", async () => {
    const { askBase, token, ask } = testGate({ upstreamChallenge: 'Basic realm="Registry"' })
    expect(await askBase(undefined)).toBe(`401 UNAUTHORIZED Bearer realm="${origin}/v2/auth",service="docker.io"`)
    const bearer = `Bearer ${await token(["repository:nginx:pull"], "hub:pw", "docker.io")}`
    expect(await ask(bearer, "pull", "nginx")).toBe("anonymous as hub:pw")
  })
})

test("SKIP_AUTH_PROXY: who is turned away for a repository gets the upstream's challenge with its own name for it", async () => {
  const { gate } = testGate({ upstreamChallenge: hubChallenge, skipAuthProxy: true })
  const name = { kind: "proxied", name: "docker.io/library/nginx", registry: "docker.io", path: "library/nginx" } as const
  const other = { kind: "proxied", name: "ghcr.io/x/y", registry: "ghcr.io", path: "x/y" } as const
  const caller = { authorization: undefined, address: "", origin }
  expect(await gate.challenge(caller, "pull", name)).toBe(`${hubChallenge},scope="repository:library/nginx:pull"`)
  expect(await gate.challenge(caller, "pull", other)).toBe(
    `Bearer realm="${origin}/v2/auth",service="entrepot",scope="repository:ghcr.io/x/y:pull"`,
  )
})

test("SELF_REGISTRY: the realm is where it says, wherever the client asked", async () => {
  const { askBase } = testGate({ selfOrigin: "http://localhost:8080" })
  expect(await askBase(undefined)).toBe('401 UNAUTHORIZED Bearer realm="http://localhost:8080/v2/auth",service="entrepot"')
})

test("SELF_REGISTRY: at a virtual host the realm is there, by the same scheme where the client has written no port", async () => {
  const { gate } = testGate({ selfOrigin: "https://self.example.com:8443", isVirtualHost: (at) => at.includes("//gcr.") })
  const name = { kind: "proxied", name: "gcr.io/pause", registry: "gcr.io", path: "pause" } as const
  const realmAt = async (asked: string) => {
    const challenge = await gate.challenge({ authorization: undefined, address: "", origin: asked }, "pull", name)
    return /realm="([^"]+)"/.exec(challenge)?.[1]
  }
  expect(await realmAt("http://gcr.example.com")).toBe("https://gcr.example.com/v2/auth")
  expect(await realmAt("http://gcr.example.com:8080")).toBe("http://gcr.example.com:8080/v2/auth")
  expect(await realmAt("http://other.example.com")).toBe("https://self.example.com:8443/v2/auth")
})

function setUp({ skip, upstream, accounts }: Combination): TestGate {
  const all = testGate({
    skipAuthProxy: skip === "skip",
    ...(upstream === "upstream-auth" ? { upstreamChallenge: hubChallenge } : {}),
    accepts: async (shown) => "username" in shown && shown.username === "ann" && shown.password === "right",
  })
  if (accounts === "ACCOUNTS") {
    all.people.open = false
    all.people.claimsAll = true
    all.people.logins.set("ann:right", subjectOf("ann", ["pull"], { kind: "account", id: 0 }))
  }
  return all
}

/** What the token endpoint said, and the token. */
async function fetchToken({ answer }: TestGate, login: string | undefined, asked: string): Promise<[string, string | undefined]> {
  try {
    const { body } = await answer(["repository:library/nginx:pull"], login, asked)
    const payload = JSON.parse(Buffer.from(String(body.token).split(".")[1] ?? "", "base64url").toString())
    const whose = payload.upstream === true ? "somebody of the upstream's" : payload.sub || "nobody"
    return [`a token for ${whose}`, String(body.token)]
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    return [`${error.status} ${error.code} ${error.challenge}`, undefined]
  }
}

/** One that the upstream's own server might have signed. */
async function foreignToken(): Promise<string> {
  const theirs = new RegistryTokens({ secrets: [Buffer.alloc(32, 1)], service: "registry.docker.io", now: Date.now })
  return (await theirs.sign(subjectOf("ann"), [], false)).token
}

function everyCombination(): readonly Combination[] {
  let all: readonly Readonly<Record<string, string>>[] = [{}]
  for (const [name, values] of Object.entries(dimensions)) {
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })))
  }
  return all as readonly Combination[]
}

function table(rows: readonly (readonly [string, string])[]): (combination: Combination) => string {
  return (combination) => {
    const values = new Set<string>(Object.values(combination))
    const met = rows.filter(([words]) => words.split(" ").every((word) => values.has(word)))
    expect(met.map(([words]) => words)).toHaveLength(1)
    return met[0]?.[1] ?? ""
  }
}
