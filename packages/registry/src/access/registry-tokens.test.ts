import { generateKeyPairSync } from "node:crypto"
import { type CompactJWSHeaderParameters, CompactSign, exportJWK, SignJWT } from "jose"
import { describe, expect, test } from "vitest"
import { origin, secret, service, start, subjectOf, testGate } from "./gate.fixture.ts"
import { RegistryTokens } from "./registry-tokens.ts"
import { tokenKeyOf } from "./token-keys.ts"

const { kid, key } = tokenKeyOf(secret)
const at = start / 1000
const ann = subjectOf("ann", ["pull"])
const realm = `Bearer realm="${origin}/v2/auth",service="entrepot",scope="repository:docker.io/nginx/unit:pull"`
const refused = `401 UNAUTHORIZED ${realm},error="invalid_token"`
const tooNarrow = `401 UNAUTHORIZED ${realm},error="insufficient_scope"`

/** A closed registry with a right token for one repository. */
async function closed() {
  const all = testGate()
  all.people.open = false
  all.people.logins.set("ann:right", ann)
  const token = await all.token(["repository:nginx/unit:pull"], "ann:right")
  return { ...all, token, show: (text: string) => all.ask(`Bearer ${text}`, "pull", "nginx/unit") }
}

const claims = {
  iss: service,
  aud: service,
  sub: "ann",
  jti: "A".repeat(22),
  iat: at,
  nbf: at,
  exp: at + 300,
  access: [{ type: "repository", name: "docker.io/nginx/unit", actions: ["pull"] }],
  who: { kind: "pull-user", id: ann.id, ceiling: ["pull"], admin: false, credential: "1" },
}

/** A token by our own key, as ours but for what is changed. */
function forge(payload: Record<string, unknown>, header: Record<string, unknown> = {}, by: Uint8Array = key): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify({ ...claims, ...payload })))
    .setProtectedHeader({ alg: "HS256", kid, typ: "JWT", ...header } as CompactJWSHeaderParameters)
    .sign(by)
}

