import { expect, onTestFinished, test } from "vitest"
import { createHttp, type Http } from "./create-http.ts"
import { type Credentials, IdentityToken, PasswordCredentials } from "./credentials/credentials.ts"
import type { HttpOptions } from "./http-options.ts"
import { loopbackSend } from "./layers/loopback-send.fixture.ts"
import { type Asked, type Handler, loopbackServer } from "./layers/loopback-server.fixture.ts"

const canary = "canary-Passw0rd"
const known: readonly (readonly [string, Credentials])[] = [
  ["password", new PasswordCredentials("ada", canary)],
  ["identity token", new IdentityToken(canary)],
]
/** Each way in which the secret could stand in a request. */
const secretForms = [canary, ...["ada:", "<token>:"].map((user) => Buffer.from(user + canary).toString("base64"))]

function urlOf(asked: Asked): URL {
  return new URL(String(asked.headers["x-url"]))
}

function holdsSecret(asked: Asked): boolean {
  const everything = `${asked.method} ${asked.path} ${JSON.stringify(asked.headers)} ${asked.body}`
  return secretForms.some((form) => everything.includes(form))
}

/** All hosts of the world in one server, and a client that reaches every one of them through all layers. */
async function world(handler: Handler, options: HttpOptions) {
  const server = await loopbackServer(handler)
  const http: Http = createHttp({ transport: loopbackSend(server), retry: { attempts: 1 }, ...options })
  onTestFinished(async () => {
    await http.close()
    await server[Symbol.asyncDispose]()
  })
  return { server, http }
}

/** A registry that names `realm`; the token servers, all of them, answer with a token that it does not accept. */
function naming(realm: string): Handler {
  return (asked, response) => {
    if (asked.path.startsWith("/v2/")) {
      const challenge = `Bearer realm="${realm}",service="registry",scope="repository:app:pull"`
      response.writeHead(401, { "www-authenticate": challenge }).end()
    } else response.end(JSON.stringify({ token: "t" }))
  }
}

async function pull(http: Http, registry: string): Promise<void> {
  const url = new URL("/v2/app/manifests/1", registry)
  const request = { method: "GET", url, origin: "configured", scopes: ["repository:app:pull"] } as const
  await http.send(request).then(
    (response) => response.body.discard(),
    () => undefined,
  )
}

const hostile: readonly (readonly [registry: string, realm: string, why: string])[] = [
  ["https://registry.example.com", "https://evil.net/token", "another domain"],
  ["https://registry.example.com", "http://registry.example.com/token", "plain http although the registry speaks https"],
  ["https://registry.example.com", "http://auth.example.com/token", "plain http at a neighbour"],
  ["https://registry.example.com", "https://registry.example.com@evil.net/token", "the registry as user info"],
  ["https://registry.example.com", "https://ada:pw@evil.net/token", "user and password in the realm"],
  ["https://registry.example.com", "https://registry.example.com.evil.net/token", "the registry as a subdomain"],
  ["https://registry.example.com", "https://evilexample.com/token", "a domain that ends alike"],
  ["https://registry.example.com", "https://registry.ex\\u0430mple.com/token", "a homograph that is escaped"],
  ["https://registry.example.com", "https://registry.xn--exmple-4nf.com/token", "a homograph"],
  ["https://registry.example.com", "https://registry.example.co/token", "the beginning of the domain"],
  ["https://registry.example.com", "https://evil.net:443#@registry.example.com/token", "the registry in the fragment"],
  ["https://registry.example.com", "https://evil.net/?registry.example.com/token", "the registry in the query"],
  ["https://registry.example.com", "https://evil.net\\\\\\\\.registry.example.com/token", "backslashes"],
  ["https://registry.example.com", "//evil.net/token", "no scheme"],
  ["https://registry.example.com", "javascript://registry.example.com/token", "no http"],
  ["https://a.github.io", "https://b.github.io/token", "a neighbour under a private suffix"],
  ["https://a.github.io", "https://b.github.io./token", "the same with a dot at the end"],
  ["https://a.github.io", "https://B.GitHub.IO/token", "the same in capitals"],
  ["https://a.github.io", "https://github.io/token", "the private suffix itself"],
  ["https://a.co.uk", "https://b.co.uk/token", "a public suffix of two labels"],
  ["https://a.s3.amazonaws.com", "https://b.s3.amazonaws.com/token", "another bucket"],
  ["https://10.0.0.5", "https://10.0.0.5:8443/token", "an address on another port"],
  ["https://10.0.0.5:5000", "https://10.0.0.6:5000/token", "a neighbouring address"],
  ["https://10.0.0.5", "https://[::ffff:10.0.0.5]/token", "the address written as IPv6"],
  ["https://10.0.0.5", "https://[::ffff:a00:6]/token", "a neighbour written as IPv6"],
  ["https://[fd00::5]", "https://[fd00::6]/token", "a neighbouring IPv6 address"],
  ["https://[fd00::5]:5000", "https://[fd00::5]:5001/token", "an IPv6 address on another port"],
  ["https://harbor:5000", "https://evil/token", "a single label"],
  ["https://harbor:5000", "https://harbor:5001/token", "a single label on another port"],
  ["http://127.0.0.1:5000", "http://127.0.0.1:5001/token", "another port of this machine"],
  ["http://127.0.0.1:5000", "http://localhost:5000/token", "another name of this machine"],
  [
    "https://registry.cn-hangzhou.aliyuncs.com",
    "https://dockerauth.cn-hangzhou.aliyuncs.com.evil.net/t",
    "a pair's name as a subdomain",
  ],
]

