import { expect, test } from "vitest"
import type { Clock } from "../../content/clock.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { staticCredentials } from "../credentials/static-credentials.ts"
import { bufferBody, type HttpRequest } from "../http.ts"
import { auth } from "./auth.ts"
import { loopbackSend } from "./loopback-send.fixture.ts"
import { type Asked, type Handler, loopbackServer } from "./loopback-server.fixture.ts"
import { redirects } from "./redirects.ts"

const registry = "https://registry.example.com"
const pull: HttpRequest = {
  method: "GET",
  url: new URL(`${registry}/v2/app/manifests/1`),
  origin: "configured",
  scopes: ["repository:app:pull"],
}
const ada = { "registry.example.com": { username: "ada", password: "canary-password" } }
const basic = `Basic ${Buffer.from("ada:canary-password").toString("base64")}`

function isToken(asked: Asked): boolean {
  return !asked.path.startsWith("/v2/")
}

/** A registry that wants one of `accepted`, and the token server it names. */
function tokenProtocol(token: Handler, accepted: (authorization: string) => boolean, challenge = ""): Handler {
  return (asked, response) => {
    if (isToken(asked)) return token(asked, response)
    if (accepted(asked.headers.authorization ?? "")) return response.end("content")
    const realm = `Bearer realm="${registry}/token",service="registry"${challenge}`
    return response.writeHead(401, { "www-authenticate": realm }).end()
  }
}

function issue(): Handler {
  let count = 0
  return (_, response) => response.end(JSON.stringify({ access_token: `token-${++count}`, expires_in: 100 }))
}

async function failureOf(work: Promise<unknown>): Promise<TransferError> {
  try {
    await work
  } catch (error) {
    if (error instanceof TransferError) return error
    throw error
  }
  throw new Error("did not fail")
}

const hostileRealms = [
  "https://evil.net/token",
  "http://registry.example.com/token",
  "http://evil.net/token",
  "https://registry.example.com.evil.net/token",
  "https://registry.example.com@evil.net/token",
  "https://evil.net#registry.example.com",
  "https://evil.net\\\\@registry.example.com/token",
  "https://evilexample.com/token",
  "//evil.net/token",
  "file:///etc/passwd",
  "https://169.254.169.254/latest/meta-data",
  "https://xn--registry-example-com.evil.net/token",
]

test.each(hostileRealms)("the password is not sent to the realm %s (S1)", async (realm) => {
  await using server = await loopbackServer((asked, response) => {
    if (!asked.path.startsWith("/v2/")) return response.end(JSON.stringify({ token: "t" }))
    return response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}"` }).end()
  })
  const send = auth({ credentials: staticCredentials(ada) })(loopbackSend(server))
  await failureOf(send(pull))
  const seen = JSON.stringify(server.asked)
  expect(seen).not.toContain(basic)
  expect(seen).not.toContain("canary-password")
})

test("the identity token is not sent to a foreign realm either (S1)", async () => {
  await using server = await loopbackServer((asked, response) => {
    if (!asked.path.startsWith("/v2/")) return response.end(JSON.stringify({ token: "t" }))
    return response.writeHead(401, { "www-authenticate": 'Bearer realm="https://evil.net/token"' }).end()
  })
  const credentials = staticCredentials({ "registry.example.com": { identityToken: "canary-token" } })
  const failure = await failureOf(auth({ credentials })(loopbackSend(server))(pull))
  expect(failure).toMatchObject({
    code: "unauthorized",
    message: "registry.example.com refused access (401)",
    hint: "the credentials for registry.example.com were not sent to its token server evil.net, which belongs to another domain",
  })
  expect(server.asked.map((asked) => asked.method)).toEqual(["GET", "GET", "GET"])
  expect(JSON.stringify(server.asked)).not.toContain("canary")
})

test("a realm on the same host gets the password, so that the tests above can fail", async () => {
  await using server = await loopbackServer(tokenProtocol(issue(), (sent) => sent === "Bearer token-1"))
  const response = await auth({ credentials: staticCredentials(ada) })(loopbackSend(server))(pull)
  expect(response.status).toBe(200)
  expect(server.asked.map((asked) => asked.headers.authorization)).toEqual([undefined, basic, "Bearer token-1"])
})