describe("S4: a token", () => {
  test("that is ours is let in, for its time and a minute of leeway (fault 40)", async () => {
    const { show, token, clock } = await closed()
    expect(await show(token)).toBe("ann")
    expect(await show(await forge({}))).toBe("ann")
    clock.now = start + 359_999
    expect(await show(token)).toBe("ann")
    clock.now = start + 360_000
    expect(await show(token)).toBe(refused)
    clock.now = start - 60_000
    expect(await show(token)).toBe("ann")
    clock.now = start - 60_001
    expect(await show(token)).toBe(refused)
  })

  test("that is over is refused by a gate that has never seen it, too", async () => {
    const { token } = await closed()
    const { show, clock } = await closed()
    clock.now = start + 360_000
    expect(await show(token)).toBe(refused)
  })

  test("that was changed in any character is refused, also after the right one was seen", async () => {
    const { show, token } = await closed()
    expect(await show(token)).toBe("ann")
    for (let i = 0; i < token.length; i++) {
      for (const other of ["A", "B", "."]) {
        if (token[i] === other) continue
        expect(await show(token.slice(0, i) + other + token.slice(i + 1)), `${other} at ${i}`).toBe(refused)
      }
    }
    expect(await show(token)).toBe("ann")
  })

  test("has one spelling: nothing behind, before or between", async () => {
    const { show, token } = await closed()
    const [header = "", payload = "", signature = ""] = token.split(".")
    const last = signature.at(-1) ?? ""
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    // The last character carries four bits of the signature: three others spell the same bytes.
    const twins = [...alphabet].filter((c) => c !== last && alphabet.indexOf(c) >> 2 === alphabet.indexOf(last) >> 2)
    expect(twins).toHaveLength(3)
    const spellings = [
      ...twins.map((twin) => `${header}.${payload}.${signature.slice(0, -1)}${twin}`),
      ...["=", "A", ".", "\0", "%", ","].flatMap((c) => [token + c, c + token, `${header}.${payload}${c}.${signature}`]),
      `${payload}.${header}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}..${signature}`,
      `.${payload}.${signature}`,
      "..",
      ".",
      `${token}.${signature}`,
      `${token} ${token}`,
      `${header}.${payload}.${signature.repeat(400)}`,
    ]
    for (const spelling of spellings) expect(await show(spelling), JSON.stringify(spelling)).toBe(refused)
  })

  test.each(Object.keys(claims))("without %s is refused", async (claim) => {
    const { show } = await closed()
    expect(await show(await forge({ [claim]: undefined }))).toBe(refused)
  })

  const who = claims.who
  const entry = { type: "repository", name: "docker.io/nginx/unit", actions: ["pull"] }

  test.each<[string, Record<string, unknown>]>([
    ["another issuer", { iss: "registry.docker.io" }],
    ["no issuer", { iss: "" }],
    ["a list of issuers", { iss: [service] }],
    ["another audience", { aud: "registry.docker.io" }],
    ["an empty audience", { aud: "" }],
    ["a list of audiences", { aud: [service, "registry.docker.io"] }],
    ["a list of our audience alone", { aud: [service] }],
    ["a subject that is a number", { sub: 4 }],
    ["another subject", { sub: "bob" }],
    ["a token's id that is a number", { jti: 4 }],
    ["a token's id of another form", { jti: "../../etc/passwd" }],
    ["a begin to come", { nbf: at + 61 }],
    ["a begin that is a text", { nbf: `${at}` }],
    ["a begin that is a fraction", { nbf: at + 0.5 }],
    ["an end that is past", { iat: at - 400, nbf: at - 400, exp: at - 60 }],
    ["an end that is a text", { exp: `${at + 300}` }],
    ["an end that is a fraction", { exp: at + 300.5 }],
    ["an end before its issue", { iat: at + 30, nbf: at, exp: at + 30 }],
    ["an end a day away", { exp: at + 86_400 }],
    ["an issue that is a text", { iat: `${at}` }],
    ["access that is no list", { access: entry }],
    ["access that is a text", { access: "*" }],
    ["access to nothing by name", { access: [{ ...entry, name: undefined }] }],
    ["access of another type", { access: [{ ...entry, type: "*" }] }],
    ["access with actions that are a text", { access: [{ ...entry, actions: "pull" }] }],
    ["access with actions that are none", { access: [{ ...entry, actions: [4] }] }],
    ["access that is null", { access: [null] }],
    ["nobody", { who: null }],
    ["somebody in a list", { who: [who] }],
    ["somebody of no kind", { who: { ...who, kind: "administrator" } }],
    ["somebody of another kind", { who: { ...who, kind: "key", credential: "2" } }],
    ["somebody without a number", { who: { ...who, id: undefined } }],
    ["somebody whose number is a text", { who: { ...who, id: "4" } }],
    ["somebody with an unknown right", { who: { ...who, ceiling: ["pull", "*"] } }],
    ["somebody whose rights are a text", { who: { ...who, ceiling: "pull" } }],
    ["somebody who is an administrator by a text", { who: { ...who, admin: "yes" } }],
    ["somebody with another credential", { who: { ...who, credential: "2" } }],
    ["somebody with a credential that is a number", { who: { ...who, credential: 1 } }],
    ["somebody with a word more", { who: { ...who, root: true } }],
    ["a claim that we do not write", { admin: true }],
    ["an upstream's login that nobody has shown", { upstream: true }],
    ["an upstream's login by a text", { upstream: "yes" }],
  ])("under our own signature with %s is refused", async (_, payload) => {
    const { show } = await closed()
    expect(await show(await forge(payload))).toBe(refused)
  })

  test.each<[string, unknown]>([
    ["another repository", [{ ...entry, name: "docker.io/nginx/other" }]],
    ["a repository whose name begins alike", [{ ...entry, name: "docker.io/nginx/uni" }]],
    ["the name as another spelling", [{ ...entry, name: "nginx/unit" }]],
    ["every repository", [{ ...entry, name: "*" }]],
    ["another action", [{ ...entry, actions: ["push"] }]],
    ["every action by a star", [{ ...entry, actions: ["*"] }]],
    ["no action", [{ ...entry, actions: [] }]],
    ["nothing", []],
    ["the registry", [{ type: "registry", name: "docker.io/nginx/unit", actions: ["pull"] }]],
  ])("that was issued for %s asks for a wider one", async (_, access) => {
    const { show } = await closed()
    expect(await show(await forge({ access }))).toBe(tooNarrow)
  })

  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 })

  test.each<[string, Record<string, unknown>]>([
    ["a key of its own", { jwk: { kty: "oct", k: Buffer.from(key).toString("base64url") } }],
    ["an address of a key", { jku: "https://evil.example.com/keys" }],
    ["an address of a certificate", { x5u: "https://evil.example.com/cert" }],
    ["a certificate", { x5c: ["AAAA"] }],
    ["a foreign key's id", { kid: "0000000000000000" }],
    ["a path for a key's id", { kid: "../../dev/null" }],
    ["a key's id that is a list", { kid: [kid] }],
    ["no key's id", { kid: undefined }],
    ["another type", { typ: "at+jwt" }],
    ["no type", { typ: undefined }],
    ["a content type", { cty: "JWT" }],
  ])("under our own signature and a header with %s is refused", async (_, header) => {
    const { show } = await closed()
    expect(await show(await forge({}, header))).toBe(refused)
  })

  test("by any other algorithm is refused", async () => {
    const { show } = await closed()
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
    const publicKey = pair.publicKey.export({ type: "spki", format: "pem" })
    const rs256 = new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid, typ: "JWT", jwk: await exportJWK(pair.publicKey) })
    const tokens = [
      ...["none", "None", "NONE", "nOnE", ""].flatMap((alg) => {
        const unsigned = `${encoded({ alg, kid, typ: "JWT" })}.${encoded(claims)}`
        return [`${unsigned}.`, `${unsigned}.${"A".repeat(43)}`]
      }),
      await rs256.sign(pair.privateKey),
      await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid, typ: "JWT" }).sign(pair.privateKey),
      await forge({}, { alg: "HS384" }, Buffer.concat([key, key])),
      await forge({}, { alg: "HS512" }, Buffer.concat([key, key])),
      // The public key of somebody as the secret, and the secrets that ours are made of.
      await forge({}, {}, Buffer.from(publicKey)),
      await forge({}, {}, secret),
      await forge({}, {}, Buffer.alloc(32)),
      await forge({}, {}, tokenKeyOf(Buffer.alloc(32, 8)).key),
      await forge({}, { kid: tokenKeyOf(Buffer.alloc(32, 8)).kid }),
    ]
    for (const [index, token] of tokens.entries()) expect(await show(token), String(index)).toBe(refused)
  })

  test("that is bad is refused for what anybody may pull as well, so that its holder fetches another", async () => {
    const { people, show, ask, token } = await closed()
    people.whitelist.add("docker.io/nginx/unit")
    expect(await ask(undefined, "pull", "nginx/unit")).toBe("anonymous (public)")
    expect(await show(token)).toBe("ann (public)")
    expect(await show(`${token}x`)).toBe(refused)
  })
})