for (const [kind, credentials] of known) {
  test.each(hostile)(`the ${kind} for %s is not sent to the realm %s: %s (S1)`, async (registry, realm) => {
    const { server, http } = await world(naming(realm), {
      credentials: async () => credentials,
      hosts: registry.startsWith("http:") ? { [new URL(registry).host]: { plainHttp: true } } : {},
    })
    await pull(http, registry)
    await pull(http, registry)
    expect(server.asked.length).toBeGreaterThan(0)
    expect(server.asked.filter(holdsSecret).map((asked) => urlOf(asked).href)).toEqual([])
  })

  test.each([
    ["https://registry.example.com", "https://registry.example.com/token"],
    ["https://registry.example.com", "https://REGISTRY.example.com:443/token"],
    ["https://registry.example.com:8443", "https://auth.example.com/token"],
    ["https://registry-1.docker.io", "https://auth.docker.io/token"],
    ["http://127.0.0.1:5000", "http://127.0.0.1:5000/token"],
  ])(`the ${kind} for %s is sent to %s, so that the tests above can fail`, async (registry, realm) => {
    const { server, http } = await world(naming(realm), {
      credentials: async () => credentials,
      hosts: registry.startsWith("http:") ? { [new URL(registry).host]: { plainHttp: true } } : {},
    })
    await pull(http, registry)
    const seen = server.asked.filter(holdsSecret).map((asked) => urlOf(asked))
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every(({ pathname }) => pathname === "/token")).toBe(true)
  })

  test(`a realm that redirects does not get the ${kind} sent on (S1)`, async () => {
    const { server, http } = await world(
      (asked, response) => {
        if (urlOf(asked).host === "evil.net") response.end(JSON.stringify({ token: "t" }))
        else if (asked.path.startsWith("/v2/"))
          response.writeHead(401, { "www-authenticate": 'Bearer realm="https://registry.example.com/token"' }).end()
        else response.writeHead(307, { location: "https://evil.net/token" }).end()
      },
      { credentials: async () => credentials },
    )
    await pull(http, "https://registry.example.com")
    expect(server.asked.map((asked) => urlOf(asked).host)).not.toContain("evil.net")
  })
}

test("what one host's challenge says of another host's realm changes nothing there (S1)", async () => {
  const { server, http } = await world(
    (asked, response) => {
      const { host } = urlOf(asked)
      if (!asked.path.startsWith("/v2/")) response.end(JSON.stringify({ token: "t" }))
      else if (host === "mallory.net")
        response.writeHead(401, { "www-authenticate": 'Bearer realm="https://registry.example.com/token"' }).end()
      else response.writeHead(401, { "www-authenticate": 'Bearer realm="https://mallory.net/token"' }).end()
    },
    { credentials: async (host) => (host === "registry.example.com" ? known[0]?.[1] : undefined) },
  )
  await pull(http, "https://mallory.net")
  await pull(http, "https://registry.example.com")
  await pull(http, "https://mallory.net")
  expect(server.asked.filter(holdsSecret)).toEqual([])
})