test("a realm elsewhere counts as derived", async () => {
  const origins: string[] = []
  await using server = await loopbackServer((asked, response) => {
    if (!asked.path.startsWith("/v2/")) return response.end(JSON.stringify({ token: "t" }))
    if (asked.headers.authorization) return response.end()
    return response.writeHead(401, { "www-authenticate": 'Bearer realm="https://auth.example.com/token"' }).end()
  })
  const transport = loopbackSend(server)
  const watched = (request: HttpRequest) => {
    origins.push(`${request.url.host} ${request.origin}`)
    return transport(request)
  }
  await auth()(watched)(pull)
  expect(origins).toEqual(["registry.example.com configured", "auth.example.com derived", "registry.example.com configured"])
})

test("twenty requests at once fetch one token", async () => {
  await using server = await loopbackServer(tokenProtocol(issue(), (sent) => sent === "Bearer token-1"))
  const send = auth()(loopbackSend(server))
  const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await send(pull)).status))
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(server.asked.filter(isToken).length).toBe(1)
})

test("one who leaves does not take the token from the others", async () => {
  let answer: () => void = () => undefined
  await using server = await loopbackServer(
    tokenProtocol(
      (_, response) => {
        answer = () => response.end(JSON.stringify({ token: "token-1" }))
      },
      (sent) => sent === "Bearer token-1",
    ),
  )
  const send = auth()(loopbackSend(server))
  const leaving = new AbortController()
  const gone = failureOf(send({ ...pull, signal: leaving.signal }))
  await expect.poll(() => server.asked.filter(isToken).length).toBe(1)
  const staying = send(pull)
  await expect.poll(() => server.asked.filter((asked) => !isToken(asked)).length).toBe(1)
  leaving.abort()
  expect((await gone).code).toBe("cancelled")
  answer()
  expect((await staying).status).toBe(200)
  expect(server.asked.filter(isToken).length).toBe(1)
})

test("a token is replaced in the background at 80 % of its life, and waited for after its end", async () => {
  let now = 0
  const clock: Clock = { now: () => now, sleep: async () => undefined }
  await using server = await loopbackServer(tokenProtocol(issue(), (sent) => sent.startsWith("Bearer token-")))
  const send = auth({ clock })(loopbackSend(server))
  const used = () => server.asked.filter((asked) => !isToken(asked)).at(-1)?.headers.authorization
  await send(pull)
  now = 79_000
  await send(pull)
  expect(used()).toBe("Bearer token-1")
  expect(server.asked.filter(isToken).length).toBe(1)
  now = 81_000
  await send(pull)
  expect(used()).toBe("Bearer token-1")
  await expect.poll(() => server.asked.filter(isToken).length).toBe(2)
  const usedNext = async () => {
    await send(pull)
    return used()
  }
  await expect.poll(usedNext).toBe("Bearer token-2")
  now = 200_000
  await send(pull)
  expect(used()).toBe("Bearer token-3")
})

test("a token that cannot be replaced beforehand serves to its end, without storming the token server", async () => {
  let now = 0
  let broken = false
  const clock: Clock = { now: () => now, sleep: async () => undefined }
  const ask = issue()
  await using server = await loopbackServer(
    tokenProtocol(
      (asked, response) => (broken ? response.writeHead(503).end() : ask(asked, response)),
      (sent) => sent.startsWith("Bearer token-"),
    ),
  )
  const send = auth({ clock })(loopbackSend(server))
  await send(pull)
  broken = true
  now = 81_000
  for (let index = 0; index < 5; index++) {
    expect((await send(pull)).status).toBe(200)
    await expect.poll(() => server.asked.filter(isToken).length).toBe(2)
  }
  now = 101_000
  expect(await failureOf(send(pull))).toMatchObject({ code: "server_error", status: 503 })
})