describe("rights that end while a token lives", () => {
  test("its holder's, at once", async () => {
    const { people, show, token } = await closed()
    expect(await show(token)).toBe("ann")
    people.logins.set("ann:right", { ...ann, credential: "2" })
    expect(await show(token)).toBe(refused)
  })

  test("by a deny rule, at once and for everybody", async () => {
    const { people, show, ask, token } = await closed()
    people.open = true
    expect(await ask(undefined, "pull", "nginx/unit")).toBe("anonymous (public)")
    people.denied.add("docker.io/nginx/unit")
    expect(await show(token)).toBe("403 DENIED")
    expect(await ask(undefined, "pull", "nginx/unit")).toBe("403 DENIED")
  })

  test("by a lost membership, at once", async () => {
    const all = testGate()
    all.people.open = false
    all.people.logins.set("kim:right", subjectOf("kim", ["pull", "push"], { kind: "key" }))
    all.people.projects.set("team", { isPublic: false, members: new Map([["kim", ["pull", "push"]]]) })
    const bearer = `Bearer ${await all.token(["repository:team/app:pull,push"], "kim:right")}`
    expect(await all.ask(bearer, "push", "team/app")).toBe("kim")
    all.people.projects.set("team", { isPublic: false, members: new Map([["kim", ["pull"]]]) })
    expect(await all.ask(bearer, "push", "team/app")).toBe(
      `401 DENIED Bearer realm="${origin}/v2/auth",service="entrepot",scope="repository:team/app:pull,push",error="insufficient_scope"`,
    )
    expect(await all.ask(bearer, "pull", "team/app")).toBe("kim")
  })
})

describe("the server's secrets", () => {
  const [old, next] = [Buffer.alloc(32, 3), Buffer.alloc(32, 4)]
  const tokensWith = (...secrets: Uint8Array[]) => new RegistryTokens({ secrets, service, now: () => start })

  test("the first signs, all verify, and one that is gone verifies nothing", async () => {
    const before = await tokensWith(old).sign(ann, [], false)
    const after = await tokensWith(next, old).sign(ann, [], false)
    expect(await tokensWith(next, old).verify(before.token)).toMatchObject({ subject: ann })
    expect(await tokensWith(next).verify(after.token)).toMatchObject({ subject: ann })
    expect(await tokensWith(next).verify(before.token)).toBe("invalid")
  })

  test.each([
    ["there is no server secret to sign tokens with", () => tokensWith()],
    ["a server secret has at least 32 bytes", () => tokensWith(Buffer.alloc(31))],
    [
      "a token lives for 60 to 3600 seconds",
      () => new RegistryTokens({ secrets: [old], service, lifetimeS: 59, now: () => start }),
    ],
  ])("%s", (problem, make) => expect(make).toThrow(new RangeError(problem)))
})