test("a token without expires_in, or with less, is good for 60 seconds", async () => {
  for (const answer of [{ token: "t" }, { token: "t", expires_in: 5 }]) {
    let now = 0
    const clock: Clock = { now: () => now, sleep: async () => undefined }
    await using server = await loopbackServer(
      tokenProtocol(
        (_, response) => response.end(JSON.stringify(answer)),
        (sent) => sent === "Bearer t",
      ),
    )
    const send = auth({ clock })(loopbackSend(server))
    await send(pull)
    now = 47_000
    await send(pull)
    expect(server.asked.filter(isToken).length).toBe(1)
    now = 61_000
    await send(pull)
    expect(server.asked.filter(isToken).length).toBe(2)
  }
})

test("a token that is refused in mid-way is replaced once (fault 13)", async () => {
  let good = "Bearer token-1"
  await using server = await loopbackServer(tokenProtocol(issue(), (sent) => sent === good))
  const send = auth()(loopbackSend(server))
  await send(pull)
  good = "Bearer token-2"
  const answers = await Promise.all([send(pull), send(pull), send(pull)])
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
  expect(server.asked.filter(isToken).length).toBe(2)
})

test("a second 401 is a matter of credentials (fault 13)", async () => {
  await using server = await loopbackServer(tokenProtocol(issue(), () => false))
  const failure = await failureOf(
    auth({ credentials: staticCredentials(ada) })(loopbackSend(server))({ ...pull, side: "source" }),
  )
  expect(failure).toMatchObject({
    code: "unauthorized",
    message: "registry.example.com refused access (401)",
    host: "registry.example.com",
    side: "source",
    status: 401,
    hint: "check user name and password for registry.example.com",
  })
  expect(server.asked.length).toBe(3)
})

test("without credentials the advice is to log in", async () => {
  await using server = await loopbackServer(
    tokenProtocol(
      (_, response) => response.writeHead(401).end(),
      () => false,
    ),
  )
  expect(await failureOf(auth()(loopbackSend(server))(pull))).toMatchObject({
    code: "unauthorized",
    message: "the token server registry.example.com refused access to registry.example.com (401)",
    hint: "log in to registry.example.com",
  })
})

test("who is known and may not is forbidden, and not asked again (fault 14)", async () => {
  await using server = await loopbackServer(
    tokenProtocol(
      (_, response) => response.writeHead(403).end(),
      () => false,
    ),
  )
  expect(await failureOf(auth({ credentials: staticCredentials(ada) })(loopbackSend(server))(pull))).toMatchObject({
    code: "forbidden",
    message: "the token server registry.example.com refused access to registry.example.com (403)",
    status: 403,
  })
  expect(server.asked.length).toBe(2)
})

test("a body that cannot be read twice ends as a broken connection that the sender can resume (fault 13)", async () => {
  await using server = await loopbackServer(tokenProtocol(issue(), () => false))
  let opened = 0
  const body = {
    ...bufferBody(Buffer.from("chunk")),
    async *open() {
      if (++opened > 1) throw new Error("already read")
      yield Buffer.from("chunk")
    },
  }
  const failure = await failureOf(auth()(loopbackSend(server))({ ...pull, method: "PATCH", body }))
  expect(failure).toMatchObject({
    code: "network",
    message: "registry.example.com asked for a fresh token in the middle of an upload",
  })
})

test("an identity token is exchanged by POST", async () => {
  await using server = await loopbackServer(tokenProtocol(issue(), (sent) => sent === "Bearer token-1"))
  const credentials = staticCredentials({ "registry.example.com": { identityToken: "long lived" } })
  await auth({ credentials })(loopbackSend(server))({ ...pull, scopes: ["repository:a:pull", "repository:b:pull"] })
  const [asked] = server.asked.filter(isToken)
  expect(asked?.method).toBe("POST")
  expect(asked?.headers["content-type"]).toBe("application/x-www-form-urlencoded")
  expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
    grant_type: "refresh_token",
    client_id: "entrepot",
    service: "registry",
    scope: "repository:a:pull repository:b:pull",
    refresh_token: "long lived",
  })
})

test.each([404, 405])("a token server that answers %i to the POST is asked by GET", async (status) => {
  const ask = issue()
  await using server = await loopbackServer(
    tokenProtocol(
      (asked, response) => (asked.method === "POST" ? response.writeHead(status).end() : ask(asked, response)),
      (sent) => sent === "Bearer token-1",
    ),
  )
  const credentials = staticCredentials({ "registry.example.com": { identityToken: "t" } })
  expect((await auth({ credentials })(loopbackSend(server))(pull)).status).toBe(200)
})

test("each scope is a parameter of its own, and what the registry asks beyond comes first", async () => {
  const accepted = (sent: string) => sent === "Bearer token-1"
  const challenge = ',scope="repository:library/app:pull repository:app:pull"'
  await using server = await loopbackServer(tokenProtocol(issue(), accepted, challenge))
  await auth()(loopbackSend(server))({ ...pull, scopes: ["repository:app:pull,push", "repository:host:5000/base:pull"] })
  const [asked] = server.asked.filter(isToken)
  expect(new URL(asked?.path ?? "", registry).searchParams.getAll("scope")).toEqual([
    "repository:library/app:pull",
    "repository:app:pull,push",
    "repository:host:5000/base:pull",
  ])
})

test("a redirect of the token server is not followed", async () => {
  await using server = await loopbackServer(
    tokenProtocol(
      (_, response) => response.writeHead(302, { location: "https://evil.net/" }).end(),
      () => false,
    ),
  )
  const send = redirects()(auth({ credentials: staticCredentials(ada) })(loopbackSend(server)))
  expect(await failureOf(send(pull))).toMatchObject({
    code: "protocol",
    message: "the token server registry.example.com answered 302 instead of a token",
  })
  expect(server.asked.some((asked) => String(asked.headers["x-url"]).includes("evil"))).toBe(false)
})

test.each([
  ["more than a mebibyte", " ".repeat(1024 * 1024 + 1), "too_large"],
  ["no JSON", "<html>", "protocol"],
  ["no token in it", "{}", "protocol"],
  ["a token with a line break", JSON.stringify({ token: "a\r\nx: y" }), "protocol"],
])("a token answer with %s is refused", async (_, answer, code) => {
  await using server = await loopbackServer(
    tokenProtocol(
      (_asked, response) => response.end(answer),
      () => false,
    ),
  )
  expect((await failureOf(auth()(loopbackSend(server))(pull))).code).toBe(code)
})

test("a realm that would leave https is refused in words", async () => {
  await using server = await loopbackServer((_, response) =>
    response.writeHead(401, { "www-authenticate": 'Bearer realm="http://registry.example.com/token"' }).end(),
  )
  expect(await failureOf(auth()(loopbackSend(server))(pull))).toMatchObject({
    code: "protocol",
    message: "registry.example.com is reached over https and names a token server over plain http",
    hint: "have the registry name its token server with https",
  })
})

test("Basic is answered with Basic, from the second request on at once", async () => {
  await using server = await loopbackServer((asked, response) =>
    asked.headers.authorization === basic
      ? response.end()
      : response.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end(),
  )
  const send = auth({ credentials: staticCredentials(ada) })(loopbackSend(server))
  expect([(await send(pull)).status, (await send(pull)).status]).toEqual([200, 200])
  expect(server.asked.map((asked) => asked.headers.authorization)).toEqual([undefined, basic, basic])
})

test("a password that was changed meanwhile is looked up again", async () => {
  const passwords = ["old", "new"]
  const current = () => `Basic ${Buffer.from(`ada:${passwords[0]}`).toString("base64")}`
  await using server = await loopbackServer((asked, response) =>
    asked.headers.authorization === current() ? response.end() : response.writeHead(401, { "www-authenticate": "Basic" }).end(),
  )
  const credentials = async (host: string) =>
    staticCredentials({ [host]: { username: "ada", password: passwords[0] ?? "" } })(host)
  const send = auth({ credentials })(loopbackSend(server))
  await send(pull)
  passwords.shift()
  expect((await send(pull)).status).toBe(200)
})

test("a request without scopes goes out as it is, and its 401 comes back as an answer", async () => {
  await using server = await loopbackServer(tokenProtocol(issue(), () => false))
  const send = auth({ credentials: staticCredentials(ada) })(loopbackSend(server))
  const { scopes: _, ...plain } = pull
  expect((await send(plain)).status).toBe(401)
  expect(server.asked.length).toBe(1)
})
